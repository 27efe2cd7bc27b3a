"""`lbp-infer model simulate`: people drawn from a model, in every format, and diagnosed again."""

import csv
import json

import pytest
from pyarrow import parquet
from support.cli import run
from support.models import GEARBOX_FILE, gearbox

MODEL = str(GEARBOX_FILE)


def simulate(path, *more: str):
    return run("model", "simulate", MODEL, "-n", "30", "--seed", "5", "-o", str(path), *more)


def test_every_format_holds_the_same_people(tmp_path):
    for ending in ("csv", "ndjson", "parquet"):
        assert simulate(tmp_path / f"people.{ending}").exit_code == 0
    with open(tmp_path / "people.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    lines = (tmp_path / "people.ndjson").read_text(encoding="utf-8").splitlines()
    assert rows == [json.loads(line) for line in lines]
    assert rows == parquet.read_table(tmp_path / "people.parquet").to_pylist()
    assert len(rows) == 30
    assert {row[f"true_{cause}"] for row in rows for cause in gearbox().description.causes} == {
        "yes",
        "no",
    }


def test_the_seed_decides_and_the_model_may_be_the_default(tmp_path):
    first, again = tmp_path / "first.csv", tmp_path / "again.csv"
    assert simulate(first).exit_code == 0
    words = ("model", "simulate", "-n", "30", "--seed", "5", "-o", str(again))
    assert run(*words, LBP_INFER_MODEL=MODEL).exit_code == 0
    assert first.read_bytes() == again.read_bytes()
    assert run("model", "simulate", MODEL, "-n", "30", "-o", str(again)).exit_code == 0
    assert first.read_bytes() != again.read_bytes()


@pytest.mark.parametrize("audience", ["self", "clinician"])
def test_batch_takes_it_as_it_is_and_passes_the_truth_through(tmp_path, audience):
    people, out = tmp_path / "people.ndjson", tmp_path / "out.ndjson"
    assert simulate(people, "--audience", audience).exit_code == 0
    done = run("--model", MODEL, "batch", str(people), "-o", str(out), "--audience", audience)
    assert done.exit_code == 0
    before = [json.loads(line) for line in people.read_text(encoding="utf-8").splitlines()]
    after = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    for cause in gearbox().description.causes:
        truth = f"true_{cause}"
        assert [row[truth] for row in after] == [row[truth] for row in before]
        assert all(0 <= row[cause] <= 1 for row in after)


def test_a_truth_about_no_cause_is_refused_as_any_other_column(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("true_rust\nyes\n", encoding="utf-8")
    done = run("--model", MODEL, "batch", str(people), "-o", str(tmp_path / "out.csv"))
    assert done.exit_code == 2
    assert "true_rust" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-n", "0", "-o", "people.csv"), "0"),
        (("-n", "5", "-o", "people.txt"), ".csv, .ndjson"),
        (("-n", "5"), "--out"),
        (("-n", "5", "-o", "no/such/folder/people.csv"), "cannot write"),
    ],
)
def test_what_cannot_be_done_is_said(words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("model", "simulate", MODEL, *words)
    assert done.exit_code == 2
    assert told in done.stderr
    assert not list(tmp_path.iterdir())
