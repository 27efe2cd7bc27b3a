"""CDS Hooks: what is offered, the card for a person, and calls that cannot be answered."""

import json
import logging
import uuid

import pytest
from lbp_service.hooks.cards import MOST_CHARACTERS
from lbp_service.http.keys import digest
from support.fhir_door import YES, bundle, outcome, response
from support.models import gearbox
from support.service import Caller, service

HOOK, FEEDBACK = "/cds-services/lbp-next", "/cds-services/lbp-next/feedback"
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
CONTEXT = {"patientId": "1288992", "userId": "Practitioner/1"}
KEY = "a-key-of-this-service"
MARK = "Zq7sentinel"


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


def call(answered, **more):
    """A call of the hook with the answers that came along."""
    told = {"hook": "patient-view", "hookInstance": INSTANCE, "context": CONTEXT}
    return {**told, "prefetch": {"response": answered}, **more}


def card(caller, answered, **more):
    """The only card of a call."""
    reply = caller.post(HOOK, call(answered, **more))
    assert reply.status == 200, reply.json
    assert reply.headers["cache-control"] == "no-store"
    (found,) = reply.json["cards"]
    assert 0 < len(found["summary"]) <= MOST_CHARACTERS < 140
    assert found["indicator"] in ("info", "warning", "critical")
    assert found["source"]["label"]
    assert uuid.UUID(found["uuid"])
    return found


def test_discovery_offers_one_service_and_says_what_it_needs(caller):
    reply = caller.get("/cds-services")
    (offered,) = reply.json["services"]
    assert (offered["hook"], offered["id"]) == ("patient-view", "lbp-next")
    assert offered["title"]
    assert offered["description"]
    assert offered["prefetch"]["patient"] == "Patient/{{context.patientId}}"
    asked = offered["prefetch"]["response"]
    assert asked.startswith("QuestionnaireResponse?patient={{context.patientId}}&")
    assert "urn:lbp-infer:fhir:Questionnaire:gearbox-self" in asked
    assert "_sort=-authored&_count=1" in asked
    assert caller.get("/cds-services", If_None_Match=reply.headers["etag"]).status == 304


def test_the_card_says_the_urgency_the_causes_and_what_to_ask(caller):
    found = card(caller, response(whine=YES))
    report = gearbox().diagnose({"whine": True}, "clinician")
    assert found["indicator"] == "info"
    assert report.triage.label in found["summary"]
    for words in (
        report.triage.message,
        report.causes[0].label,
        report.next_question.text,
        report.disclaimer,
    ):
        assert words in found["detail"].replace("\\", "")


def test_the_link_is_absolute_and_holds_nothing_of_the_person(caller):
    elsewhere = service(public="https://cds.example/lbp")
    found = card(elsewhere, response(whine=YES))
    assert found["links"] == [
        {"label": "Open the questions", "url": "https://cds.example/lbp/", "type": "absolute"}
    ]
    for answered in (response(whine=YES), None):
        assert "links" not in card(service(page=False), answered)
    reply = caller.post(HOOK, call(None), Host="10.0.0.1:8000")
    assert reply.json["cards"][0]["links"][0]["url"] == "http://10.0.0.1:8000/"


def test_in_an_emergency_the_card_says_where_to_go_and_why_and_no_more(caller):
    found = card(caller, response(smoke=YES))
    report = gearbox().diagnose({"smoke": True})
    assert report.triage.level == "emergency"
    assert found["indicator"] == "critical"
    assert report.triage.message in found["summary"]
    assert set(found) == {"uuid", "summary", "indicator", "source", "detail"}
    assert "may catch fire" in found["detail"]
    # Numbers, questions and other causes would only stand in the way.
    assert "%" not in found["detail"]
    assert "question" not in found["detail"].lower()
    assert len(found["detail"].split("\n\n")) <= 5


