"""A model as a Questionnaire and a CodeSystem: every question, its answers, limits and codes."""

from typing import Any

import pytest
from lbp_fhir import code_system, questionnaire, questionnaire_url, structure_definitions
from lbp_fhir.canonical import INTERVAL, NUMBER_RANGE, SOFT_ANSWER
from support.cli import GEARBOX
from support.fhir import VERSIONS, broken, check_shape
from support.models import gearbox, runner

import bayesnet
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


def conditional(folder, *whens):
    """A model that asks a number, a choice and, once a condition, whether it is cracked."""
    guess = "source: [expert judgement], why: a guess"
    asked = "\n".join(
        f"""  cracked_{at}:
    label: Cracked
    asked: {{question: "Is it cracked?", group: tests, when: {when}}}
    background: {{value: 0.1, interval: [0.05, 0.2], {guess}}}"""
        for at, when in enumerate(whens)
    )
    path = folder / "model.yaml"
    path.write_text(
        f"""{GEARBOX}{asked}
risk_factors:
  hours:
    label: Hours
    asked: {{question: "How many hours?", group: history}}
    answer: {{bands: {{few: [0, 9], many: [10, 99]}}}}
    frequency: {{values: {{few: 0.5, many: 0.5}}, sample_size: 9, {guess}}}
  oil:
    label: Oil
    asked: {{question: "Which oil?", group: history}}
    answer: {{states: [thin, usual, thick]}}
    frequency: {{values: {{thin: 0.3, usual: 0.4, thick: 0.3}}, sample_size: 9, {guess}}}
""",
        encoding="utf-8",
    )
    return bayesnet.load_model(path)


def test_a_condition_that_is_a_list_of_comparisons_is_said_and_no_other(tmp_path):
    many, either = (
        "{finding: hours, at_least: 3, below: 20}",
        "{finding: oil, equals: [thin, thick]}",
    )
    found = items(
        questionnaire(
            conditional(
                tmp_path,
                many,
                either,
                f"{{all: [{many}, {{finding: whine}}]}}",
                f"{{any: [{either}, {{finding: whine, absent: true}}]}}",
                f"{{any: [{many}, {{finding: whine}}]}}",
                f"{{all: [{either}, {{finding: whine}}]}}",
                f"{{all: [{{any: [{either}, {{finding: whine}}]}}, {{finding: case}}]}}",
                "{count: 2, of: [{finding: whine}, {finding: case}]}",
            ),
            "self",
            "R4",
        )
    )
    said = [
        (
            found[f"cracked_{at}"].get("enableBehavior"),
            [each["operator"] for each in found[f"cracked_{at}"].get("enableWhen", ())],
        )
        for at in range(8)
    ]
    assert said == [
        ("all", [">=", "<"]),
        ("any", ["=", "="]),
        ("all", [">=", "<", "="]),
        ("any", ["=", "=", "="]),
        *[(None, [])] * 4,
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_extensions_are_defined(version):
    urls = [each["url"] for each in structure_definitions(version)]
    assert urls == [INTERVAL, NUMBER_RANGE, SOFT_ANSWER]
    for each in structure_definitions(version):
        check_shape(each, version)
        assert each["url"].endswith(each["id"])
