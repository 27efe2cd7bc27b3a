"""What the command answers: evidence by flag, by id and by case file, and the reasons for it."""

import json
import re

import pytest
from support.cli import FLAGS, SAME, answer, run


def test_flags_are_the_evidence_whatever_their_order():
    first = answer(*FLAGS)
    assert {item["id"]: item["value"] for item in first["evidence"]} == SAME
    turned = ("--age", "42", "--referral", "buttock", *FLAGS[3::-1])
    assert answer(*turned) == first


def test_json_is_the_report_of_the_python_interface(model):
    expected = json.loads(json.dumps(model.diagnose(SAME).to_dict()))
    found = answer(*FLAGS)
    for each in ("causes", "triage", "pathway", "explanation", "next_question"):
        assert found[each] == expected[each], each


def test_without_evidence_the_prevalences_and_a_first_question(model):
    found = answer()
    assert found["evidence"] == []
    assert found["next_question"]["text"]
    for cause in found["causes"]:
        assert cause["probability"] == pytest.approx(cause["prior"], abs=1e-6)


def test_by_id_and_by_case_file_say_the_same_as_flags(tmp_path):
    expected = answer("--coughing", "--no-twisting", "--unknown", "spasm")
    by_id = ("--present", "coughing", "--absent", "twisting", "--unknown", "spasm")
    assert answer(*by_id) == expected
    case = {"coughing": True, "twisting": False, "spasm": None}
    for name, text in {
        "case.json": json.dumps(case),
        "nested.json": json.dumps({"note": ["any"], "evidence": case}),
        "case.yaml": "coughing: true\ntwisting: no\nspasm: null\n",
        "nested.yaml": "id: x\nevidence:\n  coughing: yes\n  twisting: false\n  spasm: ~\n",
    }.items():
        path = tmp_path / name
        path.write_text(text)
        assert answer("--case", str(path)) == expected, name
        assert answer("--case", "-", stdin=text) == expected, name


def test_flags_and_case_file_combine(tmp_path):
    found = answer("--case", "-", "--coughing", stdin='{"age": 42, "referral": "foot"}')
    assert {item["id"] for item in found["evidence"]} == {"age", "referral", "coughing"}


def test_unknown_is_not_absent_and_is_not_asked_again():
    first = answer()
    asked = first["next_question"]["id"]
    found = answer("--unknown", asked)
    assert found["causes"] == first["causes"]
    assert asked not in {each["id"] for each in found["questions"]}
    assert found["evidence"][0]["value"] is None


def test_saying_the_same_twice_is_no_contradiction():
    once = answer("--coughing")
    assert answer("--coughing", "--coughing", "--present", "coughing") == once


def test_explain_gives_weights_with_sources():
    shown = run("explain", *FLAGS)
    assert shown.exit_code == 0
    assert re.search(
        r"\+\d+\.\d +Pain on leaning back: yes +(published|adapted) +facet-019", shown.stdout
    )
    assert "Against" in shown.stdout
    assert "facet-019: " in shown.stdout
    as_json = json.loads(run("explain", "--json", *FLAGS).stdout)
    assert (
        as_json["explanation"] == json.loads(run("--json", *FLAGS, "explain").stdout)["explanation"]
    )
