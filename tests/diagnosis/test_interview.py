"""The interview: what comes first, what is worth asking, when it stops; a session is a value."""

import copy
import json
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.budget import examples
from support.models import gearbox

from bayesnet.diagnosis.interview.session import Session
from bayesnet.errors import EvidenceError, ImpossibleEvidenceError, UnknownNameError

INTERVIEW = gearbox().description.interview
LINES = {line: gate for gate, each in INTERVIEW.gates.items() for line in each.lines}
BEFORE = {*INTERVIEW.first, *INTERVIEW.gates}
CALM = {"hours": 4000, "drive": "automatic"}


def plain(question, rng):
    """An answer that a person might give to a question."""
    if question.items:
        return "none"
    if question.choices:
        return question.choices[rng.integers(len(question.choices))].value
    return int(rng.integers(0, 9000))


def screened(**answers):
    """A session past the screens."""
    session = gearbox().interview({**CALM, **answers})
    for gate in INTERVIEW.gates:
        session = session.answer(gate, "none")
    return session


def test_who_it_is_comes_first_and_then_every_screen():
    session, asked = gearbox().interview(), []
    while session.next_question.id in BEFORE:
        asked.append(session.next_question.id)
        session = session.answer(asked[-1], plain(session.next_question, np.random.default_rng(1)))
    assert asked == [*INTERVIEW.first, *INTERVIEW.gates]


def test_a_screen_is_one_question_whose_lines_are_answered_together_or_each_by_itself():
    session = gearbox().interview(CALM)
    question = session.next_question
    assert question.id == "fire"
    assert [each.id for each in question.items] == list(INTERVIEW.gates["fire"].lines)
    assert [each.value for each in question.choices] == ["none"]
    denied = session.answer("fire", "None")
    assert {name: denied.given[name] for name in INTERVIEW.gates["fire"].lines} == dict.fromkeys(
        INTERVIEW.gates["fire"].lines, False
    )
    unsure = session.answer("fire", "unknown")
    assert unsure.given["smoke"] is None
    one = session.answer("gear_jumps", False)
    assert [each.id for each in one.next_question.items] == ["smoke", "burning_smell"]
    assert one.answer("fire", "none").given["gear_jumps"] is False
    assert one.answer("smoke", False).answer("burning_smell", None).next_question.id == "leaks"


def test_words_for_a_clinician():
    assert gearbox().interview(CALM).next_question.text == "Do you notice any of these?"
    clinician = gearbox().interview(CALM, audience="clinician")
    assert clinician.next_question.text == "Signs of fire?"


def test_an_emergency_stops_at_once_also_when_asked_for_more():
    session = gearbox().interview({"smoke": True})
    assert session.report.triage.level == "emergency"
    for each in (session, session.more()):
        assert each.next_question is None
        assert each.should_stop
        assert "emergency" in each.stop_reason


def test_a_question_for_some_is_asked_of_them_alone():
    asked = {each.id for each in screened().report.questions}
    assert "new_clutch" not in asked
    by_hand = screened(drive="manual")
    assert "new_clutch" in {each.id for each in by_hand.report.questions}


def test_the_next_question_is_the_reports():
    session = screened()
    assert session.next_question == session.report.next_question
    assert session.report.to_json() == gearbox().diagnose(session.given).to_json()
    best = session.report.questions[0]
    assert session.next_question.id == best.id
    assert session.next_question.expected_gain == best.expected_gain > 0


def test_what_was_said_in_any_order_gives_the_same_bits():
    answers = {"whine": True, "squeal_cold": False, "rattle_idle": True, "onset": "sudden"}
    one, other = screened(), screened()
    for name in answers:
        one = one.answer(name, answers[name])
    for name in reversed(answers):
        other = other.answer(name, answers[name])
    assert one.next_question == other.next_question
    assert one.stop_reason == other.stop_reason


def test_a_session_is_a_value():
    session = screened()
    before = session.next_question
    later = session.answer("whine", "yes")
    assert (session.next_question, dict(session.given)) == (before, dict(screened().given))
    assert later.given["whine"] is True
    assert later.back() == session
    assert later.steps[-1].id == "whine"
    start = gearbox().interview(CALM)
    assert start.back() is start
    assert session.back().back() == start


def test_a_session_is_written_down_and_goes_on_with_the_same_question():
    session = screened().answer("felt_at", "seat").answer("whine", None)
    written = json.loads(json.dumps(session.to_dict()))
    again = Session.from_dict(gearbox(), written)
    assert again == session
    assert again.next_question == session.next_question


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": {"id": "knee"}}, "of the model 'knee', not of 'gearbox'"),
        ({"model": None}, "no session"),
        ({"steps": [["whine"]]}, "no session"),
        ({"steps": [["whine", "often"]]}, "give yes, no or unknown"),
        ({"policy": "luck"}, "give care, information or confirm:CAUSE"),
    ],
)
def test_a_damaged_session_is_refused(change, said):
    written = {**screened().to_dict(), **change}
    with pytest.raises(EvidenceError, match=said):
        Session.from_dict(gearbox(), written)


def test_a_session_pickles_and_copies_before_and_after_it_was_read():
    session = screened(whine=True)
    for _ in range(2):
        for other in (pickle.loads(pickle.dumps(session)), copy.copy(session)):
            assert other.to_dict() == session.to_dict()
            assert other.next_question == session.next_question


