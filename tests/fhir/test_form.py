"""A model as a Questionnaire and a CodeSystem: every question, its answers, limits and codes."""

from typing import Any

import pytest
from lbp_fhir import code_system, questionnaire, questionnaire_url
from support.fhir import VERSIONS, broken, check_shape
from support.models import gearbox, runner

from bayesnet import EvidenceError


def items(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """{linkId: item} of all questions and groups."""
    found, left = {}, list(form["item"])
    while left:
        item = left.pop(0)
        found[item["linkId"]] = item
        left += item.get("item", [])
    return found


@pytest.mark.parametrize(
    ("model", "audience", "version"),
    [
        (gearbox(), "self", "R4"),
        (gearbox(), "self", "R5"),
        (gearbox(), "clinician", "R5"),
        (runner(), "clinician", "R4"),
    ],
)
def test_it_holds_every_question_of_its_audience_once(model, audience, version):
    form = questionnaire(model, audience, version)
    found = items(form)
    asked = [
        name
        for name, each in model.findings.items()
        if audience == "clinician" or each.asked.asked_of == "self"
    ]
    questions = [name for name, item in found.items() if item["type"] != "group"]
    assert sorted(questions) == sorted(asked)
    assert all(found[name]["text"] == model.findings[name].asked.question for name in asked)
    check_shape(form, version)
    assert broken(form, version) == []


def test_screens_are_groups_in_the_order_of_the_model_after_who_it_is():
    form = questionnaire(runner(), "self", "R4")
    interview = runner().description.interview
    order = [item["linkId"] for item in form["item"]]
    assert order[: len(interview.first)] == list(interview.first)
    gates = [name for name in order if name in interview.gates]
    assert gates == list(interview.gates)
    screen = items(form)[gates[0]]
    assert [line["linkId"] for line in screen["item"]] == list(interview.gates[gates[0]].lines)
    for_clinicians = items(questionnaire(runner(), "clinician", "R4"))[gates[0]]
    assert for_clinicians["text"] == interview.gates[gates[0]].question_clinician != screen["text"]


def test_the_types_are_those_of_the_version():
    r4, r5 = (items(questionnaire(gearbox(), "self", version)) for version in VERSIONS)
    assert (r4["whine"]["type"], r5["whine"]["type"]) == ("choice", "coding")
    assert (r4["felt_at"]["type"], r5["felt_at"]["type"]) == ("choice", "coding")
    assert r4["hours"]["type"] == r5["hours"]["type"] == "integer"


def test_not_known_can_be_answered_to_every_question_with_options():
    for item in items(questionnaire(runner(), "clinician", "R4")).values():
        if item["type"] == "choice":
            assert item["answerOption"][-1]["valueCoding"]["code"] == "asked-unknown"


def test_a_number_has_limits_and_a_unit():
    extensions = {
        each["url"].rpartition("/")[2]: each
        for each in items(questionnaire(runner(), "self", "R4"))["age"]["extension"]
    }
    low, high = runner().findings["age"].limits
    assert extensions["minValue"]["valueInteger"] == low
    assert extensions["maxValue"]["valueInteger"] == high
    assert extensions["questionnaire-unit"]["valueCoding"]["code"] == "a"


def test_a_decimal_question_is_one():
    import bayesnet

    item = items(questionnaire(bayesnet.load_model("car-start"), "clinician", "R5"))
    number = item["battery_voltage"]
    assert number["type"] == "decimal"
    assert all("valueDecimal" in each for each in number["extension"][:2])


def test_the_codes_of_the_model_file_stand_behind_its_own():
    own, other = items(questionnaire(gearbox(), "self", "R4"))["drive"]["code"]
    assert (own["code"], own["system"]) == ("drive", "urn:lbp-infer:fhir:CodeSystem:gearbox")
    assert (other["code"], other["system"]) == ("Q1", "http://workshop.example/questions")


def test_of_whom_a_question_is_asked():
    found = items(questionnaire(gearbox(), "self", "R4"))
    (only,) = found["new_clutch"]["enableWhen"]
    assert only["answerCoding"]["code"] == "drive.manual"
    both = items(questionnaire(runner(), "self", "R4"))["pregnant"]
    assert both["enableBehavior"] == "all"
    assert [(each["question"], each["operator"]) for each in both["enableWhen"]] == [
        ("sex", "="),
        ("age", "<"),
    ]
    either = items(questionnaire(runner(), "self", "R4"))["height_loss"]
    assert either["enableBehavior"] == "any"
    assert either["enableWhen"][0] == {"question": "age", "operator": ">=", "answerInteger": 45}


def test_what_follows_from_another_answer_is_asked_where_that_is_open():
    found = items(questionnaire(runner(), "self", "R5"))["leg_pain"]
    assert found["enableWhen"] == [
        {"question": "referral", "operator": "exists", "answerBoolean": False}
    ]


def test_the_version_tells_models_apart_by_their_numbers():
    form = questionnaire(gearbox(), "self", "R4")
    assert form["url"] == questionnaire_url(gearbox(), "self")
    assert gearbox().compiled.sha256.startswith(form["version"].partition("+")[2])


def test_there_are_two_audiences():
    with pytest.raises(EvidenceError, match="give one of self, clinician"):
        questionnaire(gearbox(), "everybody", "R4")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_code_system_has_every_cause_question_and_answer(version):
    for model in (gearbox(), runner()):
        system = code_system(model, version)
        codes = {each["code"]: each for each in system["concept"]}
        assert list(codes) == [*model.causes, *model.findings]
        for name, asked in model.findings.items():
            answers = [each["code"] for each in codes[name].get("concept", [])]
            assert answers == [f"{name}.{state}" for state in asked.answer.states]
        check_shape(system, version)
        assert broken(system, version) == []
