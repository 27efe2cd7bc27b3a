"""`lbp-infer model diff`: the page, the JSON, and what stops a pull request."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.cli import run
from support.models import GEARBOX_FILE

BASE = str(GEARBOX_FILE)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An overlay with more loose bolts, by a source of its own."""
    path = tmp_path_factory.mktemp("diff") / "workshop.yaml"
    path.write_text(
        f'extends: "{BASE}"\nsource: [workshop audit 2026]\n'
        "causes: {loose_bolt: {label: Lost bolt, prevalence: {value: 0.08}}}\n"
    )
    return str(path)


def test_the_page_ends_with_the_verdict(workshop: str):
    done = run("model", "diff", BASE, workshop)
    assert (done.exit_code, done.stderr) == (0, "")
    for words in (
        "workshop over gearbox 1.2",
        "loose_bolt.prevalence: 3 % (1.2 % to 7 %) -> 8 %",
        "before: expert judgement: rare, and mostly after a repair",
        "after: workshop audit 2026",
        "causes.loose_bolt.label (changed)",
        "URGENCY LOWERED: 0",
        "Lost bolt",
    ):
        assert words in done.stdout
    verdict = done.stdout.partition("\nVerdict\n")[2]
    assert " ".join(verdict.split()).startswith("1 number and ")


def test_what_is_written_is_what_the_schema_says(workshop: str):
    written = json.loads(run("model", "diff", BASE, workshop, "--json").stdout)
    schema = json.loads(run("schema", "diff").stdout)
    Draft202012Validator(schema).validate(written)
    assert set(written) == set(schema["properties"])
    assert written["numbers"][0]["name"] == "loose_bolt.prevalence"


def test_a_lowered_urgency_fails_where_that_is_asked(workshop: str):
    there = run("model", "diff", BASE, workshop, "--fail-on", "triage")
    back = run("model", "diff", workshop, BASE, "--fail-on", "triage")
    assert (there.exit_code, back.exit_code) == (0, 1)
    assert "URGENCY LOWERED: 0" not in back.stdout


def test_who_cannot_be_compared_fails_it_too(tmp_path: Path):
    path = tmp_path / "never.yaml"
    path.write_text(
        f'extends: "{BASE}"\nsource: [workshop audit 2026]\n'
        "risk_factors: {recent_repair: {frequency: {value: 0, interval: [0, 0.01]}}}\n"
    )
    done = run("model", "diff", BASE, str(path), "--json", "--fail-on", "triage")
    counts = json.loads(done.stdout)["counts"]
    assert counts["not_compared"] > 0
    assert counts["urgency_lowered"] == 0
    assert done.exit_code == 1


def test_a_model_and_itself():
    done = run("model", "diff", BASE, BASE, "--fail-on", "triage")
    assert done.exit_code == 0
    assert done.stdout.endswith("Nothing differs.\n")


def test_a_model_with_mistakes_is_told_with_its_place(tmp_path: Path):
    path = tmp_path / "broken.yaml"
    path.write_text(f'extends: "{BASE}"\ncauses: {{loose_bold: {{prevalence: {{value: 0.2}}}}}}\n')
    done = run("model", "diff", BASE, str(path))
    assert (done.exit_code, done.stdout) == (3, "")
    assert "broken.yaml:2:" in done.stderr


def test_as_many_are_drawn_as_are_asked_for(workshop: str):
    done = run("model", "diff", BASE, workshop, "--json", "--people", "7")
    assert json.loads(done.stdout)["by_kind"]["drawn"]["compared"] == 7
    none = run("model", "diff", BASE, workshop, "--json", "--people", "0")
    assert "drawn" not in json.loads(none.stdout)["by_kind"]
    assert run("model", "diff", BASE, workshop, "--people", "5000").exit_code == 2


def test_what_is_asked_first_is_shown(tmp_path: Path):
    path = tmp_path / "dear.yaml"
    path.write_text(f'extends: "{BASE}"\nfindings: {{getting_worse: {{asked: {{cost: 50}}}}}}\n')
    page = run("model", "diff", BASE, str(path), "--people", "0").stdout
    asked = page.partition("\nAsked first\n")[2].partition("\nVerdict\n")[0]
    assert "Other for 6 of 6 kinds of people who deny every screen" in asked
    assert "Louder by the day" in asked
