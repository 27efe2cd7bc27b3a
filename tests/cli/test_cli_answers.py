"""What the command answers: evidence by flag, by id and by case file, and the reasons for it."""

import json
import re

import pytest
from support.cli import GEARBOX_FLAGS, answer, run
from support.models import BEARING, gearbox

pytestmark = pytest.mark.usefixtures("gearbox_by_default")


def test_flags_are_the_evidence_whatever_their_order():
    first = answer(*GEARBOX_FLAGS)
    assert {item["id"]: item["value"] for item in first["evidence"]} == BEARING
    turned = ("--hours", "4000", "--felt-at", "floor", *GEARBOX_FLAGS[3::-1])
    assert answer(*turned) == first


def test_json_is_the_report_of_the_python_interface():
    expected = json.loads(json.dumps(gearbox().diagnose(BEARING).to_dict()))
    found = answer(*GEARBOX_FLAGS)
    for each in ("causes", "triage", "pathway", "explanation", "next_question"):
        assert found[each] == expected[each], each


def test_without_evidence_the_prevalences_and_a_first_question():
    found = answer()
    assert found["evidence"] == []
    assert found["next_question"]["text"]
    for cause in found["causes"]:
        assert cause["probability"] == pytest.approx(cause["prior"], abs=1e-6)


def test_by_id_and_by_case_file_say_the_same_as_flags(tmp_path):
    expected = answer("--squeal-cold", "--no-creak-turning", "--unknown", "rattle_idle")
    by_id = ("--present", "squeal_cold", "--absent", "creak_turning", "--unknown", "rattle_idle")
    assert answer(*by_id) == expected
    case = {"squeal_cold": True, "creak_turning": False, "rattle_idle": None}
    for name, text in {
        "case.json": json.dumps(case),
        "nested.json": json.dumps({"note": ["any"], "evidence": case}),
        "case.yaml": "squeal_cold: true\ncreak_turning: no\nrattle_idle: null\n",
        "nested.yaml": "evidence:\n  squeal_cold: yes\n  creak_turning: false\n  rattle_idle: ~\n",
    }.items():
        path = tmp_path / name
        path.write_text(text)
        assert answer("--case", str(path)) == expected, name
        assert answer("--case", "-", stdin=text) == expected, name


def test_flags_and_case_file_combine(tmp_path):
    found = answer("--case", "-", "--squeal-cold", stdin='{"hours": 42, "felt_at": "seat"}')
    assert {item["id"] for item in found["evidence"]} == {"hours", "felt_at", "squeal_cold"}


def test_unknown_is_not_absent_and_is_not_asked_again():
    first = answer()
    asked = first["next_question"]["id"]
    found = answer("--unknown", asked)
    assert found["causes"] == first["causes"]
    assert asked not in {each["id"] for each in found["questions"]}
    assert found["evidence"][0]["value"] is None


def test_saying_the_same_twice_is_no_contradiction():
    once = answer("--squeal-cold")
    assert answer("--squeal-cold", "--squeal-cold", "--present", "squeal_cold") == once


def test_explain_gives_weights_with_sources():
    shown = run("explain", *GEARBOX_FLAGS)
    assert shown.exit_code == 0
    weight = r"speaks [a-z ]+ for it +Whine on driving off: yes +adapted +bearing-006"
    assert re.search(weight, shown.stdout)
    assert shown.stdout.startswith("ROUTINE")
    assert "against it" in shown.stdout
    technical = run("explain", "--audience", "clinician", *GEARBOX_FLAGS).stdout
    assert re.search(r"\+\d+\.\d +Whine on driving off: yes +adapted +bearing-006", technical)
    assert "bearing-006: " in shown.stdout
    as_json = json.loads(run("explain", "--json", *GEARBOX_FLAGS).stdout)
    turned = json.loads(run("--json", *GEARBOX_FLAGS, "explain").stdout)
    assert as_json["explanation"] == turned["explanation"]
    assert "Most likely together" in shown.stdout
    for cause in as_json["reasoning"]["causes"]:
        added = sum(each["decibans"] for each in cause["contributions"])
        assert cause["before"] + added == pytest.approx(cause["after"], abs=1e-9)
