"""`--case` with a QuestionnaireResponse of FHIR: what is used, what is not, what is refused."""

import json

import pytest
from lbp_fhir import next_question, write_response
from support.cli import GEARBOX_FLAGS, answer, refused, run
from support.fhir import NOW, start
from support.models import BEARING, gearbox

pytestmark = pytest.mark.usefixtures("gearbox_by_default")
NO = {"system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "N", "display": "No"}


def response(*items, **more):
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": "http://example.org/Questionnaire/workshop-intake",
        "authored": "2026-02-03T09:00:00Z",
        "item": list(items),
        **more,
    }


INTAKE = (
    {"linkId": "whine", "text": "Does it whine?", "answer": [{"valueBoolean": True}]},
    {"linkId": "squeal_cold", "answer": [{"valueCoding": NO}]},
    {"linkId": "felt_at", "answer": [{"valueString": "floor"}]},
    {"linkId": "hours", "answer": [{"valueInteger": 4000}]},
)
AS_FLAGS = ("--whine", "--no-squeal-cold", "--felt-at", "floor", "--hours", "4000")


def test_the_answers_of_an_intake_form_are_those_of_the_flags(tmp_path):
    path = tmp_path / "intake.json"
    path.write_text(json.dumps(response(*INTAKE)))
    assert answer("--case", str(path)) == answer(*AS_FLAGS)
    assert answer("--case", "-", stdin=path.read_text()) == answer(*AS_FLAGS)


def test_our_own_response_is_the_evidence_it_was_written_of():
    written = write_response(gearbox(), BEARING, "self", NOW)
    assert answer("--case", "-", stdin=json.dumps(written)) == answer(*GEARBOX_FLAGS)


def test_what_is_not_used_is_told_on_stderr_line_by_line():
    text = "What colour\nis it?"
    other = {"linkId": "colour", "text": text, "answer": [{"valueString": "red"}]}
    result = run("--json", "--case", "-", stdin=json.dumps(response(*INTAKE, other)))
    assert result.exit_code == 0
    assert json.loads(result.stdout) == answer(*AS_FLAGS)
    assert result.stderr == (
        "lbp-infer: stdin: not used: colour (What colour is it?): gearbox asks nothing of that "
        "linkId or code\n"
    )


def test_of_many_that_are_not_used_some_are_told():
    others = [{"linkId": f"q{at}", "answer": [{"valueBoolean": True}]} for at in range(30)]
    told = run("--json", "--case", "-", stdin=json.dumps(response(*others))).stderr.splitlines()
    assert len(told) == 13
    assert told[-1] == "lbp-infer: stdin: not used: 18 more items"


def test_it_goes_together_with_flags_or_contradicts_them():
    said = json.dumps(response(*INTAKE[:1]))
    found = answer("--case", "-", "--hours", "4000", stdin=said)
    assert {each["id"] for each in found["evidence"]} == {"whine", "hours"}
    told = refused("--case", "-", "--squeal-cold", stdin=json.dumps(response(*INTAKE)))
    assert "contradictory answers about 'squeal_cold': 'squeal_cold' in stdin and" in told


def test_the_answers_of_an_interview_in_either_version_are_read():
    for version in ("R4", "R5"):
        begun = next_question(gearbox(), start(gearbox()), version, NOW)
        found = answer("--case", "-", stdin=json.dumps({**begun, "item": list(INTAKE)}))
        assert found == answer(*AS_FLAGS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<QuestionnaireResponse xmlns="http://hl7.org/fhir"/>', "is FHIR as XML; give the same"),
        ('{"resourceType": "Bundle", "entry": []}', "this is a Bundle; give the Questionnaire"),
        ('{"resourceType": "Questionnaire"}', "it holds questions and no answers"),
        ('{"resourceType": "Patient"}', "this is a Patient; give a QuestionnaireResponse"),
        ("resourceType: QuestionnaireResponse\nstatus: completed\n", "FHIR is read as JSON"),
        ('{"resourceType": "QuestionnaireResponse"}', "status is missing"),
        (json.dumps(response(authored="2999-01-01")), "'2999-01-01' is still to come"),
        (
            json.dumps(response(questionnaire="urn:lbp-infer:fhir:Questionnaire:lbp-runner-self")),
            "is of another model, and this one is 'gearbox'",
        ),
        (
            json.dumps({**start(gearbox()), "item": [{"linkId": "whin", "answer": []}]}),
            "item[0]: unknown linkId of gearbox-self: 'whin'; did you mean 'whine'",
        ),
        (
            '{"resourceType": "QuestionnaireResponse", "status": "completed", "item": [{"linkId": '
            '"whine", "answer": [{"valueBoolean": true, "valueBoolean": false}]}]}',
            "the key 'valueBoolean' stands twice",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(text, said):
    assert said in refused("--case", "-", stdin=text)
