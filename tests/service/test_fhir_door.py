"""FHIR over HTTP: what is shown, operations in each form, and what is agreed on first."""

import json
import logging

import pytest
from lbp_fhir import code_system, questionnaire
from lbp_fhir.canonical import version_of
from lbp_service.http.keys import digest
from support.fhir_door import (
    ASSESS,
    FHIR_JSON,
    NEXT,
    NO,
    YES,
    bundle,
    canonical,
    outcome,
    parameters,
    response,
)
from support.models import GEARBOX_FILE, gearbox
from support.service import Caller, service

BASES = {"R4": "/fhir/R4/", "R5": "/fhir/R5/"}
both = pytest.mark.parametrize("version", BASES)
KEY = "a-key-of-this-service"
MARK = "Zq7sentinel"
VERSION = version_of(gearbox())


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


@both
def test_the_capability_says_what_is_answered(caller, version):
    reply = caller.get(f"{BASES[version]}metadata", Host="fhir.example")
    told = reply.json
    assert reply.headers["content-type"] == "application/fhir+json"
    assert told["fhirVersion"][0] == version[1]
    assert told["implementation"]["url"] == f"http://fhir.example/fhir/{version}"
    resources = {each["type"]: each for each in told["rest"][0]["resource"]}
    operations = {
        f"{kind}/${each['name']}"
        for kind in resources
        for each in resources[kind].get("operation", ())
    }
    assert operations == {NEXT, ASSESS}
    for kind, each in resources.items():
        searched = {"code": "search-type"} in each.get("interaction", ())
        assert (caller.get(BASES[version] + kind).status == 200) == searched
    definition = caller.get(f"{BASES[version]}OperationDefinition/assess-risk").json
    assert definition["url"] == resources["QuestionnaireResponse"]["operation"][0]["definition"]


@both
def test_questionnaires_and_codes_are_found_and_read(caller, version):
    base, model = BASES[version], gearbox()
    found = caller.get(f"{base}Questionnaire", Host="a.example").json
    assert (found["type"], found["total"]) == ("searchset", 2)
    told = [each["resource"] for each in found["entry"]]
    assert told == [questionnaire(model, each, version) for each in ("self", "clinician")]
    assert found["entry"][0]["fullUrl"] == f"http://a.example{base}Questionnaire/gearbox-self"
    assert caller.get(f"{base}Questionnaire/gearbox-clinician").json == told[1]
    assert caller.get(f"{base}CodeSystem/gearbox").json == code_system(model, version)
    by_url = caller.get(f"{base}Questionnaire?url={told[1]['url']}&_format=json").json
    assert [each["resource"]["id"] for each in by_url["entry"]] == ["gearbox-clinician"]
    assert caller.get(f"{base}Questionnaire?_id=gearbox-self,nothing").json["total"] == 1
    none = caller.get(f"{base}CodeSystem?version=0", Host="a.example").json
    link = {"relation": "self", "url": f"http://a.example{base}CodeSystem?version=0"}
    assert none == {"resourceType": "Bundle", "type": "searchset", "total": 0, "link": [link]}


def test_what_is_shown_has_a_tag(caller):
    first = caller.get("/fhir/R4/Questionnaire/gearbox-self")
    same = caller.get("/fhir/R4/Questionnaire/gearbox-self", If_None_Match=first.headers["etag"])
    assert (same.status, same.body) == (304, b"")
    assert (
        first.headers["etag"] != caller.get("/fhir/R5/Questionnaire/gearbox-self").headers["etag"]
    )


@both
def test_an_operation_answers_in_the_form_in_which_it_was_asked(caller, version):
    for below in (NEXT, ASSESS):
        bare = caller.post(BASES[version] + below, response(whine=YES)).json
        wrapped = parameters(("questionnaire-response", response(whine=YES)))
        told = caller.post(BASES[version] + below, wrapped).json
        assert told["resourceType"] == "Parameters"
        (returned,) = told["parameter"]
        assert returned["name"] == "return"
        assert set(returned["resource"]) == set(bare)
        assert bare["resourceType"] in ("QuestionnaireResponse", "RiskAssessment")