def test_the_card_says_of_which_day_the_answers_are(caller):
    for answers in (response(smoke=YES), response(whine=YES)):
        old = card(caller, {**answers, "authored": "2021-03-01T10:00:00Z"})["detail"]
        assert "Answered on 2021-03-01." in old
        assert "Answered on" not in card(caller, answers)["detail"]


def test_answers_of_another_person_than_the_one_looked_at_are_refused(caller):
    mine = {**response(smoke=YES), "subject": {"reference": "Patient/1288992"}}
    assert card(caller, mine)["indicator"] == "critical"
    other = {**mine, "subject": {"reference": "https://ehr.example/Patient/2"}}
    (issue,) = outcome(caller.post(HOOK, call(other)), 422, "business-rule")
    assert issue["expression"] == ["prefetch.response.subject"]
    came = {"patient": {"resourceType": "Patient", "id": "2"}, "response": mine}
    (issue,) = outcome(caller.post(HOOK, call(None, prefetch=came)), 422, "business-rule")
    assert issue["expression"] == ["prefetch.patient.id"]


def test_what_is_urgent_warns(caller):
    report = gearbox().diagnose({"oil_puddle": True})
    assert report.triage.level == "urgent"
    found = card(caller, response(oil_puddle=YES))
    assert found["indicator"] == "warning"
    # What is most probable is not what makes it urgent.
    assert report.triage.message.partition(".")[0] in found["summary"]
    assert report.causes[0].label not in found["summary"]


def test_without_answers_the_card_offers_the_questions(caller):
    warned = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning"}]}
    for none in (None, bundle(), bundle(warned), {"resourceType": "Bundle", "total": 0}):
        found = card(caller, none)
        assert found["indicator"] == "info"
        assert "no answers yet" in found["summary"]
        assert found["links"]


def test_the_latest_response_of_a_search_counts(caller):
    together = bundle(response(smoke=YES), response(whine=YES))
    assert card(caller, together)["indicator"] == "critical"


def test_the_same_call_has_the_same_card_and_another_one_another(caller):
    first = card(caller, response(whine=YES))
    assert card(caller, response(whine=YES)) == first
    other = card(caller, response(whine=YES), hookInstance=str(uuid.UUID(int=1)))
    assert {**other, "uuid": first["uuid"]} == first
    assert other["uuid"] != first["uuid"]


def test_what_came_along_is_text_and_no_markdown(caller):
    item = {"linkId": "q1", "text": "[click](http://evil.example) <b>", "answer": [YES]}
    said = {**response(), "questionnaire": "http://elsewhere.example/q", "item": [item]}
    detail = card(caller, said)["detail"]
    assert r"\[click\]\(http://evil.example\) \<b\>" in detail


def test_no_patient_or_one_that_could_not_be_fetched_changes_nothing(caller):
    failed = {"resourceType": "OperationOutcome", "issue": []}
    alone = card(caller, response(whine=YES))
    for patient in (None, failed, {"resourceType": "Patient"}):
        came = {"patient": patient, "response": response(whine=YES)}
        assert card(caller, None, prefetch=came) == alone


BROKEN = {
    "a list": ([], ""),
    "another hook": (call(None, hook="order-sign"), "hook"),
    "no hook": ({k: v for k, v in call(None).items() if k != "hook"}, "hook"),
    "no instance": (call(None, hookInstance=None), "hookInstance"),
    "an instance that is none": (call(None, hookInstance="1"), "hookInstance"),
    "a number for an instance": (call(None, hookInstance=7), "hookInstance"),
    "no context": (call(None, context=None), "context.patientId"),
    "no user": (call(None, context={"patientId": "1"}), "context.userId"),
    "an empty patient": (call(None, context={"patientId": "", "userId": "1"}), "context.patientId"),
    "prefetch a text": (call(None, prefetch="x"), "prefetch"),
    "response a text": (call("x"), "prefetch.response"),
    "response a Patient": (call({"resourceType": "Patient"}), "prefetch.response"),
    "entries a text": (call({"resourceType": "Bundle", "entry": "x"}), "prefetch.response.entry"),
    "patient an Observation": (
        call(None, prefetch={"response": None, "patient": {"resourceType": "Observation"}}),
        "prefetch.patient",
    ),
}


