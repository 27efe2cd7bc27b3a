"""Responses that cannot be read: each refused with its place, what is wrong, and what to do."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lbp_fhir import FhirError, next_question, operation_outcome, read_response
from support.fhir import DATA_ABSENT, NOW, check_shape, start
from support.models import gearbox, runner

from bayesnet import EvidenceError, ImpossibleEvidenceError

OWN = "urn:lbp-infer:fhir:CodeSystem:lbp-runner"
ITEM = "QuestionnaireResponse.item[0]"


def refused(resource, version="R4", now=""):
    with pytest.raises(FhirError) as caught:
        read_response(runner(), resource, version, now)
    outcome = operation_outcome(caught.value.issues)
    check_shape(outcome, version)
    return caught.value.issues


def answered(link_id, *answers):
    return start(runner(), item=[{"linkId": link_id, "answer": list(answers)}])


def coded(system, code):
    return {"valueCoding": {"system": system, "code": code}}


@pytest.mark.parametrize(
    ("link_id", "answers", "said"),
    [
        ("referral", [{"valueCoding": {"code": "referral.foot"}}], "valueCoding has no system"),
        ("referral", [{"valueCoding": {"display": "foot"}}], "valueCoding has no code"),
        ("referral", [coded("http://example.org/other", "referral.foot")], "is no answer"),
        ("referral", [coded(OWN, "coughing")], "code 'coughing'"),
        ("referral", [{"valueBoolean": True}], "valueBoolean True is no answer"),
        ("referral", [coded("http://loinc.org", "LA33-6")], "'LA33-6' of http://loinc.org"),
        ("referral", [{"valueString": "knee"}], "give one of none, buttock"),
        ("coughing", [{"valueBoolean": "true"}], "valueBoolean 'true' is no answer"),
        ("coughing", [{"valueInteger": 1}], "1 is no answer"),
        ("coughing", [{"valueBoolean": True}] * 2, "'coughing' has 2 answers; give one"),
        ("coughing", [{"valueBoolean": True, "valueString": "no"}], "valueBoolean and valueString"),
        ("coughing", [{}], "holds no value"),
        (
            "coughing",
            [{"valueBoolean": True, "extension": [{"url": DATA_ABSENT, "valueCode": "unknown"}]}],
            "holds a value and why there is none",
        ),
        ("coughing", [{"valueReference": {"reference": "a/1"}}], "valueReference answers no"),
        ("coughing", [{"valueCoding": "Y"}], "valueCoding is no Coding"),
        ("coughing", [{"valueQuantity": {"value": 1}}], "valueQuantity is no answer"),
        ("age", [{"valueInteger": 42.5}], "valueInteger 42.5 is no whole number"),
        ("age", [{"valueInteger": True}], "valueInteger True is no whole number"),
        ("age", [{"valueDecimal": "42"}], "valueDecimal '42' is no number"),
        ("age", [{"valueDecimal": 42.5}], "a whole number from"),
        ("age", [{"valueInteger": 226}], "'age' is 226"),
        ("age", [{"valueQuantity": {"value": 42}}], "counted in nothing"),
        ("age", [{"valueQuantity": {"value": 500, "code": "mo"}}], "counted in mo"),
        ("age", [{"valueQuantity": {"value": 42, "unit": "a", "comparator": ">"}}], "comparator"),
        ("nerve_screen", [{"valueBoolean": False}], "'nerve_screen' is no question"),
        ("what to do", [{"valueBoolean": False}], "'what to do' is no question"),
        ("Leaning_Back", [{"valueBoolean": True}], "did you mean 'leaning_back'"),
        ("leaning_bak", [{"valueBoolean": True}], "did you mean 'leaning_back'"),
    ],
)
def test_an_answer_that_is_none_is_refused_at_its_place(link_id, answers, said):
    (issue,) = refused(answered(link_id, *answers))
    assert said in issue.details
    assert issue.expression == ITEM
    assert issue.severity == "error"


def test_what_a_clinician_is_asked_is_refused_in_the_other_form():
    test = next(n for n, each in runner().findings.items() if each.asked.asked_of != "self")
    (issue,) = refused(answered(test, {"valueBoolean": True}))
    assert "answer it in lbp-runner-clinician" in issue.details


def test_every_mistake_is_told_at_once():
    wrong = [
        {"linkId": "no_such", "answer": [{"valueBoolean": True}]},
        {
            "linkId": "heading: history",
            "item": [{"linkId": "age", "answer": [{"valueInteger": 3}]}],
        },
    ]
    first, second = refused(start(runner(), item=wrong))
    assert (first.code, first.expression) == ("not-found", "QuestionnaireResponse.item[0]")
    assert (second.code, second.expression) == ("value", "QuestionnaireResponse.item[1].item[0]")


def test_two_items_about_one_thing_have_to_agree():
    def lines(*values):
        return [{"linkId": "fever", "answer": [{"valueBoolean": each}]} for each in values]

    (issue,) = refused(start(runner(), item=lines(True, False)))
    assert (issue.code, issue.expression) == ("conflict", "QuestionnaireResponse.item[1]")
    assert "item[0]" in issue.details


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        ([], "no FHIR resource"),
        ({"item": []}, "no FHIR resource"),
        ({"resourceType": "Bundle", "entry": []}, "this is a Bundle; give the Questionnaire"),
        ({"resourceType": "Questionnaire"}, "holds questions and no answers"),
        ({"resourceType": "Observation"}, "this is a Observation; give a QuestionnaireResponse"),
        (start(runner(), status="entered-in-error"), "entered in error"),
        (start(runner(), status="done"), "status is 'done'; give one of in-progress"),
        ({**start(runner()), "status": None}, "status is missing"),
        (start(runner(), modifierExtension=[{}]), "'modifierExtension' changes"),
        (start(runner(), implicitRules="http://x"), "'implicitRules' changes"),
        (start(runner(), item={}), "give a list"),
        (start(runner(), item=["age"]), "give a JSON object"),
        (start(runner(), item=[{"answer": []}]), "no linkId"),
        (start(runner(), item=[{"linkId": 7}]), "no linkId"),
        (start(runner(), item=[{"linkId": "age", "modifierExtension": []}]), "changes what it"),
        (start(runner(), contained={}), "give a list of resources"),
        (start(runner(), questionnaire="#asked"), "'#asked' is not under 'contained'"),
        (start(runner(), questionnaire=7), "give the canonical URL"),
        (start(gearbox()), "is of another model, and this one is 'lbp-runner'"),
        (start(runner(), authored="yesterday"), "is no dateTime"),
        (start(runner(), authored="2026-02-30"), "no date of the calendar"),
        (start(runner(), authored="2026-02-03T09:00:00"), "no time zone; add Z"),
        (start(runner(), authored="2031-01-01T00:00:00Z"), "is still to come"),
        (start(runner(), authored="2031"), "is still to come"),
    ],
)
def test_a_resource_that_cannot_be_taken_for_a_response(resource, said):
    (issue,) = refused(resource, now=NOW)
    assert said in issue.details


def test_a_clock_may_be_an_hour_ahead_and_a_date_a_day():
    for authored in ("2026-02-03T10:00:00Z", "2026-02-04", "2026-02", "2026"):
        read_response(runner(), start(runner(), authored=authored), "R4", NOW)


def test_items_nested_without_end_are_refused():
    item = {"linkId": "age"}
    for _ in range(30):
        item = {"linkId": "heading: history", "item": [item]}
    (issue,) = refused(start(runner(), item=[item]))
    assert "nested over 20 levels" in issue.details


def test_of_many_mistakes_the_first_are_told():
    wrong = [{"linkId": f"x{at}"} for at in range(5000)]
    assert len(refused(start(runner(), item=wrong))) == 20


def replaced(data, held):
    """A resource in which something is put in place of something else."""
    if not isinstance(held, dict | list) or not held or data.draw(st.integers(0, 3)) == 0:
        return data.draw(st.none() | st.booleans() | st.integers() | st.text() | JUNK)
    key = data.draw(st.sampled_from(list(held) if isinstance(held, dict) else range(len(held))))
    changed = held.copy()
    changed[key] = replaced(data, held[key])
    return changed


JUNK = st.sampled_from([[], {}, [[]], [{}], {"linkId": "whine"}, [5], {"extension": 5}])
ABSENT = [{"url": DATA_ABSENT}]
WHOLE = {
    **next_question(gearbox(), start(gearbox()), "R4", NOW),
    "item": [
        {"linkId": "whine", "text": "?", "answer": [coded("http://loinc.org", "LA33-6")]},
        {"linkId": "hours", "answer": [{"valueQuantity": {"value": 5, "unit": "hours"}}]},
        {"linkId": "felt_at", "answer": [{"valueString": "floor", "item": [{"linkId": "knock"}]}]},
        {"linkId": "squeal_cold", "answer": [{"_valueBoolean": {"extension": ABSENT}}]},
    ],
}


@settings(max_examples=60)
@given(st.data())
def test_whatever_a_response_holds_it_is_read_or_refused(data):
    said = replaced(data, WHOLE)
    with suppress(EvidenceError, ImpossibleEvidenceError):
        read_response(gearbox(), said, "R4", NOW)
        found = next_question(gearbox(), said, "R4", NOW)
        assert found["status"] in ("in-progress", "completed")


@pytest.mark.parametrize(("version", "kind"), [("R4", "coding"), ("R5", "choice")])
def test_a_body_of_another_version_of_fhir_is_refused(version, kind):
    other = "R5" if version == "R4" else "R4"
    first = next_question(runner(), start(runner()), other, NOW)
    known = {"linkId": "age", "answer": [{"valueInteger": 42}]}
    second = next_question(runner(), {**first, "item": [known]}, other, NOW)
    (issue,) = refused(second, version)
    assert f"type '{kind}' is one of {other}, this is {version}" in issue.details


def test_r5_wants_the_questionnaire_named():
    said = {"resourceType": "QuestionnaireResponse", "status": "completed"}
    assert read_response(runner(), said, "R4").evidence == {}
    (issue,) = refused(said, "R5")
    assert issue.code == "required"


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (start(gearbox(), status="completed"), "nothing more is asked unless it is 'in-progress'"),
        (start(gearbox(), questionnaire="http://loinc.org/q/91349-1"), "gearbox-self or gearbox-"),
        (
            start(
                gearbox(),
                questionnaire="#a",
                contained=[
                    {
                        "resourceType": "Questionnaire",
                        "id": "a",
                        "derivedFrom": [start(gearbox())["questionnaire"]],
                        "item": [{"linkId": "whin", "type": "choice"}],
                    }
                ],
            ),
            "did you mean 'whine'",
        ),
    ],
)
def test_what_cannot_be_gone_on_with(response, said):
    with pytest.raises(FhirError, match=said):
        next_question(gearbox(), response, "R4", NOW)
