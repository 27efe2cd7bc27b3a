"""Soft answers over every door of the service: told as in Python, refused in one line."""

import pytest
from lbp_service.tools.tools import call
from support.forms import Visitor
from support.models import gearbox
from support.service import Caller, service

from bayesnet import EvidenceError

SOFT = {"whine": {"yes": 0.7, "no": 0.3}, "felt_at": {"seat": 0.25, "none": 0.75}}


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


@pytest.fixture(scope="module")
def told():
    in_order = {name: SOFT[name] for name in gearbox().findings if name in SOFT}
    return gearbox().diagnose(in_order).to_dict()


def test_both_forms_of_evidence_take_them(caller, told):
    assert caller.post("/v1/diagnosis", {"evidence": SOFT}).json == told
    listed = [{"id": name, "choice_id": each, "source": "a camera"} for name, each in SOFT.items()]
    assert caller.post("/v1/diagnosis", {"evidence": listed}).json == told
    texts = {"whine": "yes:0.7", "felt_at": "seat:0.25,none:0.75"}
    assert caller.post("/v1/diagnosis", {"evidence": texts}).json == told
    twice = [*listed, {"id": "whine", "choice_id": {"no": 0.3, "yes": 0.7}}]
    assert caller.post("/v1/diagnosis", {"evidence": twice}).json == told
    twice[-1]["choice_id"] = True
    refused = caller.post("/v1/diagnosis", {"evidence": twice})
    assert "contradictory answers about 'whine'" in refused.json["detail"]


def test_a_comparison_and_an_interview_carry_them(caller, told):
    body = {"evidence": {"whine": True}, "change": SOFT}
    compared = caller.post("/v1/what-if", body).json
    assert compared["after"] == told
    changes = {each["id"]: (each["before"], each["after"]) for each in compared["changes"]}
    assert changes["whine"] == (True, SOFT["whine"])
    session = caller.post("/v1/interview", {"evidence": {"whine": SOFT["whine"]}}).json["session"]
    step = {"session": session, "answers": {"felt_at": SOFT["felt_at"]}}
    turn = caller.post("/v1/interview", step).json
    assert turn["report"] == told
    again = caller.post("/v1/interview", {"session": turn["session"]}).json
    assert again["report"] == told
    assert caller.post("/v1/interview", {**step, "back": True}).json["report"]["evidence"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({}, "empty mapping"),
        ({"yes": True}, "'whine' holds an object in which 'yes' is True"),
        ({"yes": "0.7"}, "'yes' is '0.7'; give a single answer, or the weight of each choice"),
        ({"yes": [0.7]}, "'yes' is a list"),
        ({"yes": None}, "'yes' is None"),
        ({"yes": -0.7}, "the weight of 'yes' is -0.7"),
        ({"yes": 1e301}, "the weight of 'yes' is 1e+301"),
        ({"yes": 1e-320}, "the weight of 'yes' is 1e-320"),
        ({"yes": 0, "no": 0}, "all weights are 0"),
        ({"yess": 0.7}, "did you mean 'yes'"),
        ({"yes": 0.4, "true": 0.4}, "'yes' twice"),
        ({"yes": 1.7}, "leave nothing for 'no'"),
        ([0.7, 0.3], 'weights are given as {"yes": 0.7, "no": 0.3}'),
        (0.7, '{"yes": 0.7, "no": 0.3}'),
    ],
)
def test_what_is_no_soft_answer_is_a_problem_that_names_it(caller, answer, words):
    reply = caller.post("/v1/diagnosis", {"evidence": {"whine": answer}})
    assert reply.status == 422
    assert "whine" in reply.json["detail"]
    assert words in reply.json["detail"]


def test_tools_take_them_and_refuse_what_is_none(told):
    found = call(gearbox(), "assess_case", {"evidence": SOFT}).document
    assert found["causes"] == told["causes"]
    assert found["evidence"] == told["evidence"]
    begun = call(gearbox(), "start_interview", {"evidence": {"whine": SOFT["whine"]}}).document
    given = {"session": begun["session"], "answers": {"felt_at": SOFT["felt_at"]}}
    turn = call(gearbox(), "answer_question", given).document
    assert turn["report"]["causes"] == told["causes"]
    with pytest.raises(EvidenceError, match="leave nothing for 'no'"):
        call(gearbox(), "assess_case", {"evidence": {"whine": {"yes": 7}}})


def test_a_page_refuses_them_and_keeps_what_was_said(caller):
    visitor = Visitor(caller)
    fields = [("asked", "whine"), ("answer", "yes:0.7"), ("do", "answer")]
    reply = visitor.send([("said", "hours=4000"), *fields])
    assert reply.status == 422
    assert visitor.asked == "whine"
    kept = [each.get("value") for each in visitor.page.all("input") if each.get("name") == "said"]
    assert kept == ["hours=4000"]
    damaged = visitor.send([("said", "hours=4000"), ("said", "whine=yes:0.7"), ("do", "go")])
    assert damaged.status < 500
    assert "whine=yes:0.7" in visitor.page.text
    supposed = [("said", "whine=yes"), ("if.whine", "yes:0.7"), ("do", "what_if")]
    assert visitor.send(supposed).status == 422
