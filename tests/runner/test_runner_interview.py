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


@pytest.mark.parametrize(
    ("person", "flags", "expected"),
    [
        (
            {"age": 25, "sex": "female", "pregnant": False, "sacral_tenderness": True},
            {},
            {"running_impact"},
        ),
        ({"age": 60, "sex": "male"}, {"cancer_history": True}, {"constant_pain", "night_pain"}),
        ({"age": 27, "sex": "male", "duration": "over_12_weeks"}, {}, {"morning_stiffness"}),
    ],
    ids=["bone stress", "cancer", "inflammation"],
)
def test_after_the_screens_it_asks_about_the_cause_and_not_through_a_list(
    person: dict[str, object], flags: dict[str, bool], expected: set[str]
) -> None:
    """What would settle a serious cause comes soon, whatever else everybody could be asked."""
    about = {name: person[name] for name in ("age", "sex", "pregnant") if name in person}
    session = told(runner().interview(about), **flags)
    asked = []
    for _ in range(5):
        question = session.next_question
        assert question is not None
        asked.append(question.id)
        session = session.answer(question.id, person.get(question.id))
    assert expected & set(asked), asked


def test_somebody_with_a_beating_lump_is_sent_and_not_asked_on() -> None:
    session = told(runner().interview({"age": 69, "sex": "male"}), pulsating_abdomen=True)
    assert session.report.triage.level in ("urgent", "emergency")


def test_disc_pain_is_not_urgent_while_age_and_screens_are_open() -> None:
    said = {"bending_forward": True, "coughing": True, "onset": "sudden_moment", "referral": "none"}
    for person in (said, {**said, "age": 37}):
        assert runner().diagnose(person).triage.level in ("self_care", "routine", "soon")


def test_what_overloads_a_bone_is_asked_before_the_pain() -> None:
    session = told(runner().interview({"age": 24, "sex": "female", "pregnant": False}))
    while session.next_question is not None and session.next_question.items:
        session = session.answer(session.next_question.id, "none")
    of_bone = {"training_spike", "low_energy_availability", "previous_stress_fracture"}
    assert of_bone <= set(session.given)


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        ({"age": 37}, False),
        ({"age": 52}, True),
        ({"age": 37, "steroid_use": True}, True),
        ({"age": 37, "osteoporosis": False}, False),
    ],
)
def test_nobody_is_asked_about_height_who_cannot_have_lost_it(
    who: dict[str, object], asked: bool
) -> None:
    assert ("height_loss" in {each.id for each in runner().diagnose(who).questions}) is asked
