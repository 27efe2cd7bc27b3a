"""`$next-question` to its end: the interview's own questions, and the command's report."""

import json

import pytest
from lbp_fhir import audience_of, next_question, read_response
from support.cli import answer
from support.fhir import NOW, broken, check_shape, hold, start
from support.models import BEARING, GEARBOX_FILE, gearbox, runner

EMERGENCY = {"age": 42, "sex": "male", **runner().description.causes["cauda_equina"].textbook}


def questions(form):
    """The linkIds of a form in order, lines of screens included."""
    for item in form["item"]:
        yield item["linkId"]
        yield from (line["linkId"] for line in item.get("item", []))


@pytest.fixture(
    scope="module", params=["gearbox self R4", "gearbox clinician R5", "runner self R4"]
)
def held(request):
    """A model, a version, and every step of an interview; the runner's ends in an emergency."""
    name, audience, version = request.param.split()
    model, person = (gearbox(), BEARING) if name == "gearbox" else (runner(), EMERGENCY)
    return model, version, list(hold(model, version, start(model, audience), person))


def test_its_questions_are_those_of_the_interview(held):
    model, version, steps = held
    (canonical,) = steps[0]["contained"][0]["derivedFrom"]
    session = model.interview(audience=audience_of(model, canonical))
    for response in steps[:-1]:
        question = session.next_question
        items = response["contained"][0]["item"]
        assert items[-1]["linkId"] == question.id
        lines = [line["linkId"] for line in items[-1].get("item", [])]
        assert lines == [line.id for line in question.items]
        following = read_response(model, steps[steps.index(response) + 1], version)
        for name in lines or [question.id]:
            session = session.answer(name, following.evidence[name])
    assert session.should_stop
    assert steps[-1]["contained"][0]["item"][:-1] == steps[-2]["contained"][0]["item"]


def test_at_its_end_the_command_says_the_same_as_to_the_same_answers(held, monkeypatch):
    model, version, steps = held
    monkeypatch.setenv("LBP_INFER_MODEL", str(GEARBOX_FILE) if model is gearbox() else "lbp-runner")
    evidence = dict(read_response(model, steps[-1], version).evidence)
    from_response = answer("--case", "-", stdin=json.dumps(steps[-1]))
    assert from_response == answer("--case", "-", stdin=json.dumps(evidence))
    assert from_response["causes"] == model.diagnose(evidence).to_dict()["causes"]


def test_each_step_is_sound(held):
    _, version, steps = held
    for response in (steps[0], steps[-1]):
        check_shape(response, version)
        assert broken(response, version) == []
        (form,) = response["contained"]
        assert response["questionnaire"] == f"#{form['id']}"
        assert len(form["derivedFrom"]) == 1
        assert not {"url", "version"} & set(form)
        assert response["authored"] == NOW


def test_it_ends_with_what_to_do(held):
    model, version, steps = held
    triage = model.diagnose(read_response(model, steps[-1], version).evidence).triage
    last = steps[-1]["contained"][0]["item"][-1]
    assert (last["linkId"], last["type"]) == ("what to do", "display")
    assert last["text"].lower() == f"{triage.label}: {triage.message}".lower()
    assert [each["status"] for each in steps] == ["in-progress"] * (len(steps) - 1) + ["completed"]


def test_a_screen_comes_again_until_each_of_its_lines_is_answered():
    model = gearbox()
    gate = next(iter(model.description.interview.gates))
    steps = hold(model, "R4", start(model), BEARING)
    response = next(each for each in steps if gate in list(questions(each["contained"][0])))
    lines = [
        each.id
        for each in model.interview(
            dict(read_response(model, response, "R4").evidence)
        ).next_question.items
    ]
    line = {"linkId": lines[0], "answer": [{"valueBoolean": False}]}
    items = [*response.get("item", []), {"linkId": gate, "item": [line]}]
    again = next_question(model, {**response, "item": items}, "R4", NOW)
    assert list(questions(again["contained"][0])) == list(questions(response["contained"][0]))
    assert again["status"] == "in-progress"


def test_what_was_known_before_is_not_asked():
    before = [{"linkId": "age", "answer": [{"valueInteger": 42}]}]
    found = next_question(runner(), start(runner(), item=before), "R4", NOW)
    assert list(questions(found["contained"][0])) == ["age", "sex"]
    assert found["item"] == before


def test_answers_are_put_in_the_order_of_what_is_asked():
    under = {"linkId": "sex", "answer": [{"valueString": "male"}]}
    nested = {"linkId": "age", "id": "a1", "answer": [{"valueInteger": 42, "item": [under]}]}
    items = [{"linkId": "heading: history", "item": [nested]}]
    found = next_question(runner(), start(runner(), item=items), "R4", NOW)
    assert found["item"] == [
        {"linkId": "age", "id": "a1", "answer": [{"valueInteger": 42}]},
        under,
    ]
    assert broken(found, "R4") == []
    gate = found["contained"][0]["item"][-1]
    assert [each["linkId"] for each in found["contained"][0]["item"][:2]] == ["age", "sex"]
    line = {"linkId": gate["item"][0]["linkId"], "answer": [{"valueBoolean": False}]}
    again = next_question(runner(), {**found, "item": [line, *found["item"]]}, "R4", NOW)
    assert again["item"][-1] == {"linkId": gate["linkId"], "text": gate["text"], "item": [line]}


def test_not_known_is_not_asked_again():
    first = next_question(gearbox(), start(gearbox()), "R4", NOW)
    (asked,) = first["contained"][0]["item"]
    unknown = {
        "extension": [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
                "valueCode": "asked-unknown",
            }
        ]
    }
    item = {"linkId": asked["linkId"], "answer": [unknown]}
    second = next_question(gearbox(), {**first, "item": [item]}, "R4", NOW)
    first_asked, other = questions(second["contained"][0])
    assert first_asked == asked["linkId"] != other


def test_an_interview_that_began_with_an_older_version_goes_on_with_this_one():
    first = next_question(gearbox(), start(gearbox()), "R4", NOW)
    old = {
        **first["contained"][0],
        "derivedFrom": ["urn:lbp-infer:fhir:Questionnaire:gearbox-self|0.0.1"],
    }
    found = next_question(gearbox(), {**first, "contained": [old]}, "R4", NOW)
    assert found == first


def test_what_else_is_contained_stays():
    patient = {"resourceType": "Patient", "id": "p"}
    found = next_question(
        gearbox(), start(gearbox(), contained=[patient], subject={"reference": "#p"}), "R4", NOW
    )
    assert patient in found["contained"]
    assert found["subject"] == {"reference": "#p"}
