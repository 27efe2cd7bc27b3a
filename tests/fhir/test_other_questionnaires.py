"""Responses to other questionnaires: what maps is used, the rest is listed, and is not asked."""

import json

import pytest
from lbp_fhir import read_response
from lbp_fhir.known_items import instruments
from support.models import gearbox, runner
from support.paths import ROOT

REPORTED = ROOT.parent / "shared" / "reports" / "D1.json"
LOINC = "http://loinc.org"
STARTBACK = {
    "91340-0": "My back pain has spread down my leg(s) at some time in the last 2 weeks",
    "91341-8": "I have had pain in the shoulder or neck at some time in the last 2 weeks",
    "91342-6": "I have only walked short distances because of my back pain",
    "91343-4": "In the last 2 weeks, I have dressed more slowly than usual because of back pain",
    "91344-2": "It's not really safe for a person with a condition like mine to be active",
    "91345-9": "Worrying thoughts have been going through my mind a lot of the time",
    "91346-7": "I feel that my back pain is terrible and it's never going to get any better",
    "91347-5": "In general I have not enjoyed all the things I used to enjoy",
    "91348-3": "Overall, how bothersome has your back pain been in the last 2 weeks?",
}


def response(*items, **more):
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": "http://example.org/Questionnaire/other",
        "item": list(items),
        **more,
    }


def startback(first):
    """A response to STarT Back as LOINC's own form has it: linkIds are codes under the panel's."""
    rest = {"valueCoding": {"display": "Agree"}}
    return response(
        *(
            {"linkId": f"/{code}", "text": text, "answer": [first if at == 0 else rest]}
            for at, (code, text) in enumerate(STARTBACK.items())
        ),
        questionnaire="http://loinc.org/q/91349-1",
    )


@pytest.mark.parametrize(
    "first",
    [
        {"valueCoding": {"display": "Agree"}},
        {"valueCoding": {"system": LOINC, "code": "LA33-6"}},
        {"valueBoolean": True},
        {"valueInteger": 1},
        {"valueDecimal": 1.0},
    ],
)
def test_of_startback_agreeing_to_pain_down_the_leg_is_used(first):
    found = read_response(runner(), startback(first), "R4")
    assert found.evidence == {"leg_pain": True}
    assert [each.link_id for each in found.not_used] == [f"/{code}" for code in list(STARTBACK)[1:]]
    assert {each.why for each in found.not_used} == {
        "STarT Back tells how likely pain is to last, not what it comes from"
    }
    assert found.audience is None


@pytest.mark.parametrize(
    "first",
    [{"valueCoding": {"display": "Disagree"}}, {"valueBoolean": False}, {"valueInteger": 0}],
)
def test_of_startback_disagreeing_says_nothing_about_the_leg(first):
    found = read_response(runner(), startback(first), "R4")
    assert found.evidence == {}
    assert found.not_used[0].text == STARTBACK["91340-0"]
    assert "thigh" in found.not_used[0].why


def test_of_startback_a_code_without_words_is_neither():
    found = read_response(runner(), startback({"valueCoding": {"code": "LA9-9"}}), "R4")
    assert found.evidence == {}
    assert found.not_used[0].why.startswith("'la9-9' is not known as an answer; give its display")


def test_what_startback_asks_is_asked_again():
    begun = runner().interview(
        read_response(runner(), startback({"valueBoolean": True}), "R4").evidence
    )
    untouched = runner().interview({"leg_pain": True})
    assert dict(begun.given) == dict(untouched.given) == {"leg_pain": True}
    assert begun.next_question == untouched.next_question


def test_startback_says_nothing_about_a_gearbox():
    found = read_response(gearbox(), startback({"valueBoolean": True}), "R4")
    assert found.evidence == {}
    assert len(found.not_used) == len(STARTBACK)


def test_what_is_known_of_other_questionnaires_fits_the_model():
    used = [each for instrument in instruments() for each in instrument.used]
    assert [each.text for each in used] == [STARTBACK[each.code] for each in used]
    for each in used:
        assert each.model == runner().description.model.id
        for answer in each.answers.values():
            assert dict(runner().interview({each.question: answer}).given) == {
                each.question: answer
            }


def test_oswestry_is_taken_and_none_of_it_is_used():
    scored = {
        "extension": [
            {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 2}
        ]
    }
    items = [
        {
            "linkId": f"odi-{at}",
            "text": "Pain",
            "answer": [{"valueCoding": {**scored, "display": "?"}}],
        }
        for at in range(1, 11)
    ]
    found = read_response(runner(), response(*items), "R4")
    assert found.evidence == {}
    assert [each.link_id for each in found.not_used] == [f"odi-{at}" for at in range(1, 11)]
    assert found.not_used[3].expression == "QuestionnaireResponse.item[3]"
    assert "disables" in found.not_used[0].why


def test_items_are_known_by_the_codes_of_a_questionnaire_that_came_along():
    code = {"system": "http://workshop.example/questions", "code": "Q1"}
    form = {
        "resourceType": "Questionnaire",
        "id": "q",
        "status": "active",
        "item": [{"linkId": "7", "type": "choice", "code": [code]}],
    }
    answer = {"valueCoding": {"system": "http://workshop.example/drives", "code": "M"}}
    said = response({"linkId": "7", "answer": [answer]}, contained=[form], questionnaire="#q")
    assert read_response(gearbox(), said, "R4").evidence == {"drive": "manual"}


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"linkId": "Whine", "answer": [{"valueBoolean": True}]}, "'whine' is one"),
        ({"linkId": "felt_at", "answer": [{"valueBoolean": True}]}, "'felt_at' wants valueCoding"),
        ({"linkId": "felt_at", "answer": [{"valueString": "roof"}]}, "unknown value of 'felt_at'"),
        ({"linkId": "whine", "answer": [{"valueBoolean": True}] * 2}, "it has 2 answers"),
        ({"linkId": "whine", "answer": [{"valueDate": "2026-01-01"}]}, "valueDate answers no"),
        ({"linkId": "colour", "answer": [{"valueString": "red"}]}, "gearbox asks nothing of that"),
    ],
)
def test_what_cannot_be_taken_is_listed_with_its_reason(item, why):
    found = read_response(gearbox(), response(item), "R4")
    assert found.evidence == {}
    assert why in found.not_used[0].why
    assert found.not_used[0].link_id == item["linkId"]


def test_an_item_without_an_answer_says_nothing():
    said = response({"linkId": "whine"}, {"linkId": "heading", "text": "About the car", "item": []})
    found = read_response(gearbox(), said, "R4")
    assert (dict(found.evidence), found.not_used) == ({}, ())


@pytest.mark.parametrize("birth", [{}, {"birthDate": "1800-01-01"}])
def test_age_is_not_read_off_a_patient(birth):
    patient = {"resourceType": "Patient", "id": "p", **birth}
    found = read_response(runner(), response(contained=[patient]), "R4")
    assert found.evidence == {}
    (left,) = found.not_used
    assert (left.text, left.expression) == ("Patient", "QuestionnaireResponse.contained[0]")


@pytest.mark.skipif(not REPORTED.exists(), reason="the example stands beside the repository")
def test_the_example_that_was_reported():
    found = read_response(runner(), json.loads(REPORTED.read_text(encoding="utf-8")), "R4")
    assert found.evidence == {
        "age": 42,
        "leaning_back": True,
        "coughing": False,
        "referral": "buttock",
    }
    assert found.not_used == ()