@pytest.mark.parametrize(("body", "place"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_call_says_where(caller, body, place):
    (issue,) = outcome(caller.post(HOOK, body), 400)
    assert issue.get("expression", [""]) == [place]


@pytest.mark.parametrize(
    "prefetch",
    [
        None,
        {},
        {"patient": {"resourceType": "Patient"}},
        {"response": {"resourceType": "OperationOutcome", "issue": []}},
        {
            "response": bundle(
                {"resourceType": "OperationOutcome", "issue": [{"severity": "error"}]}
            )
        },
    ],
)
def test_answers_that_did_not_come_along_are_a_precondition(caller, prefetch):
    (issue,) = outcome(caller.post(HOOK, call(None, prefetch=prefetch)), 412, "required")
    assert issue["expression"] == ["prefetch.response"]


def test_a_response_that_cannot_be_read_says_where_in_the_call(caller):
    (issue,) = outcome(caller.post(HOOK, call(response(wine=YES))), 422)
    assert issue["expression"] == ["prefetch.response.item[0]"]
    (issue,) = outcome(caller.post(HOOK, call(bundle({"x": 1}, response(wine=YES)))), 422)
    assert issue["expression"] == ["prefetch.response.entry[1].resource.item[0]"]


def test_feedback_is_accepted_and_forgotten(caller, caplog):
    told = {"card": INSTANCE, "outcome": "overridden", "overrideReason": {"userComment": MARK}}
    with caplog.at_level(logging.DEBUG):
        reply = caller.post(FEEDBACK, {"feedback": [told, {**told, "outcome": "accepted"}]})
    assert (reply.status, reply.json) == (200, {})
    assert MARK not in caplog.text
    for body in ([], {}, {"feedback": []}, {"feedback": [{}]}, {"feedback": [{"card": "1"}]}):
        outcome(caller.post(FEEDBACK, body), 400)


def test_pages_of_other_origins_may_call(caller):
    for address in ("/cds-services", HOOK, FEEDBACK):
        reply = caller.send("OPTIONS", address, headers={"Origin": "https://ehr.example"})
        assert reply.status == 204
        assert reply.headers["access-control-allow-origin"] == "*"
        assert "Content-Type" in reply.headers["access-control-allow-headers"]
    for reply in (
        caller.get("/cds-services"),
        caller.post(HOOK, call(None)),
        caller.post(HOOK, {}),
    ):
        assert reply.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in caller.get("/v1/models").headers


def test_a_key_is_asked_for_but_for_a_preflight():
    keyed = service(key_digests=(digest(KEY),))
    for address in ("/cds-services", HOOK):
        assert keyed.send("OPTIONS", address).status == 204
        assert keyed.send("OPTIONS", address.replace("cds", "v1")).status == 401
    refused = keyed.get("/cds-services")
    outcome(refused, 401, "login")
    assert refused.headers["access-control-allow-origin"] == "*"
    outcome(keyed.post(HOOK, call(None)), 401)
    assert keyed.post(HOOK, call(None), Authorization=f"Bearer {KEY}").status == 200


def test_nothing_of_a_call_is_logged(caller, caplog):
    token = {"access_token": MARK, "token_type": "Bearer"}
    with caplog.at_level(logging.DEBUG):
        for answered in (
            response(**{MARK: YES}),
            response(whine={"valueString": MARK}),
            MARK,
            None,
        ):
            caller.post(HOOK, call(answered, fhirAuthorization=token, fhirServer=f"https://{MARK}"))
        caller.get(f"/cds-services?{MARK}=1")
        caller.get(f"/cds-services/{MARK}")
    assert MARK not in caplog.text
    assert "internal-error" not in caplog.text
    assert json.dumps(caller.get("/metrics").body.decode()).count(MARK) == 0
