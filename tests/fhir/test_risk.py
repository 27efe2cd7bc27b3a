"""A report as a RiskAssessment: percentages, ranges, urgency first, never a diagnosis."""

import json
from decimal import Decimal

import pytest
from lbp_fhir import About, risk_assessment
from msgspec.structs import replace
from support.cli import answer
from support.fhir import NOW, VERSIONS, broken, check_shape
from support.models import BEARING, gearbox, runner, textbook

from bayesnet.diagnosis.report.urgency_words import why_now

INTERVAL = "urn:lbp-infer:fhir:StructureDefinition:probability-interval"


def assessed(model, report, **about):
    return risk_assessment(model, report, About(NOW, **about))


def shifted(probability):
    """A hundred times the number that stands in JSON."""
    return float(100 * Decimal(json.dumps(probability)))


def test_twelve_point_three_per_cent_is_12_3():
    report = gearbox().diagnose(BEARING)
    told = replace(report.causes[0], probability=0.123, interval=(0.05, 0.29))
    found = assessed(gearbox(), replace(report, causes=(told,)))
    (prediction,) = found["prediction"]
    assert json.dumps(prediction["probabilityDecimal"]) == "12.3"
    (extension,) = prediction["extension"]
    assert extension["url"] == INTERVAL
    ends = [extension["valueRange"][end] for end in ("low", "high")]
    assert [each["value"] for each in ends] == [5.0, 29.0]
    assert {each["code"] for each in ends} == {"%"}


@pytest.mark.usefixtures("gearbox_by_default")
def test_every_percentage_is_a_hundred_times_what_the_command_says():
    said = answer("--case", "-", stdin=json.dumps(BEARING))
    found = assessed(gearbox(), gearbox().diagnose(BEARING))["prediction"]
    assert len(found) == len(said["causes"])
    for prediction, cause in zip(found, said["causes"], strict=True):
        assert prediction["outcome"]["coding"][0]["code"] == cause["id"]
        assert prediction["probabilityDecimal"] == shifted(cause["probability"])
        ranged = prediction["extension"][0]["valueRange"]
        ends = [ranged[end]["value"] for end in ("low", "high")]
        assert ends == [shifted(end) for end in cause["interval"]]
        assert prediction["relativeRisk"] == cause["probability"] / cause["prior"]


def test_the_codes_of_the_model_file_stand_behind_its_own():
    coded = next(iter(name for name in gearbox().causes if name in gearbox().codings))
    outcome = next(
        each["outcome"]
        for each in assessed(gearbox(), gearbox().diagnose(BEARING))["prediction"]
        if each["outcome"]["coding"][0]["code"] == coded
    )
    others = [(each.system, each.code) for each in gearbox().codings[coded]]
    assert [(each["system"], each["code"]) for each in outcome["coding"][1:]] == others
    assert outcome["text"] == gearbox().causes[coded].label


def test_it_rests_on_the_answers_which_it_contains():
    found = assessed(gearbox(), gearbox().diagnose(BEARING))
    (answers,) = found["contained"]
    assert found["basis"] == [{"reference": f"#{answers['id']}"}]
    assert answers["resourceType"] == "QuestionnaireResponse"
    elsewhere = {"reference": "QuestionnaireResponse/7"}
    found = assessed(gearbox(), gearbox().diagnose(BEARING), basis=elsewhere)
    assert found["basis"] == [elsewhere]
    assert "contained" not in found


def test_the_answers_it_contains_are_to_the_form_that_asks_them_and_as_old_as_they_are():
    for evidence, audience in ((BEARING, "self"), ({"play_test": True}, "clinician")):
        report = gearbox().diagnose(evidence, "clinician")
        (answers,) = assessed(gearbox(), report, answered="2024-05-01")["contained"]
        assert f":gearbox-{audience}|" in answers["questionnaire"]
        assert answers["authored"] == "2024-05-01"


def test_whose_it_is_is_said_or_left_open():
    report = gearbox().diagnose()
    assert assessed(gearbox(), report)["subject"] == {"display": "whoever gave these answers"}
    subject = {"reference": "Patient/1"}
    assert assessed(gearbox(), report, subject=subject)["subject"] == subject


def test_urgency_comes_first_and_the_pathway_after_it():
    report = textbook("facet_joint")
    said = assessed(runner(), report)["mitigation"]
    assert said.lower().startswith(f"{report.urgency}: {report.triage.message}".lower())
    assert f"Pathway: {report.pathway.label}" in said
    for phase in report.pathway.phases:
        assert f"{phase.name}: {phase.goal}" in said
    steps = [line for line in said.splitlines() if line.startswith("- ")]
    assert len(steps) == len(set(steps))
    assert said.endswith(" ".join(report.pathway.avoid))


def test_an_emergency_says_where_to_go_and_why_and_nothing_else():
    report = textbook("cauda_equina")
    assert report.triage.level == "emergency"
    found = assessed(runner(), report)
    said = f"{report.triage.label}: {report.triage.message}"
    first, *why = found["mitigation"].split("\n\n")
    assert first.lower() == said.lower()
    assert why == why_now(report.triage) != []
    assert found["note"] == [{"text": report.disclaimer}]
    # What is likely and harmless would stand beside it, with a percentage.
    assert "prediction" not in found


def test_the_disclaimer_stands_in_it_and_no_condition_does():
    found = assessed(runner(), textbook("facet_joint"))
    assert found["note"][0] == {"text": runner().description.model.disclaimer}
    assert found["resourceType"] == "RiskAssessment"
    assert "condition" not in json.dumps(list(found)).lower()
    assert runner().compiled.sha256[:12] in found["method"]["text"]


def test_it_is_preliminary_while_questions_are_open():
    begun, done = runner().diagnose(), textbook("cauda_equina")
    assert (begun.should_stop, assessed(runner(), begun)["status"]) == (False, "preliminary")
    assert (done.should_stop, assessed(runner(), done)["status"]) == (True, "final")


def test_what_speaks_for_and_against_stands_in_the_rationale():
    report = gearbox().diagnose(BEARING)
    why = report.explanation[0]
    said = next(
        each["rationale"]
        for each in assessed(gearbox(), report)["prediction"]
        if each["outcome"]["coding"][0]["code"] == why.cause
    )
    assert all(each.label in said for each in (*why.evidence_for, *why.evidence_against))


@pytest.mark.parametrize("version", VERSIONS)
def test_it_is_sound(version):
    for found in (
        assessed(gearbox(), gearbox().diagnose(BEARING)),
        assessed(runner(), textbook("cauda_equina")),
    ):
        check_shape(found, version)
        assert broken(found, version) == []


def test_a_wrong_percentage_is_seen():
    found = assessed(gearbox(), gearbox().diagnose(BEARING))
    found["prediction"][0]["probabilityDecimal"] = 100.5
    assert "RiskAssessment ras-2" in broken(found, "R4")
    found["prediction"][0]["extension"][0]["valueRange"]["low"]["code"] = "1"
    assert "RiskAssessment ras-1" in broken(found, "R5")
