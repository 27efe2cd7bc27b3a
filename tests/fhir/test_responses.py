"""Responses read and written: every form of an answer, and back to the same evidence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lbp_fhir import questionnaire_url, read_response, write_response
from support.fhir import DATA_ABSENT, NOW, UCUM, VERSIONS, answers_to, check_shape, start
from support.models import gearbox, runner

from bayesnet import EvidenceError

SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
HL7 = "http://terminology.hl7.org/CodeSystem/"
OWN = "urn:lbp-infer:fhir:CodeSystem:lbp-runner"


def one(link_id, *answers, **more):
    """A response to the runner's questionnaire with one item."""
    return start(runner(), item=[{"linkId": link_id, "answer": list(answers)}], **more)


def read(link_id, answer):
    return dict(read_response(runner(), one(link_id, answer), "R4").evidence)


def coded(system, code):
    return {"valueCoding": {"system": system, "code": code}}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"valueBoolean": True}, True),
        ({"valueBoolean": False}, False),
        (coded(f"{HL7}v2-0136", "Y"), True),
        (coded(f"{HL7}v2-0136", "N"), False),
        (coded(SNOMED, "373066001"), True),
        (coded(SNOMED, "373067005"), False),
        (coded(SNOMED, "261665006"), None),
        (coded(LOINC, "LA33-6"), True),
        (coded(LOINC, "LA32-8"), False),
        (coded(LOINC, "LA12688-0"), None),
        (coded(f"{HL7}data-absent-reason", "asked-unknown"), None),
        ({"_valueBoolean": {"extension": [{"url": DATA_ABSENT, "valueCode": "unknown"}]}}, None),
        ({"extension": [{"url": DATA_ABSENT, "valueCode": "asked-declined"}]}, None),
        ({"valueString": "no"}, False),
    ],
)
def test_yes_no_and_not_known_in_every_coding(answer, expected):
    assert read("coughing", answer) == {"coughing": expected}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"valueInteger": 42}, 42),
        ({"valueDecimal": 42.0}, 42),
        ({"valueQuantity": {"value": 42, "system": UCUM, "code": "a"}}, 42),
        ({"valueQuantity": {"value": 42, "unit": "year"}}, 42),
        ({"_valueInteger": {"extension": [{"url": DATA_ABSENT, "valueCode": "unknown"}]}}, None),
        (coded(f"{HL7}data-absent-reason", "unknown"), None),
    ],
)
def test_numbers_in_every_form(answer, expected):
    assert read("age", answer) == {"age": expected}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (coded(OWN, "referral.below_knee"), "below_knee"),
        ({"valueString": "below knee"}, "below_knee"),
        (coded(SNOMED, "261665006"), None),
    ],
)
def test_choices_in_every_form(answer, expected):
    assert read("referral", answer) == {"referral": expected}


@pytest.mark.parametrize(
    "answer",
    [
        coded(f"{HL7}data-absent-reason", "not-asked"),
        {"extension": [{"url": DATA_ABSENT, "valueCode": "not-asked"}]},
    ],
)
def test_not_asked_is_no_answer(answer):
    assert read("coughing", answer) == {}


def test_the_codes_of_the_model_file_are_answers_too():
    answer = coded("http://workshop.example/drives", "M")
    said = start(gearbox(), item=[{"linkId": "drive", "answer": [answer]}])
    assert read_response(gearbox(), said, "R5").evidence == {"drive": "manual"}


def test_items_may_be_nested_in_any_way():
    line = {"linkId": "fever", "answer": [{"valueBoolean": True}]}
    under = {"linkId": "age", "answer": [{"valueInteger": 42, "item": [line]}]}
    group = {"linkId": "illness_screen", "item": [line]}
    for item in (under, group, line):
        found = read_response(runner(), start(runner(), item=[item]), "R4")
        assert found.evidence["fever"] is True


def test_the_order_of_items_changes_nothing():
    lines = [
        {"linkId": "coughing", "answer": [{"valueBoolean": True}]},
        {"linkId": "age", "answer": [{"valueInteger": 42}]},
    ]
    found = [
        list(read_response(runner(), start(runner(), item=each), "R4").evidence)
        for each in (lines, lines[::-1])
    ]
    assert found[0] == found[1] == ["age", "coughing"]


@settings(max_examples=20)
@given(st.data())
def test_what_was_written_is_read_as_it_was(data):
    model = data.draw(st.sampled_from([gearbox(), runner()]))
    evidence = data.draw(answers_to(model))
    written = write_response(model, evidence, "clinician", NOW)
    for version in VERSIONS:
        found = read_response(model, written, version, NOW)
        assert dict(found.evidence) == evidence
        assert (found.not_used, found.audience) == ((), "clinician")
        check_shape(written, version)
    assert write_response(model, found.evidence, "clinician", NOW) == written


@pytest.mark.parametrize("version", VERSIONS)
def test_soft_answers_are_written_as_the_weight_of_each_choice_and_read_as_they_were(version):
    soft = dict(runner().interview({"coughing": "yes:0.7", "age": "20_to_34:0.7"}).given)
    written = write_response(runner(), soft, "clinician", NOW)
    assert not any(key.startswith("value") for key in written["item"][0]["answer"][0])
    assert dict(read_response(runner(), written, version, NOW).evidence) == soft
    check_shape(written, version)


def test_a_response_of_a_finding_that_follows_from_another_comes_back():
    written = write_response(runner(), {"leg_pain": True}, "self", NOW)
    assert read_response(runner(), written, "R4").evidence == {"leg_pain": True}


def test_what_this_audience_is_not_asked_is_not_written_for_it():
    test = next(n for n, each in runner().findings.items() if each.asked.asked_of != "self")
    with pytest.raises(EvidenceError, match=f"{test}: asked of a clinician"):
        write_response(runner(), {test: None}, "self", NOW)


@pytest.mark.parametrize(
    "canonical",
    [
        questionnaire_url(runner(), "clinician"),
        f"{questionnaire_url(runner(), 'clinician')}|0.0.9+000000000000",
        "https://ehr.example/fhir/R4/Questionnaire/lbp-runner-clinician",
    ],
)
def test_our_questionnaire_is_known_by_its_url_and_by_the_address_it_is_served_at(canonical):
    found = read_response(
        runner(), one("age", {"valueInteger": 42}) | {"questionnaire": canonical}, "R4"
    )
    assert found.audience == "clinician"
