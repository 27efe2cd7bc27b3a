"""What is wrong over FHIR: each an OperationOutcome that says where, never a 500."""

import pytest
from support.fhir_door import (
    ASSESS,
    FHIR_JSON,
    NEXT,
    NO,
    YES,
    bundle,
    outcome,
    parameters,
    response,
)
from support.models import runner
from support.service import Caller, service

R4, R5 = "/fhir/R4/", "/fhir/R5/"
AHEAD = "2999-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


def item(link_id: str, *answers):
    return {**response(), "item": [{"linkId": link_id, "answer": list(answers)}]}


def coded(code: str, system: str | None = None):
    return {"valueCoding": {"code": code, **({"system": system} if system else {})}}


CONTAINED = {"resourceType": "Questionnaire", "id": "q", "status": "active", "derivedFrom": []}
ELSEWHERE = "http://elsewhere.example/codes"
PLACE = "QuestionnaireResponse.item[0]"
WRONG = {
    "code without system": (item("felt_at", coded("felt_at.floor")), PLACE),
    "code of another system": (item("felt_at", coded("felt_at.floor", ELSEWHERE)), PLACE),
    "yes for a choice": (item("felt_at", {"valueBoolean": True}), PLACE),
    "two answers": (item("whine", YES, NO), PLACE),
    "unknown linkId": (item("wine", YES), PLACE),
    "linkId of another case": (item("Whine", YES), PLACE),
    "number beyond": (item("hours", {"valueInteger": -1}), PLACE),
    "number as text": (item("hours", {"valueString": "many"}), PLACE),
    "an answer that is none": (item("whine", {}), PLACE),
    "an item that is none": ({**response(), "item": ["whine"]}, PLACE),
    "items that are none": ({**response(), "item": {"whine": YES}}, "QuestionnaireResponse.item"),
    "no linkId": ({**response(), "item": [{"answer": [YES]}]}, PLACE),
    "not contained": ({**response(), "questionnaire": "#q"}, "QuestionnaireResponse.questionnaire"),
    "of another model": (response("elsewhere-self"), "QuestionnaireResponse.questionnaire"),
    "no status": (
        {"resourceType": "QuestionnaireResponse", "questionnaire": "urn:a"},
        "QuestionnaireResponse.status",
    ),
    "entered in error": (
        {**response(), "status": "entered-in-error"},
        "QuestionnaireResponse.status",
    ),
    "to come": ({**response(), "authored": AHEAD}, "QuestionnaireResponse.authored"),
    "no zone": (
        {**response(), "authored": "2026-01-01T00:00:00"},
        "QuestionnaireResponse.authored",
    ),
    "no such date": ({**response(), "authored": "2026-02-30"}, "QuestionnaireResponse.authored"),
}


