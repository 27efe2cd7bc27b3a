"""`lbp-infer model fit`: what it writes, what it says, and what it refuses before or after."""

import csv
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.cli import run
from support.paths import ROOT

import bayesnet
from bayesnet.model.lookup.sources import sourced_numbers
from bayesnet.tuning.differences import changed_numbers

LAMP = ROOT / "bayesnet" / "model" / "starting" / "model.yaml"


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    """A model file of one's own, and a table of cases drawn from it, cases.csv."""
    model = tmp_path / "lamp.yaml"
    shutil.copy(LAMP, model)
    done = run("model", "simulate", str(model), "-n", "60", "-o", str(tmp_path / "cases.csv"))
    assert done.exit_code == 0
    return model


def fitted(lamp: Path, *more: str, cases: str = "cases.csv", out: str = "fitted.yaml"):
    folder = lamp.parent
    held_out = () if "--held-out" in more else ("--held-out", "0")
    return run(
        *("model", "fit", str(lamp), str(folder / cases), "-o", str(folder / out)),
        *(*held_out, *more),
    )


def with_cases(lamp: Path, change) -> None:
    """Change the table of cases, a list of {column: cell}."""
    path = lamp.parent / "cases.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = change(list(csv.DictReader(file)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_it_writes_an_overlay_of_what_moved_with_where_each_was_from(lamp):
    done = fitted(lamp, "--source", "audit of our lamps, 2026", "--prevalences-only")

    assert done.exit_code == 0, done.output
    out = lamp.parent / "fitted.yaml"
    before, after = bayesnet.load_model(str(lamp)), bayesnet.load_model(str(out))
    changed = changed_numbers(before.description, after.description)
    assert {each.name for each in changed} >= {"bulb.prevalence", "no_power.prevalence"}
    assert all(each.name.endswith(".prevalence") for each in changed)
    for each in changed:
        assert each.after.sources[0] == "fitted to 60 cases: audit of our lamps, 2026"
        assert "before the fit, from expert judgement" in each.after.why
        assert each.after.grade == "adapted"
        assert each.after.interval != each.before.interval
    assert "extends: lamp.yaml" in out.read_text(encoding="utf-8")
    assert run("model", "check", str(out)).exit_code == 0
    assert "bulb.prevalence" in done.output


def test_what_it_did_is_data_too(lamp):
    with_cases(lamp, lambda rows: [*rows[:2], {**rows[2], "glass": "purple"}, *rows[3:]])
    done = fitted(lamp, "--prevalences-only", "--json", "--held-out", "0.2")
    assert done.exit_code == 5
    told = json.loads(done.stdout)
    Draft202012Validator(json.loads(run("schema", "fit").stdout)).validate(told)
    assert (told["cases"], [each["row"] for each in told["left_out"]]) == (59, [3])
    assert told["written"] == str(lamp.parent / "fitted.yaml")
    assert told["held_out"]["cases"] > 0
    after = bayesnet.load_model(told["written"]).description
    for each in told["numbers"]:
        assert each["name"] == f"{each['path'][1]}.prevalence"
        assert each["after"]["value"] == after.causes[each["path"][1]].prevalence.value
    assert told["climbed"] == sorted(told["climbed"])


def test_rows_and_shares_are_written_so_that_they_are_read_again(lamp):
    assert fitted(lamp).exit_code == 0
    out = lamp.parent / "fitted.yaml"
    text = out.read_text(encoding="utf-8")
    assert "- factor: old_bulb" in text
    assert "sample_size:" in text
    fresh = [
        path
        for path, number in sourced_numbers(bayesnet.load_model(str(out)).description)
        if number.source[0].startswith("fitted to")
    ]
    assert ("causes", "bulb", "risk_factors", 0) in fresh
    assert ("findings", "glass", "background") in fresh
    assert max(map(len, text.splitlines())) <= 120


def test_a_shipped_model_is_extended_by_its_name_and_version(tmp_path):
    cases, out = tmp_path / "cars.csv", tmp_path / "cars.yaml"
    assert run("model", "simulate", "car-start", "-n", "6", "-o", str(cases)).exit_code == 0
    done = run("model", "fit", "car-start", str(cases), "-o", str(out), "--prevalences-only")
    assert done.exit_code == 0, done.output
    version = bayesnet.load_model("car-start").description.model.version
    assert f"extends: car-start@{version}" in out.read_text(encoding="utf-8")
    assert "too few cases" in done.output


def test_a_file_that_is_there_is_never_touched(lamp):
    out = lamp.parent / "fitted.yaml"
    out.write_text("mine", encoding="utf-8")
    done = fitted(lamp)
    assert done.exit_code == 2
    assert "is there already" in done.stderr
    assert out.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("out", "said"), [("fitted.txt", "end it in .yaml"), ("no/such/x.yaml", "make its folder")]
)
def test_a_name_that_cannot_be_written_is_refused_before_anything_is_read(lamp, out, said):
    done = fitted(lamp, cases="missing.csv", out=out)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_source_that_nobody_could_find_is_refused_before_anything_is_read(lamp):
    done = fitted(lamp, "--source", "audit", cases="none.csv")
    assert done.exit_code == 2
    assert "--source 'audit': add its year or a link" in done.stderr
    assert not (lamp.parent / "fitted.yaml").exists()