def test_wrong_answers_are_refused_and_change_nothing():
    session = gearbox().interview(CALM)
    with pytest.raises(EvidenceError, match="give none or unknown, or answer its lines: smoke"):
        session.answer("fire", "yes")
    with pytest.raises(UnknownNameError, match="whine"):
        session.answer("whin", True)
    with pytest.raises(EvidenceError, match="yes/no"):
        session.answer("whine", 7)
    with pytest.raises(ImpossibleEvidenceError):
        session.answer("new_clutch", True)
    with pytest.raises(EvidenceError, match="contradict"):
        session.answer("felt_at", "seat").answer("felt", False)


def test_a_confirming_question_comes_once_the_screens_are_answered():
    session = gearbox().interview({**CALM, "knock": True}).answer("fire", "none")
    session = session.answer("leaks", "none")
    assert [each.id for each in session.report.triage.ask_first] == ["getting_worse"]
    assert session.next_question.id == "getting_worse"


def test_it_stops_with_what_is_left_in_words_for_the_one_who_is_asked():
    session, rng = screened(), np.random.default_rng(3)
    while session.next_question is not None:
        value = (
            False if len(session.next_question.choices) == 2 else plain(session.next_question, rng)
        )
        session = session.answer(session.next_question.id, value)
    assert session.should_stop
    assert "short drive" in session.stop_reason
    assert "of 100" in session.stop_reason
    assert "hours" not in session.stop_reason
    on = session.more()
    assert on.next_question is not None
    assert not on.should_stop


def test_it_pauses_after_the_questions_that_were_wanted():
    assert not gearbox().interview(screened().given, most=5).should_stop
    paused = gearbox().interview(screened().given, most=4)
    assert paused.should_stop
    assert "enough for now" in paused.stop_reason
    assert paused.more().next_question is not None


def test_what_is_not_known_is_no_question_of_those_that_were_wanted():
    session = gearbox().interview(screened().given, most=6)
    for _ in range(4):
        session = session.answer(session.next_question.id, None)
    assert not session.should_stop
    for _ in range(2):
        session = session.answer(
            session.next_question.id, plain(session.next_question, np.random.default_rng(1))
        )
    assert "enough for now" in session.stop_reason


def test_it_pauses_after_so_many_in_a_row_that_are_not_known():
    session, most = screened(), gearbox().description.interview.most_unknown
    for _ in range(most - 1):
        session = session.answer(session.next_question.id, None)
    known = session.answer(
        session.next_question.id, plain(session.next_question, np.random.default_rng(1))
    )
    assert not known.answer(known.next_question.id, None).should_stop
    paused = session.answer(session.next_question.id, None)
    assert paused.should_stop
    assert f"the last {most} questions were not known" in paused.stop_reason
    assert paused.more().next_question is not None
    assert paused.back() == session
    begun = gearbox().interview(paused.given)
    assert not begun.should_stop


@pytest.mark.parametrize("audience", ["self", "clinician"])
def test_by_information_and_to_confirm(audience):
    session = screened()
    about_all = gearbox().interview(session.given, audience, "information")
    questions = gearbox().diagnose(session.given, audience).questions
    cost = {each.id: each.cost for each in questions}
    bits = {each.id: each.expected_information_bits / cost[each.id] for each in questions}
    assert bits[about_all.next_question.id] == max(bits.values())
    about_one = gearbox().interview(session.given, audience, "confirm:slipping_belt")
    each = gearbox().engine.information_each(
        ["slipping_belt"], list(bits), {"hours": "3001_to_6000", "drive": "automatic",
        **dict.fromkeys(LINES, "no")}
    )["slipping_belt"]  # fmt: skip
    told = {name: each[name] / cost[name] for name in bits}
    assert told[about_one.next_question.id] == pytest.approx(max(told.values()), abs=1e-12)


def test_there_is_no_such_policy():
    with pytest.raises(EvidenceError, match="confirm:CAUSE"):
        gearbox().interview(policy="luck")
    with pytest.raises(UnknownNameError, match="slipping_belt"):
        gearbox().interview(policy="confirm:sliping_belt")


@examples(6)
@given(st.integers(0, 2**31))
def test_any_answers_to_what_is_asked_lead_to_a_stop_and_the_screens_come_before(seed):
    rng = np.random.default_rng(seed)
    session, asked = gearbox().interview(), []
    while session.next_question is not None:
        question = session.next_question
        asked.append(question.id)
        value = None if rng.random() < 0.2 else plain(question, rng)
        if question.items and rng.random() < 0.3:
            question = question.items[rng.integers(len(question.items))]
            value = bool(rng.random() < 0.5)
        session = session.answer(question.id, value)
        assert len(asked) < 60
    assert session.stop_reason
    if session.report.triage.level != "emergency":
        assert set(asked) >= BEFORE
        last = max(at for at, name in enumerate(asked) if name in BEFORE)
        assert set(asked[: last + 1]) <= BEFORE | {"getting_worse"}


def test_a_table_asks_what_a_person_is_asked():
    rng, people = np.random.default_rng(11), []
    session = gearbox().interview()
    for _ in range(9):
        people.append(dict(session.given))
        if session.next_question is None:
            break
        session = session.answer(session.next_question.id, plain(session.next_question, rng))
    found = gearbox().diagnose_many(people, fields=["next_question"])["next_question"]
    for row, person in enumerate(people):
        question = gearbox().diagnose(person).next_question
        assert found[row] == (question.id if question else None)