@both
def test_an_assessment_is_the_report_in_per_cent(caller, version):
    evidence = {"whine": True, "squeal_cold": False, "hours": 4000}
    said = response(whine=YES, squeal_cold=NO, hours={"valueInteger": 4000})
    told = caller.send("POST", BASES[version] + ASSESS, [json.dumps(said).encode()], FHIR_JSON).json
    causes = gearbox().diagnose(evidence).causes
    assert [each["probabilityDecimal"] for each in told["prediction"]] == pytest.approx(
        [100 * each.probability for each in causes], abs=1e-11
    )
    assert told["subject"]
    assert told["status"] == "preliminary"


def test_a_bundle_will_do_and_its_patient_is_the_subject(caller):
    patient = {"resourceType": "Patient", "id": "p1"}
    told = caller.post(BASES["R4"] + ASSESS, bundle(patient, response(whine=YES))).json
    assert told["subject"] == {"reference": "Patient/p1"}
    for reference in ("https://ehr.example/fhir/Patient/p1", "urn:uuid:" + "0" * 32):
        own = {**response(whine=YES), "subject": {"reference": reference}}
        told = caller.post(BASES["R4"] + ASSESS, bundle(patient, own)).json
        assert told["subject"] == own["subject"]
    contained = {**response(whine=YES), "contained": [patient], "subject": {"reference": "#p1"}}
    told = caller.post(BASES["R4"] + ASSESS, contained).json
    assert told["subject"] == {"display": "whoever gave these answers"}
    assert "Not used: Patient: nothing" in " ".join(each["text"] for each in told["note"])


def test_what_the_figures_rest_on_is_noted(caller):
    def notes(said):
        told = caller.post(BASES["R4"] + ASSESS, said).json["note"]
        return " ".join(each["text"] for each in told)

    assert "No answer could be used" in notes({**response(q=YES), "questionnaire": "http://a/q"})
    assert "No answer could be used" not in notes(response(whine=YES))
    older = {**response(whine=YES), "questionnaire": canonical() + "|0.0.9"}
    assert "to version 0.0.9 of the questionnaire; this is" in notes(older)
    assert "version" not in notes({**older, "questionnaire": canonical() + f"|{VERSION}"})


def test_what_of_another_questionnaire_is_not_used_is_listed_twice(caller):
    said = {**response(whine=YES, q9=NO), "questionnaire": "http://elsewhere.example/q"}
    sent = parameters(("questionnaire-response", said), ("audience", "clinician"))
    assessment, issues = caller.post(BASES["R4"] + ASSESS, sent).json["parameter"]
    (issue,) = issues["resource"]["issue"]
    assert (issues["name"], issue["severity"]) == ("issues", "information")
    assert issue["expression"] == ["Parameters.parameter[0].resource.item[1]"]
    assert any("q9" in each["text"] for each in assessment["resource"]["note"])


def test_the_model_is_the_one_whose_questionnaire_it_is():
    two = service("lbp-runner", more=(str(GEARBOX_FILE),))
    asked = two.post(BASES["R4"] + NEXT, response()).json["contained"][0]
    assert asked["title"] == gearbox().description.model.title
    elsewhere = {**response(), "questionnaire": "http://elsewhere.example/q"}
    sent = parameters(("questionnaire-response", elsewhere), ("model", "gearbox"))
    named = two.post(BASES["R4"] + ASSESS, sent).json["parameter"][0]["resource"]
    assert named["code"] != two.post(BASES["R4"] + ASSESS, elsewhere).json["code"]
    unknown = parameters(("questionnaire-response", elsewhere), ("model", "gearbx"))
    (issue,) = outcome(two.post(BASES["R4"] + ASSESS, unknown), 422, "not-found")
    assert "'gearbox'" in issue["details"]["text"]
    assert issue["expression"] == ["Parameters.parameter.where(name = 'model').value"]


WANTED = {
    "": "application/fhir+json",
    "*/*": "application/fhir+json",
    "application/*;q=0.5": "application/fhir+json",
    "text/html, application/json": "application/json",
    "application/json;q=0.5, application/fhir+json;q=0.9": "application/fhir+json",
    "application/json;q=many, */*;q=0.1": "application/fhir+json",
    "application/fhir+xml;q=0.9, application/fhir+json; fhirVersion=4.0": "application/fhir+json",
}


