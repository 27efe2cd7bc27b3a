"""An interview over the wire: nothing is kept, the session travels."""

import pytest
from support.models import BEARING, gearbox
from support.service import Caller, problem, service

INTERVIEW = "/v1/interview"


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


def held(caller, answers, **begin):
    """Hold an interview to its end; answers by id, else not known."""
    turn = caller.post(f"{INTERVIEW}?fields=session,next_question,should_stop", begin).json
    asked = []
    while turn["next_question"] is not None:
        question = turn["next_question"]
        asked.append(question["id"])
        lines = [each["id"] for each in question["items"]] or [question["id"]]
        said = {name: answers.get(name, "unknown") for name in lines}
        body = {"session": turn["session"], "answers": said}
        turn = caller.post(f"{INTERVIEW}?fields=session,next_question,should_stop", body).json
    assert turn["should_stop"]
    return asked, turn["session"]


def test_an_interview_ends_in_the_report_of_its_answers(caller):
    asked, session = held(caller, BEARING)
    last = caller.post(INTERVIEW, {"session": session}).json
    same = gearbox().interview()
    for name in asked:
        gates = gearbox().description.interview.gates
        for line in gates[name].lines if name in gates else (name,):
            same = same.answer(line, BEARING.get(line))
    in_order = {name: same.given[name] for name in gearbox().findings if name in same.given}
    diagnosis = caller.post("/v1/diagnosis", {"evidence": in_order}).json
    assert last["report"] == diagnosis
    assert last["stop_reason"]


def test_the_questions_are_those_of_a_session_in_python(caller):
    asked, _ = held(caller, BEARING)
    session, mine = gearbox().interview(), []
    while session.next_question is not None:
        question = session.next_question
        mine.append(question.id)
        for line in [each.id for each in question.items] or [question.id]:
            session = session.answer(line, BEARING.get(line))
    assert asked == mine


def test_it_begins_with_what_is_known_and_goes_back(caller):
    begun = caller.post(INTERVIEW, {"evidence": {"hours": 4000}, "audience": "clinician"}).json
    assert begun["session"]["audience"] == "clinician"
    question = begun["next_question"]["id"]
    later = caller.post(
        INTERVIEW,
        {"session": begun["session"], "answers": [{"id": question, "choice_id": "unknown"}]},
    ).json
    assert later["next_question"]["id"] != question
    back = caller.post(INTERVIEW, {"session": later["session"], "back": True}).json
    assert back == begun


def test_policy_and_number_of_questions_are_the_session_s(caller):
    cause = next(iter(gearbox().causes))
    begun = caller.post(INTERVIEW, {"policy": f"confirm:{cause}", "most": 1}).json["session"]
    assert (begun["policy"], begun["most"]) == (f"confirm:{cause}", 1)
    more = caller.post(f"{INTERVIEW}?fields=session", {"session": begun, "more": True}).json
    assert more == {"session": {**begun, "on": True}}


WRONG = {
    "no session": {"session": {}},
    "another model's": {
        "session": {
            **gearbox().interview().to_dict(),
            "model": {"id": "other", "version": "", "sha256": ""},
        }
    },
    "an unknown answer": {
        "session": {**gearbox().interview().to_dict(), "steps": [["wine", True]]}
    },
    "a list": {"session": []},
    "policy": {"policy": "confirm:nothing"},
    "none asked": {"most": 0},
    "policy beside it": {"session": gearbox().interview().to_dict(), "policy": "care"},
    "evidence beside it": {
        "session": gearbox().interview().to_dict(),
        "evidence": {"whine": True},
    },
    "an unknown question": {"answers": {"wine": True}},
    "a wrong answer": {"answers": {"felt_at": "flor"}},
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_a_damaged_step_is_refused(caller, body):
    reply = caller.post(INTERVIEW, body)
    problem(reply, 422, reply.json["type"].rpartition(":")[2])


def test_a_session_of_many_steps_ends_soon(caller):
    session = {**gearbox().interview().to_dict(), "steps": [["whine", True]] * 2000}
    reply = caller.post(f"{INTERVIEW}?fields=should_stop", {"session": session})
    assert reply.status == 200
