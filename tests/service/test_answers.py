"""What the service answers: the report of the command line, and parts of it."""

import json

import pytest
from jsonschema import Draft202012Validator
from lbp_service.http.endpoints import ANSWERED
from support.cli import FLAGS, GEARBOX_FLAGS, SAME, run
from support.models import BEARING, gearbox
from support.service import Caller, service

LISTED = [{"id": name, "choice_id": value} for name, value in BEARING.items()]


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


def written(*args: str) -> bytes:
    """What the command writes."""
    result = run(*args)
    assert result.exit_code == 0, result.stderr
    return result.stdout_bytes


@pytest.mark.usefixtures("gearbox_by_default")
def test_the_report_is_the_command_s_to_the_byte(caller):
    expected = written("--json", *GEARBOX_FLAGS)
    assert caller.post("/v1/diagnosis", {"evidence": BEARING}).body == expected
    turned = dict(reversed(BEARING.items()))
    assert caller.post("/v1/diagnosis", {"evidence": turned}).body == expected
    assert caller.post("/v1/diagnosis", {"evidence": LISTED}).body == expected
    clinician = caller.post("/v1/diagnosis", {"evidence": BEARING, "audience": "clinician"})
    assert clinician.body == written("--json", "--audience", "clinician", *GEARBOX_FLAGS)
    assert caller.post("/v1/diagnosis", {}).body == written("--json")


def test_the_report_of_the_shipped_model_is_the_command_s_to_the_byte():
    reply = service("lbp-runner").post("/v1/diagnosis", {"evidence": SAME})
    assert reply.body == written("--json", *FLAGS)


@pytest.mark.usefixtures("gearbox_by_default")
def test_explanation_and_comparison_are_the_command_s_to_the_byte(caller):
    explained = caller.post("/v1/explain", {"evidence": BEARING})
    assert explained.body == written("explain", "--json", *GEARBOX_FLAGS)
    cause = next(iter(gearbox().causes))
    named = caller.post("/v1/explain", {"evidence": BEARING, "causes": [cause]})
    assert named.body == written("explain", "--json", *GEARBOX_FLAGS, cause)
    compared = caller.post("/v1/what-if", {"evidence": BEARING, "change": {"whine": "no"}})
    command = ["what-if", "--json", *GEARBOX_FLAGS, "--change", "whine=no"]
    assert compared.body == written(*command)


@pytest.mark.parametrize("each", ANSWERED, ids=lambda each: each.name)
def test_every_answer_keeps_its_schema(caller, each):
    body = {"evidence": BEARING} | ({"change": {"whine": False}} if each.name == "what_if" else {})
    reply = caller.post(each.path, body)
    assert reply.status == 200, reply.body
    Draft202012Validator(each.schema()).validate(reply.json)


@pytest.mark.parametrize("path", ["/v1/diagnosis", "/v1/triage", "/v1/explain"])
@pytest.mark.parametrize("fields", ["triage,evidence", "triage.level", "model.id,disclaimer"])
def test_fields_cut_the_same_answer(caller, path, fields):
    whole = caller.post(path, {"evidence": BEARING}).json
    cut = caller.post(f"{path}?fields={fields}", {"evidence": BEARING})
    assert cut.status == 200
    repeated = fields.replace(",", "&fields=")
    again = caller.post(f"{path}?fields={repeated}", {"evidence": LISTED})
    assert again.body == cut.body
    assert list(cut.json) == [name for name in whole if name in cut.json]
    assert set(cut.json) == {each.partition(".")[0] for each in fields.split(",")}
    for each in fields.split(","):
        assert inside(cut.json, each) == inside(whole, each)


def inside(document, name):
    """The part of a document with a dotted name."""
    for part in name.split("."):
        document = document[part]
    return document


def test_fields_reach_into_both_sides_of_a_comparison(caller):
    body = {"evidence": BEARING, "change": {"whine": False}}
    found = caller.post("/v1/what-if?fields=before.triage.level,after.causes.id", body).json
    assert [set(found["before"]["triage"]), set(found["after"]["causes"][0])] == [{"level"}, {"id"}]
    assert set(found) == {"before", "after"}


def test_triage_and_suggestions_are_parts_of_the_report(caller):
    report = caller.post("/v1/diagnosis", {"evidence": BEARING}).json
    for path in ("/v1/triage", "/v1/suggest"):
        found = caller.post(path, {"evidence": BEARING}).json
        assert found == {name: report[name] for name in found}
        assert "disclaimer" in found


def test_lists_of_evidence_read_the_words_of_others(caller):
    said = [
        {"id": "whine", "choice_id": "present", "source": "initial"},
        {"id": "squeal_cold", "choice_id": "absent"},
        {"id": "smoke", "choice_id": "unknown"},
        {"id": "whine", "choice_id": True},
    ]
    found = caller.post("/v1/diagnosis?fields=evidence", {"evidence": said}).json["evidence"]
    assert {each["id"]: each["value"] for each in found} == {
        "whine": True,
        "squeal_cold": False,
        "smoke": None,
    }


def test_models_and_what_they_can_be_told(caller):
    listed = caller.get("/v1/models").json["models"]
    assert [each["name"] for each in listed if each["is_default"]] == ["gearbox"]
    one = caller.get("/v1/models/gearbox").json
    assert one in listed
    assert one["identity"]["sha256"] == gearbox().compiled.sha256
    told = caller.get("/v1/models/gearbox/findings").json
    assert [each["id"] for each in told["findings"]] == list(gearbox().findings)
    for each in told["findings"]:
        value = each["choices"][0]["value"] if each["choices"] else each["minimum"]
        reply = caller.post("/v1/diagnosis?fields=evidence", {"evidence": {each["id"]: value}})
        assert reply.json["evidence"][0]["value"] == value
        assert reply.json["evidence"][0]["codings"] == each["codings"]
    drive = next(each for each in told["findings"] if each["id"] == "drive")
    assert [each["code"] for each in drive["codings"]] == ["Q1"]
    assert [each["code"] for each in drive["choice_codings"]["manual"]] == ["M"]


def test_another_model_is_asked_by_its_name():
    caller = service(more=("lbp-runner",))
    reply = caller.post("/v1/diagnosis?fields=model.id", {"model": "lbp-runner"})
    assert reply.json == {"model": {"id": "lbp-runner"}}


def test_answers_are_never_kept_by_others(caller):
    reply = caller.post("/v1/diagnosis", {"evidence": BEARING})
    assert reply.headers["cache-control"] == "no-store"
    assert json.loads(reply.body)["evidence"]
