"""Every answer says which model gave it, over which one, and that it is unsafe."""

import json
from pathlib import Path

import pytest
from support.cli import answer, run
from support.models import GEARBOX_FILE, gearbox

import bayesnet

NAME = "workshop (made for version 1.1) over gearbox 1.2"
UNSAFE = "This model is unsafe: triage rule 'knocked' is removed (workshop)."
ALARM = "--smoke"


@pytest.fixture(scope="module")
def unsafe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An overlay that takes a rule away, for another version of its base."""
    file = tmp_path_factory.mktemp("overlay") / "workshop.yaml"
    rules = "triage: {rules: {knocked: null}}\nunsafe: true\n"
    file.write_text(f"extends: {GEARBOX_FILE}@1.1\n{rules}")
    return str(file)


PAGES = {
    "screen": (),
    "full": ("--full",),
    "explain": ("explain",),
    "what-if": ("what-if", "--change", "hours=9"),
}


@pytest.mark.parametrize("command", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("flag", ["--whine", ALARM])
def test_pages(command: tuple[str, ...], flag: str, unsafe: str) -> None:
    done = run(*command, "--model", unsafe, flag, COLUMNS="200")
    assert done.exit_code == 0, done.stderr
    assert NAME in done.stdout
    assert UNSAFE in done.stdout


def test_a_model_of_its_own_is_named_too_and_nothing_more_is_said() -> None:
    done = run("--model", str(GEARBOX_FILE), "--whine")
    assert "gearbox 1.2. An estimate." in done.stdout
    assert "unsafe" not in done.stdout


def test_an_emergency_stays_first_and_last(unsafe: str) -> None:
    lines = run("--model", unsafe, ALARM).stdout.splitlines()
    assert (lines[0][:9], lines[-1][:9]) == ("EMERGENCY", "EMERGENCY")
    assert len(lines) <= 12


def test_json_and_the_interview(unsafe: str, tmp_path: Path) -> None:
    model = answer("--model", unsafe, "--whine")["model"]
    base, overlay = model["origin"]
    assert (base["id"], base["version"]) == ("gearbox", "1.2")
    assert overlay == {"id": "workshop", "version": "", "made_for": "1.1"}
    assert model["unsafe"] == ["triage rule 'knocked' is removed (workshop)"]
    record = tmp_path / "record.jsonl"
    done = run("ask", "--model", unsafe, "--record", str(record), "--answers", "-",
               stdin="stop\n", COLUMNS="200")  # fmt: skip
    assert done.stdout.count(UNSAFE) == 2
    assert NAME in done.stdout
    noted = json.loads(record.read_text())
    assert [each["id"] for each in noted["origin"]] == ["gearbox", "workshop"]
    assert noted["unsafe"] == model["unsafe"]


def test_the_page_to_print(unsafe: str) -> None:
    page = bayesnet.load_model(unsafe).diagnose({"smoke": True}).to_html()
    assert NAME in page
    assert UNSAFE.replace("'", "&#39;") in page


def test_a_notebook(unsafe: str) -> None:
    assert "This model is unsafe" in bayesnet.load_model(unsafe).diagnose()._repr_html_()
    assert "unsafe" not in gearbox().diagnose()._repr_html_()


def test_a_table(unsafe: str, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    people, out = tmp_path / "people.csv", tmp_path / "out.parquet"
    people.write_text("whine\nyes\n")
    done = run("batch", str(people), "-o", str(out), "--model", unsafe)
    assert done.exit_code == 0, done.stderr
    assert f"answered by {NAME}. {UNSAFE}" in done.stderr
    found = json.loads(parquet.read_schema(out).metadata[b"lbp_infer_model"])
    assert found["unsafe"] == ["triage rule 'knocked' is removed (workshop)"]


def test_check_tells_of_it_and_of_the_other_version(unsafe: str) -> None:
    done = run("model", "check", unsafe)
    first, caution = done.stdout.splitlines()
    assert first.startswith(f"{NAME} is sound: 8 causes")
    assert first.endswith("; 1 warning")
    assert caution == UNSAFE
    assert "workshop.yaml:1:10: warning: made for" in done.stderr
    assert "the base is 1.2; write" in done.stderr


def test_show_names_it(unsafe: str) -> None:
    shown = run("model", "show", "--model", unsafe, COLUMNS="200").stdout
    assert NAME in shown
    assert UNSAFE in shown
    for option in ("--numbers", "--origin"):
        assert NAME in run("model", "show", unsafe, option, COLUMNS="200").stdout
        data = json.loads(run("model", "show", unsafe, option, "--json").stdout)
        assert data["model"] == answer("--model", unsafe)["model"]


@pytest.mark.parametrize("ending", [".svg", ".html"])
def test_a_drawing(ending: str, unsafe: str, tmp_path: Path) -> None:
    out = tmp_path / f"model{ending}"
    assert run("model", "graph", unsafe, "-o", str(out)).exit_code == 0
    drawn = out.read_text()
    assert f">{NAME}</text>" in drawn
    assert f">{UNSAFE.replace(chr(39), '&#x27;')}</text>" in drawn


def test_show_says_which_line_set_each_number(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    code = '{system: "http://shop.example", code: "7", display: Dry}'
    number = "causes:\n  dry_bushing:\n    prevalence: {value: 0.2}\n" + f"    codings: [{code}]\n"
    file.write_text(f'extends: {GEARBOX_FILE}\nsource: ["audit 2026, n=9"]\n{number}')
    shown = run(
        "model", "show", str(file), "dry_bushing", "--origin", COLUMNS="200"
    ).stdout.splitlines()
    assert shown[0] == "Where each number is set  shop over gearbox 1.2"
    assert shown[2:4] == [str(file), "  5  dry_bushing.prevalence  20 %"]
    assert any(line.endswith("gearbox/causes.yaml") for line in shown)
    assert shown[-2:] == ["Codes", f"  {file}:6  dry_bushing 7  Dry"]
    found = json.loads(run("model", "show", str(file), "--origin", "--json").stdout)
    places = {each["name"]: (each["file"], each["line"]) for each in found["numbers"]}
    assert places["dry_bushing.prevalence"] == (str(file), 5)
    assert places["worn_bearing.prevalence"][0].endswith("causes.yaml")
    codes = {each["code"]: (each["file"], each["line"]) for each in found["codings"]}
    assert codes["7"] == (str(file), 6)
    assert codes["B7"][0].endswith("causes.yaml")
    assert run("model", "show", str(file), "--origin", "--numbers").exit_code == 2