@pytest.mark.parametrize("accept", WANTED)
def test_json_of_this_version_is_what_is_agreed_on(caller, accept):
    reply = caller.get("/fhir/R4/metadata", Accept=accept)
    assert (reply.status, reply.headers["content-type"]) == (200, WANTED[accept])
    assert caller.post(BASES["R4"] + NEXT, response(), Accept=accept).status == 200


@pytest.mark.parametrize(
    "accept",
    [
        "application/fhir+xml",
        "text/html",
        "application/fhir+json;fhirVersion=5.0",
        "application/json;q=0",
        "application/json; q=0.000",
    ],
)
def test_another_form_is_not_acceptable(caller, accept):
    for reply in (
        caller.get("/fhir/R4/metadata", Accept=accept),
        caller.post(BASES["R4"] + NEXT, response(), Accept=accept),
    ):
        outcome(reply, 406, "not-supported")


def test_the_address_may_name_the_form(caller):
    for said in ("json", "application/fhir%2Bjson", "application/fhir+json", "application/json"):
        reply = caller.get(f"/fhir/R4/metadata?_format={said}", Accept="application/fhir+xml")
        assert reply.status == 200, said
    for said in ("xml", "ttl", "", "json&_format=xml"):
        outcome(caller.get(f"/fhir/R4/metadata?_format={said}"), 406)


def test_what_asks_for_less_or_another_layout_is_passed_over(caller):
    plain = caller.get("/fhir/R4/Questionnaire?_id=gearbox-self", Host="a.example").json
    told = "_summary=true&_elements=id&_pretty=true"
    same = caller.get(f"/fhir/R4/Questionnaire?_id=gearbox-self&{told}", Host="a.example")
    assert same.json == plain
    assert caller.get(f"/fhir/R4/metadata?mode=full&{told}").status == 200
    assert caller.post(f"/fhir/R4/{NEXT}?_pretty=true", response()).status == 200


def test_keys_are_asked_for_but_for_the_capability():
    keyed = service(key_digests=(digest(KEY),))
    assert keyed.get("/fhir/R4/metadata").status == 200
    assert outcome(keyed.get("/fhir/R4/Questionnaire"), 401, "login")
    outcome(keyed.post(BASES["R4"] + NEXT, response()), 401)
    assert keyed.get("/fhir/R4/Questionnaire", Authorization=f"Bearer {KEY}").status == 200


def test_pages_of_other_origins_may_call(caller):
    keyed = service(key_digests=(digest(KEY),))
    for below, method in (
        ("metadata", "GET"),
        ("Questionnaire/gearbox-self", "GET"),
        (NEXT, "POST"),
    ):
        reply = keyed.send("OPTIONS", BASES["R4"] + below, headers={"Origin": "https://a.example"})
        assert (reply.status, reply.headers["access-control-allow-methods"]) == (204, method)
        assert reply.headers["access-control-allow-origin"] == "*"
    assert caller.get(BASES["R4"] + "metadata").json["rest"][0]["security"] == {"cors": True}
    for reply in (caller.post(BASES["R4"] + NEXT, {}), caller.get(BASES["R4"] + "metadata")):
        assert reply.headers["access-control-allow-origin"] == "*"


def test_a_full_queue_is_an_outcome_with_when_to_try_again():
    reply = service(queue=0).post(BASES["R4"] + NEXT, response())
    outcome(reply, 503, "throttled")
    assert reply.headers["retry-after"] == "1"


def test_nothing_that_was_said_is_logged_or_counted(caplog):
    caller = service()
    with caplog.at_level(logging.DEBUG):
        for below in (NEXT, ASSESS, f"Questionnaire/{MARK}", MARK):
            for body in (
                response(whine={"valueString": MARK}),
                response(**{MARK: YES}),
                {**response(), "questionnaire": MARK},
                {"resourceType": MARK},
                parameters((MARK, MARK)),
                bundle({"resourceType": MARK}),
            ):
                caller.post(BASES["R4"] + below, body)
            caller.get(BASES["R5"] + below, Accept=MARK)
        caller.get(f"/fhir/R4/Questionnaire?_id={MARK}")
    counted = caller.get("/metrics").body.decode()
    for text in (caplog.text, counted):
        assert MARK not in text
    assert "internal-error" not in caplog.text
    assert 'route="/fhir/R4/Questionnaire/$next-question",status="422"' in counted
