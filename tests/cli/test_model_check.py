"""`lbp-infer model check`: mistakes, and apart from them warnings, for people and for editors."""

import json
from pathlib import Path

import pytest
from support.cli import run
from support.reader import MODEL, changed

pytestmark = pytest.mark.usefixtures("in_folder")

DOUBT = ("Jones 2001, J Gears", "Jones, J Gears")
MISTAKE = ("derived_from: heat", "derived_from: heats")


def check(text: str, *args: str):
    Path("m.yaml").write_text(text, encoding="utf-8")
    return run("model", "check", "m.yaml", *args)


def test_a_sound_model_is_summed_up_on_one_line():
    done = check(MODEL)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("gearbox 1 is sound: 2 causes, 3 findings")
    assert done.stdout.count("\n") == 1


def test_warnings_stand_apart_and_hinder_nothing():
    done = check(changed(DOUBT))
    assert done.exit_code == 0
    assert done.stdout.endswith("; 1 warning\n")
    assert done.stderr.startswith("m.yaml:")
    assert ": warning: this citation names no year" in done.stderr


def test_mistakes_come_last_and_end_with_3():
    done = check(changed(DOUBT, MISTAKE))
    assert (done.exit_code, done.stdout) == (3, "")
    warning, mistake = done.stderr.splitlines()
    assert "warning" in warning
    assert "'heats'" in mistake
    assert "warning" not in mistake


def test_editors_get_all_of_it_as_json():
    found = check(changed(DOUBT, MISTAKE), "--json")
    assert (found.exit_code, found.stderr) == (3, "")
    mistake, warning = json.loads(found.stdout)
    assert (mistake["severity"], mistake["file"], mistake["remedy"]) == ("error", "m.yaml", None)
    assert warning["severity"] == "warning"
    assert warning["line"] > mistake["line"] > 1
    assert warning["column"] > 1
    assert "add the year" in warning["remedy"]
    assert json.loads(check(MODEL, "--json").stdout) == []


def test_while_there_are_mistakes_nothing_is_told_that_they_bring_about():
    # Without its rows' right name no finding would show the cause.
    done = check(changed(("worn_bearing: {value: 0.7", "worn_baring: {value: 0.7")), "--json")
    assert [each["severity"] for each in json.loads(done.stdout)] == ["error"]


def test_a_condition_with_too_many_ways_is_not_searched_for_ever():
    part = "{count: 5, of: [" + ", ".join(["{finding: hum}"] * 20) + "]}"
    rule = (
        f"  rules:\n    seizing:\n      level: emergency\n      when: {{all: [{part}, {part}]}}\n"
    )
    text = changed(
        (
            "  rules:\n",
            rule.replace("seizing", "extra") + "      reason: R.\n      source: [fig-1]\n",
        )
    )
    assert check(text).stderr == ""


def overlay(text: str, base: str = MODEL):
    Path("m.yaml").write_text(base, encoding="utf-8")
    head = "extends: m.yaml\nsource: [workshop audit 2026]\n"
    Path("over.yaml").write_text(head + text, encoding="utf-8")
    return run("model", "check", "over.yaml")


def test_warnings_of_what_an_overlay_extends_are_counted_on_one_line():
    done = overlay("causes: {worn_bearing: {label: Old bearing}}\n", changed(DOUBT))
    assert done.exit_code == 0
    assert done.stderr == (
        "1 warning of what it extends; see them by: lbp-infer model check m.yaml\n"
    )
    assert done.stdout.endswith("published figures\n")


def test_an_overlay_is_warned_of_what_it_causes_wherever_that_shows():
    done = overlay("shared: {vibration: {causes: {cracked_gear: null}}}\n", changed(DOUBT))
    own, base = done.stderr.splitlines()
    assert own.startswith("m.yaml:")
    assert "no finding shows 'cracked_gear'" in own
    assert base.startswith("1 warning of what it extends;")
    assert done.stdout.endswith("; 1 warning\n")


def test_an_overlay_that_changes_what_is_doubtful_has_it_told():
    done = overlay('evidence: {fig-2: {citation: "Jones, J Wheels"}}\n', changed(DOUBT))
    assert "over.yaml:3:" in done.stderr
    assert "names no year" in done.stderr
    assert "of what it extends" not in done.stderr


def test_while_an_overlay_has_mistakes_those_of_its_base_are_not_told_with_them():
    done = overlay("causes: {worn_baring: {label: Old bearing}}\n", changed(DOUBT))
    assert done.exit_code == 3
    assert "names no year" not in done.stderr
    assert "worn_baring" in done.stderr


def test_the_command_for_the_base_works_from_where_one_stands():
    Path("kept").mkdir()
    Path("kept/m.yaml").write_text(changed(DOUBT), encoding="utf-8")
    Path("kept/over.yaml").write_text("extends: m.yaml\n", encoding="utf-8")
    said = run("model", "check", "kept/over.yaml").stderr.strip()
    words = said.rpartition("lbp-infer ")[2].split()
    assert ": warning: this citation names no year" in run(*words).stderr