@pytest.mark.parametrize(("body", "place"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("below", [NEXT, ASSESS])
def test_a_response_that_cannot_be_read_says_where(caller, below, body, place):
    issues = outcome(caller.post(R4 + below, body), 422)
    assert [each["expression"][0].startswith(place) for each in issues] == [True] * len(issues)
    sent = parameters(("questionnaire-response", body))
    issues = outcome(caller.post(R4 + below, sent), 422)
    inside = place.replace("QuestionnaireResponse", "Parameters.parameter[0].resource")
    assert issues[0]["expression"][0].startswith(inside)


def test_every_mistake_of_a_response_is_told_at_once(caller):
    body = {**response(wine=YES, felt_at=coded("x"), whine=YES)}
    issues = outcome(caller.post(R4 + ASSESS, body), 422)
    assert [each["expression"] for each in issues] == [[PLACE], ["QuestionnaireResponse.item[1]"]]
    assert "whine" in issues[0]["details"]["text"]


NEXT_ONLY = {
    "completed": ({**response(), "status": "completed"}, "QuestionnaireResponse.status"),
    "none named": (
        {"resourceType": "QuestionnaireResponse", "status": "in-progress"},
        "QuestionnaireResponse.questionnaire",
    ),
    "contained of nothing": (
        {**response(), "questionnaire": "#q", "contained": [CONTAINED]},
        "QuestionnaireResponse.questionnaire",
    ),
    "a Bundle": (bundle(response()), "resourceType"),
    "a Patient": ({"resourceType": "Patient"}, "resourceType"),
    "a Questionnaire": (CONTAINED, "resourceType"),
    "no resource": ({"item": []}, "resourceType"),
    "model": (
        parameters(("questionnaire-response", response()), ("model", "gearbox")),
        "Parameters.parameter[1].name",
    ),
}


@pytest.mark.parametrize(("body", "place"), NEXT_ONLY.values(), ids=NEXT_ONLY)
def test_an_interview_that_cannot_go_on_says_why(caller, body, place):
    (issue,) = outcome(caller.post(R4 + NEXT, body), 422)
    assert issue["expression"] == [place]


ASSESS_ONLY = {
    "empty Parameters": (parameters(), "Parameters.parameter"),
    "no resource": (
        parameters(("questionnaire-response", "x")),
        "Parameters.parameter[0].resource",
    ),
    "another resource": (
        parameters(("questionnaire-response", CONTAINED)),
        "Parameters.parameter[0].resource",
    ),
    "twice": (parameters(*[("questionnaire-response", response())] * 2), "Parameters.parameter[1]"),
    "parameters that are none": (
        {"resourceType": "Parameters", "parameter": "x"},
        "Parameters.parameter",
    ),
    "audience": (
        parameters(("questionnaire-response", response()), ("audience", "nurse")),
        "Parameters.parameter[1].valueCode",
    ),
    "empty Bundle": (bundle(), "Bundle.entry"),
    "two responses": (bundle(response(), response()), "Bundle.entry[1].resource"),
    "an Observation": (
        bundle(response(), {"resourceType": "Observation"}),
        "Bundle.entry[1].resource",
    ),
    "of another person": (
        bundle(
            {"resourceType": "Patient", "id": "p1"},
            {**response(), "subject": {"reference": "Patient/p2"}},
        ),
        "Bundle.entry[1].resource.subject",
    ),
    "a subject that is none": (
        {**response(), "subject": "Patient/1"},
        "QuestionnaireResponse.subject",
    ),
    "nothing in a Bundle": ({"resourceType": "Bundle", "entry": [{}]}, "Bundle.entry[0].resource"),
    "entries that are none": ({"resourceType": "Bundle", "entry": [1]}, "Bundle.entry"),
}


@pytest.mark.parametrize(("body", "place"), ASSESS_ONLY.values(), ids=ASSESS_ONLY)
def test_what_holds_no_response_says_what_is_missing(caller, body, place):
    (issue,) = outcome(caller.post(R4 + ASSESS, body), 422)
    assert issue["expression"] == [place]


def test_another_version_of_fhir_has_an_address_of_its_own(caller):
    asked = {**CONTAINED, "item": [{"linkId": "felt_at", "type": "coding", "text": "Where?"}]}
    of_r5 = {**response(), "questionnaire": "#q", "contained": [asked]}
    for below in (NEXT, ASSESS):
        (issue,) = outcome(caller.post(R4 + below, of_r5), 422)
        assert "R5" in issue["details"]["text"]
        unnamed = {"resourceType": "QuestionnaireResponse", "status": "completed"}
        outcome(caller.post(R5 + below, unnamed), 422)
    for said in ("application/fhir+json; fhirVersion=5.0", "application/json;fhirVersion=3.0"):
        reply = caller.send("POST", R4 + NEXT, [b"{}"], {"Content-Type": said})
        outcome(reply, 415, "not-supported")


BROKEN = {
    "nothing": (b"", 400),
    "half": (b'{"resourceType": "Quest', 400),
    "XML": (b"<QuestionnaireResponse/>", 400),
    "key twice": (b'{"resourceType": "Bundle", "resourceType": "Patient"}', 400),
    "UTF-16": ("{}".encode("utf-16"), 400),
    "NaN": (b'{"resourceType": NaN}', 400),
    "a list": (b"[]", 422),
    "null": (b"null", 422),
    "deep": (b"[" * 10_000, 422),
    "large": (b'{"text": "' + b"a" * 300_000 + b'"}', 413),
}


@pytest.mark.parametrize(("body", "status"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_json_is_refused_as_elsewhere(caller, body, status):
    outcome(caller.send("POST", R4 + NEXT, [body], FHIR_JSON), status)


@pytest.mark.parametrize(
    "said", ["application/fhir+xml", "text/plain", "application/json; charset=utf-16"]
)
def test_only_json_is_read(caller, said):
    outcome(caller.send("POST", R4 + NEXT, [b"{}"], {"Content-Type": said}), 415)


def test_what_is_nowhere_and_what_is_not_searched_by_are_outcomes(caller):
    for address in ("/fhir/R4/Patient", "/fhir/R3/metadata", "/fhir/R4/Questionnaire/gearbox-selv"):
        outcome(caller.get(address), 404, "not-found")
    for address in ("/fhir", "/fhir/R4", "/fhir/R4/questionnaire"):
        (issue,) = outcome(caller.get(address), 404, "not-found")
        assert "/fhir/R4/metadata" in issue["details"]["text"]
    (issue,) = outcome(caller.get("/fhir/R4/Questionnaire?title=x"), 422, "not-supported")
    assert "it takes _id, url, version, _format" in issue["details"]["text"]
    outcome(caller.get("/fhir/R4/Questionnaire/gearbox-self?whine=yes"), 422)
    for method in ("GET", "DELETE"):
        reply = caller.send(method, R4 + NEXT)
        outcome(reply, 405)
        assert reply.headers["allow"] == "POST"
    reply = caller.send("DELETE", "/fhir/R4/Questionnaire")
    outcome(reply, 405)
    assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_an_operation_that_nobody_offers_is_told_from_one_that_is_posted(caller):
    for method in ("GET", "POST"):
        for asked in ("Questionnaire/$nextquestion", "Questionnaire/$populate"):
            (issue,) = outcome(caller.send(method, R4 + asked), 404, "not-found")
            assert "it has '$next-question'" in issue["details"]["text"]
        outcome(caller.send(method, R4 + "QuestionnaireResponse/$assess"), 404, "not-found")


def test_answers_that_cannot_all_be_true_are_each_named():
    caller = service("lbp-runner")
    male = coded("sex.male", "urn:lbp-infer:fhir:CodeSystem:lbp-runner")
    said = response("lbp-runner-self", sex=male, recent_childbirth=YES, age={"valueInteger": 42})
    for below in (NEXT, ASSESS):
        issues = outcome(caller.post(R4 + below, said), 422, "business-rule")
        places = {"QuestionnaireResponse.item[0]", "QuestionnaireResponse.item[1]"}
        assert {each["expression"][0] for each in issues} == places


@pytest.mark.parametrize("reference", ["Patient/p2", "https://a.example/Patient/p2/_history/1"])
def test_answers_of_another_patient_are_not_put_together(caller, reference):
    said = {**response(whine=YES), "subject": {"reference": reference}}
    sent = bundle({"resourceType": "Patient", "id": "p1"}, said)
    (issue,) = outcome(caller.post(R4 + ASSESS, sent), 422, "business-rule")
    assert issue["expression"] == ["Bundle.entry[1].resource.subject"]


def test_a_date_of_birth_that_cannot_be_says_so():
    caller, said = service("lbp-runner"), response("lbp-runner-self")
    assert runner().codings["age"]
    for born in ("1800-01-01", "2999", "1984-13-01", "30.11.1984", "2025-01-01", 1984, ""):
        sent = bundle(said, {"resourceType": "Patient", "birthDate": born})
        (issue,) = outcome(caller.post(R4 + ASSESS, sent), 422, "value")
        assert issue["expression"] == ["Bundle.entry[1].resource.birthDate"]
