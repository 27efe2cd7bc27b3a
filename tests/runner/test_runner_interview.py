"""The interview of the shipped model: what everybody is asked, and what an answer brings next."""

import pytest
from support.models import runner

from bayesnet.diagnosis.interview.session import Session

INTERVIEW = runner().description.interview
LINES = {line for gate in INTERVIEW.gates.values() for line in gate.lines}


def told(session: Session, **yes: bool) -> Session:
    """The session past the screens, of someone who has only these signs."""
    for name in yes:
        session = session.answer(name, True)
    for gate in INTERVIEW.gates:
        session = session.answer(gate, "none")
    return session


def test_every_flag_is_in_a_screen() -> None:
    flags = {n for n, each in runner().known.items() if each.asked.red_flag or each.asked.mandatory}
    assert flags <= LINES


def test_what_alone_makes_an_emergency_is_in_a_screen() -> None:
    triage = runner().description.triage
    assert triage is not None
    for name, rule in triage.rules.items():
        if rule.level != "emergency":
            continue
        alone = [each.finding for each in (rule.when, *rule.when.any) if each.finding]
        assert set(alone) <= LINES, name


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        ({"age": 30, "sex": "female"}, "pregnant"),
        ({"age": 30, "sex": "male"}, "nerve_screen"),
        ({"age": 61, "sex": "female"}, "nerve_screen"),
        ({"age": 30, "sex": None}, "nerve_screen"),
    ],
)
def test_pregnancy_is_asked_where_it_can_apply(who: dict[str, object], asked: str) -> None:
    question = runner().interview(who).next_question
    assert question is not None
    assert question.id == asked


def test_age_and_sex_come_before_everything() -> None:
    first = runner().interview().next_question
    assert first is not None
    assert first.id == "age"
    second = runner().interview({"age": 40, "leaning_back": True, "referral": "foot"}).next_question
    assert second is not None
    assert second.id == "sex"


def test_a_warning_sign_of_pregnancy_is_asked_of_the_pregnant_alone() -> None:
    asked = {}
    for pregnant in (True, False):
        person = {"age": 30, "sex": "female", "pregnant": pregnant}
        questions = runner().diagnose(person).questions
        asked[pregnant] = "pregnancy_danger" in {each.id for each in questions}
    assert asked == {True: True, False: False}


def test_a_single_sign_of_the_cauda_equina_is_confirmed_at_once() -> None:
    session = runner().interview({"age": 40, "sex": "male"}).answer("bladder_change", True)
    question = session.next_question
    assert question is not None
    assert question.id == "cauda_equina_new"
    urgent = session.answer("cauda_equina_new", True)
    assert urgent.report.triage.level == "emergency"
    assert urgent.should_stop
    assert "emergency" in urgent.stop_reason
    denied = session.answer("cauda_equina_new", False)
    assert denied.next_question is not None
    assert denied.next_question.id == "nerve_screen"


def test_no_word_of_the_house_is_in_what_a_person_reads() -> None:
    session = told(runner().interview({"age": 40, "sex": "male"}))
    for _ in range(3):
        question = session.next_question
        assert question is not None
        assert not any(word in question.reason for word in (" bits", "good week", "deciban"))
        session = session.answer(question.id, None)
    quiet = {name: None for name, each in runner().known.items() if each.asked.asked_of == "self"}
    known = {**quiet, **dict(session.given)}
    reason = runner().interview(known, most=1000).stop_reason
    assert reason
    assert not any(word in reason for word in (" bits", "good week", "deciban"))


def test_conditions_outside_the_back_are_reached() -> None:
    """Someone with waves of pain and blood in the urine is asked on about the kidney, or sent."""
    session = told(runner().interview({"age": 45, "sex": "male"}), urinary_symptoms=True)
    asked = []
    for _ in range(8):
        question = session.next_question
        if question is None:
            break
        asked.append(question.id)
        session = session.answer(question.id, None)
    assert {"flank_pain", "pain_quality", "severity"} & set(asked)