def test_rows_that_cannot_be_used_are_named_and_left_out(lamp):
    with_cases(lamp, lambda rows: [*rows[:2], {**rows[2], "glass": "purple"}, *rows[3:]])
    done = fitted(lamp, "--prevalences-only")
    assert done.exit_code == 5
    assert "case 3 is left out" in done.stderr
    assert "fitted to 59 cases; 1 left out" in done.output
    assert (lamp.parent / "fitted.yaml").exists()


def test_a_case_that_the_model_says_cannot_be_is_named(lamp):
    text = lamp.read_text(encoding="utf-8")
    old = '{value: 0.02, interval: [0.005, 0.06], source: [expert judgement], why: "by chance"}'
    sure = '{value: 0, sample_size: 5, source: [expert judgement], why: "never"}'
    assert old in text
    lamp.write_text(text.replace(old, sure), encoding="utf-8")

    cannot = {"others_dark": "yes", "true_no_power": "no"}
    with_cases(lamp, lambda rows: [{**rows[0], **cannot}, *rows[1:]])
    done = fitted(lamp, "--prevalences-only")
    assert done.exit_code == 5
    assert "case 1 is left out" in done.stderr
    assert "impossible" in done.stderr


def test_an_unknown_column_is_refused_with_the_nearest_names(lamp):
    path = lamp.parent / "cases.csv"
    path.write_text("glas,true_bulb\nclear,yes\n", encoding="utf-8")
    done = fitted(lamp)
    assert done.exit_code == 2
    assert "did you mean 'glass'" in done.stderr
    assert not (lamp.parent / "fitted.yaml").exists()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("clear,yes\ngrey,yes\n", "every case has 'bulb'"),
        ("clear,no\ngrey,\n", "no case has a confirmed cause"),
        ("purple,yes\n", "no case can be used"),
        ("", "holds no case"),
    ],
)
def test_cases_that_nothing_can_be_learned_from_are_refused(lamp, rows, said):
    path = lamp.parent / "cases.csv"
    path.write_text(f"glass,true_bulb\n{rows}", encoding="utf-8")
    done = fitted(lamp)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not (lamp.parent / "fitted.yaml").exists()


def test_a_cause_that_was_never_seen_is_told_and_stays(lamp):
    with_cases(lamp, lambda rows: [row for row in rows if row["true_bad_lead"] == "no"])
    done = fitted(lamp, "--prevalences-only")
    assert done.exit_code == 0
    assert "Seen in no case" in done.output
    assert "Broken lead" in done.output
    assert "bad_lead" not in (lamp.parent / "fitted.yaml").read_text(encoding="utf-8")


def test_a_fit_that_foretells_worse_is_refused_unless_told_otherwise(lamp, monkeypatch):
    from bayesnet.tuning.fitting.held_out import HeldOut

    monkeypatch.setattr(
        "bayesnet.tuning.fitting.fit.held_out", lambda *_: HeldOut(12, 1.0, 1.5, 0.1)
    )
    done = fitted(lamp, "--prevalences-only", "--held-out", "0.2")
    assert done.exit_code == 2
    assert "worse by 0.500" in done.output
    assert "nothing is written" in done.stderr
    assert not (lamp.parent / "fitted.yaml").exists()

    told = fitted(lamp, "--prevalences-only", "--held-out", "0.2", "--even-if-worse")
    assert told.exit_code == 0
    assert (lamp.parent / "fitted.yaml").exists()


def test_what_takes_too_long_ends_and_writes_nothing(lamp):
    done = fitted(lamp, "--max-minutes", "0.000001")
    assert done.exit_code == 1
    assert "nothing is written" in done.stderr
    assert not (lamp.parent / "fitted.yaml").exists()


def test_a_disk_that_is_full_leaves_no_part_of_a_file(lamp, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    done = fitted(lamp, "--prevalences-only")
    assert done.exit_code == 1
    assert "No space left" in done.stderr
    assert sorted(path.name for path in lamp.parent.iterdir()) == ["cases.csv", "lamp.yaml"]


def test_the_example_of_the_page_runs_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "fitting.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    commands = [shlex.split(line) for line in block.splitlines()]
    assert [words[2] for words in commands] == ["simulate", "fit", "check", "diff"]
    for words in commands[:-1]:
        done = run(*words[1:])
        assert done.exit_code == 0, done.output
    assert "fitted to 40 cases: workshop, audit of 2026" in Path("workshop.yaml").read_text()
