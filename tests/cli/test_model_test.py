"""`lbp-infer model test`: the page, the JSON and the HTML of a table of cases, and bad tables."""

import io
import json
import sys

import pytest
from jsonschema import Draft202012Validator
from support.cli import run
from support.html_pages import whole_and_accessible
from support.models import GEARBOX_FILE, gearbox

MODEL = str(GEARBOX_FILE)
CAUSES = gearbox().description.causes
FIRST = f"true_{next(iter(CAUSES))}"


@pytest.fixture(scope="module")
def cars(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Cars drawn from the gearbox, a line each."""
    path = tmp_path_factory.mktemp("cars") / "cars.ndjson"
    assert run("model", "simulate", MODEL, "-n", "120", "-o", str(path)).exit_code == 0
    return str(path)


def try_on(*args: str):
    return run("model", "test", MODEL, *args)


def written(tmp_path, text, name="cases.csv"):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / name)


def test_the_page_says_what_was_tested_and_fits_the_screen(cars):
    done = try_on(cars)
    assert (done.exit_code, done.stderr) == (0, "")
    for words in ("gearbox 1.2, tested on 120 cases", "How often it is right", "Most surprising"):
        assert words in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    for cause in CAUSES.values():
        assert cause.label.split()[0] in done.stdout
    full = try_on(cars, "--full").stdout
    assert full.count("right when said") == len(CAUSES)
    assert full.startswith(done.stdout.partition("\nCauses\n")[0])


def test_what_is_written_is_what_the_schema_says(cars):
    data = json.loads(try_on(cars, "--json").stdout)
    schema = json.loads(run("schema", "test").stdout)
    Draft202012Validator(schema).validate(data)
    assert set(data) == set(schema["properties"])
    assert [each["id"] for each in data["causes"]] == list(CAUSES)
    assert data["model"]["sha256"] == gearbox().compiled.sha256


def test_the_html_is_whole_and_every_drawing_has_its_table(cars, tmp_path):
    pytest.importorskip("jinja2")
    page = tmp_path / "test.html"
    done = try_on(cars, "--html", str(page))
    assert (done.exit_code, done.stdout) == (0, "")
    text = page.read_text(encoding="utf-8")
    names = whole_and_accessible(text)
    assert names["svg"] >= len(CAUSES) + 1
    assert text.count("the same as in the table") == names["svg"]
    for cause in CAUSES.values():
        assert f"Calibration of {cause.label}" in text


def test_a_page_that_cannot_be_written_is_refused_before_the_cases_are_read(tmp_path):
    done = try_on(str(tmp_path / "nowhere.csv"), "--html", str(tmp_path / "no" / "page.html"))
    assert done.exit_code == 2
    assert "page.html" in done.stderr


def test_a_table_may_come_from_stdin_and_the_model_be_the_default(cars, monkeypatch):
    with open(cars, "rb") as stream:
        content = stream.read()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    monkeypatch.setenv("LBP_INFER_MODEL", MODEL)
    done = run("model", "test", "-", stdin=content.decode())
    assert done.exit_code == 0
    assert done.stdout == try_on(cars).stdout


def test_an_overlay_is_named(cars, tmp_path):
    path = written(
        tmp_path,
        f'extends: "{MODEL}"\nsource: [workshop audit 2026]\n'
        "causes: {loose_bolt: {prevalence: {value: 0.08}}}\n",
        "workshop.yaml",
    )
    done = run("model", "test", path, cars)
    assert done.stdout.startswith("workshop over gearbox 1.2, tested on")


def test_rows_that_cannot_be_used_are_named_and_the_others_tested(tmp_path):
    rows = [
        "a,yes,floor,,yes",
        "b,maybe,floor,,no",
        "c,no,none,yes,no",
        "d,no,floor,,perhaps",
        "e,no,seat,,",
        "f,no,seat,,no",
        "g,no",
    ]
    path = written(tmp_path, "\n".join([f"id,whine,felt_at,felt,{FIRST}", *rows]) + "\n")
    done = try_on(path, "--keep", "id")
    assert done.exit_code == 5
    shown = " ".join(done.stdout.split())
    assert "Left out of 7 rows: 4 in error, 1 of which nothing is known" in shown
    for said in ("row 2 (id b): 'whine' is 'maybe'", "row 3 (id c)", "row 4 (id d)", "row 7"):
        assert said in shown
    assert "row 1 id a" in shown
    assert "4 of 7 rows with errors (first: row 2:" in done.stderr
    data = json.loads(try_on(path, "--keep", "id", "--json").stdout)
    assert [each["row"] for each in data["errors"]] == [2, 3, 4, 7]
    assert (data["rows"], data["scored"], data["nothing_known"]) == (7, 2, 1)


def test_rows_keep_their_numbers_however_few_are_read_at_once(tmp_path, monkeypatch):
    path = written(tmp_path, f"id,whine,{FIRST}\na,no,no\nb,?,no\nc,no,yes\nd,yes,no\ne,?,no\n")
    whole = try_on(path, "--keep", "id", "--json")
    monkeypatch.setattr("lbp_infer.files.confirmed_cases.AT_ONCE", 2)
    parted = try_on(path, "--keep", "id", "--json")
    assert parted.stdout == whole.stdout
    data = json.loads(parted.stdout)
    assert [(each["row"], each["kept"]["id"]) for each in data["errors"]] == [(2, "b"), (5, "e")]
    assert {(each["row"], each["kept"]["id"]) for each in data["surprises"]} == {
        (1, "a"),
        (3, "c"),
        (4, "d"),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"whine,confirmed,{FIRST}\nyes,x,yes\n", "'confirmed'"),
        ("whine,true_rust\nyes,yes\n", "'true_rust'"),
        (f"whine,{FIRST[:-1]}\nyes,yes\n", f"did you mean '{FIRST}'"),
        ("whine\nyes\n", "no column says what was confirmed"),
        ("", "cases.csv"),
        (f"whine,{FIRST}\n", "holds no case"),
        (f"whine,{FIRST}\nyes,\n", "none that can be used says yes or no"),
        (f"whine,{FIRST}\nmaybe,yes\n", "the first row in error is row 1: 'whine'"),
    ],
)
def test_tables_that_say_nothing_are_refused(tmp_path, text, said):
    done = try_on(written(tmp_path, text))
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_cause_of_no_model_may_be_kept(tmp_path):
    path = written(tmp_path, f"whine,true_rust,{FIRST}\nyes,yes,no\nno,no,yes\n")
    done = try_on(path, "--keep", "true_rust")
    assert done.exit_code == 0
    assert "true_rust yes" in done.stdout


def test_a_table_is_wanted_and_one_alone(cars):
    assert run("model", "test").exit_code == 2
    assert run("model", "test", MODEL, cars, cars).exit_code == 2
    assert run("model", "test", MODEL, "nowhere.csv").exit_code == 2
