"""Soft answers and urgency: a rule never falls by one, and screens are answered by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.models import gearbox

from bayesnet.diagnosis.answers.intake import take_in
from bayesnet.diagnosis.answers.reading import choices_of
from bayesnet.diagnosis.decisions.policy import rank
from bayesnet.diagnosis.decisions.triage import rule_levels
from bayesnet.diagnosis.interview.open_questions import one_person

EXEMPT = {
    "burning_smell": True,
    "recent_repair": True,
    "felt_at": "none",
    "smoke": False,
    "hours": 2000,
    "getting_worse": False,
}
"""A smell that is left out by every rule about it."""


def triage(answers):
    """What is said alone, once it is sure that a table says the same level."""
    found = gearbox().diagnose(answers, "clinician").triage
    table = gearbox().diagnose_many([{}, answers], "clinician", fields=["triage"])
    assert table["triage"][1] == found.level
    return found


def by_rules(answers):
    """The level that the absolute rules give, and the one they would if all was denied."""
    intake = take_in(gearbox().known, answers)
    person = one_person(gearbox().known, intake, gearbox().policy.limits)
    found = rule_levels(gearbox().policy, person)
    return int(found.levels[0]), int(found.confirmed[0])


def reasons(answers):
    return {each.rule for each in triage(answers).reasons}


@pytest.mark.parametrize(
    ("answers", "rule", "holds"),
    [
        ({"smoke": {"yes": 0.5}}, "fire_signs", True),
        ({"smoke": {"yes": 0.9}}, "fire_signs", True),
        ({"smoke": {"yes": 0.499}}, "fire_signs", False),
        # over the states of the rule together: neither has half by itself
        ({"felt_at": {"seat": 0.3, "wheel": 0.3, "none": 0.4}}, "felt_as_well", True),
        ({"felt_at": {"seat": 0.2, "wheel": 0.2, "none": 0.6}}, "felt_as_well", False),
        ({"felt": {"yes": 0.6}}, "felt_as_well", True),
        ({"felt": {"yes": 0.4}, "felt_at": {"seat": 0.9}}, "felt_as_well", False),
        # bands of a number, each by its lowest
        *(
            (
                {"hours": {"over_6000": weight}, "getting_worse": True, "duration": "days"},
                "worn_out_and_louder",
                holds,
            )
            for weight, holds in ((0.6, True), (0.4, False))
        ),
        # and in a count
        ({"getting_worse": {"yes": 0.5}, "knock": {"yes": 0.5}}, "two_signs", True),
        ({"getting_worse": {"yes": 0.5}, "knock": {"yes": 0.4}}, "two_signs", False),
    ],
)
def test_a_finding_is_there_for_a_rule_from_half_of_the_weight_on(answers, rule, holds):
    assert (rule in reasons(answers)) is holds


def test_nothing_is_exempt_by_an_answer_that_is_not_certain():
    assert "smell" not in reasons(EXEMPT)
    first = next(iter(gearbox().known["hours"].answer.bands))
    for name, soft in {
        "smoke": {"no": 0.99},
        "recent_repair": {"yes": 0.99},
        "felt_at": {"none": 0.99},
        "hours": {first: 0.99},
    }.items():
        assert "smell" in reasons({**EXEMPT, name: soft}), name


def test_only_a_certain_no_denies_what_a_rule_waits_for():
    """The rule `knocked` gives soon, and routine once `getting_worse` is denied."""
    waiting = triage({"knock": True})
    doubted = triage({"knock": True, "getting_worse": {"no": 0.99}})
    for each in (waiting, doubted):
        assert (each.level, each.provisional) == ("soon", True)
        assert [one.id for one in each.ask_first] == ["getting_worse"]
        assert each.ask_first == waiting.ask_first
    (reason,) = doubted.reasons
    assert [each.id for each in reason.would_fall_if] == ["getting_worse"]
    assert triage({"knock": True, "getting_worse": {"no": 1}}).level == "routine"
    likely = triage({"knock": True, "getting_worse": {"yes": 0.6}})
    assert (likely.level, likely.provisional) == ("soon", False)


def test_it_is_not_asked_again_and_the_interview_goes_on():
    session = gearbox().interview({"knock": True, "getting_worse": {"no": 0.9}}, "clinician")
    assert "getting_worse" not in {each.id for each in session.report.questions}
    seen = set()
    while session.next_question is not None and len(seen) < 5:
        assert session.next_question.id not in seen
        seen.add(session.next_question.id)
        session = session.answer(session.next_question.id, None)
    assert session.answer("getting_worse", False).report.triage.level == "routine"


NAMES = ("smoke", "knock", "burning_smell", "oil_puddle", "getting_worse", "felt_at", "hours")


@st.composite
def said(draw):
    """Plain answers to some questions, and a soft one to another."""
    known = gearbox().known
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    choices = {name: choices_of(known[name].answer) for name in names}
    plain = {name: draw(st.sampled_from(choices[name])) for name in names[1:]}
    weights = {choice: draw(st.integers(0, 9)) for choice in choices[names[0]]}
    return plain, names[0], {**weights, choices[names[0]][0]: 1}


@settings(max_examples=60, deadline=None)
@given(said())
def test_no_rule_falls_by_a_soft_answer(case):
    plain, name, soft = case
    before, now = by_rules(plain)[0], by_rules({**plain, name: soft})[0]
    if sum(weight > 0 for weight in soft.values()) > 1:
        assert now >= before
    assert now >= min(by_rules({**plain, name: choice})[0] for choice in soft)


def test_a_screen_is_answered_by_soft_answers_and_the_bound_counts_them():
    """Held while answers to the rest of the screen could clear the cause, and no longer."""
    known = {"ultrasound": True, "oil_puddle": {"no": 0.999}}
    engine = gearbox().engine

    def chance(**more):
        evidence = take_in(gearbox().known, {**known, **more}).evidence
        return float(engine.marginals(evidence, ["cracked_case"])["cracked_case"][1])

    assert triage({"ultrasound": True}).ask_first[0].id == "oil_puddle"
    limit = gearbox().thresholds["cracked_case"].value
    bands = list(gearbox().known["hours"].answer.bands)
    least = min(chance(knock=knock, hours=hours) for knock in (True, False) for hours in bands)
    held = triage(known)
    assert held.provisional == (least < limit <= chance())
    assert "oil_puddle" not in {each.id for each in held.ask_first}
    rest = triage({**known, "knock": {"no": 0.6}, "hours": {bands[0]: 0.6}})
    assert not rest.provisional
    by_chance = chance(knock={"no": 0.6}, hours={bands[0]: 0.6})
    levels = gearbox().policy.scale.steps["cracked_case"]
    reached = [rank(step.level) for step in levels if by_chance >= step.value]
    assert rank(rest.level) == max(reached, default=0)


def test_contradictions_count_what_is_as_likely_as_not():
    answers = {"quiet_when_warm": True, "getting_worse": {"yes": 0.6}, "duration": "days"}
    (found,) = gearbox().diagnose(answers).contradictions
    assert found.id == "warm_and_louder"
    assert not gearbox().diagnose({**answers, "getting_worse": {"yes": 0.4}}).contradictions


def test_a_red_flag_that_is_doubted_is_named_until_it_is_certain():
    flag = next(name for name, each in gearbox().known.items() if each.asked.mandatory)
    label = gearbox().known[flag].label.lower()
    doubted = "Not certain, and needed before anything is ruled out:"
    warned = gearbox().parts({flag: {"no": 0.9}}, ["warnings"])["warnings"]
    assert [each for each in warned if each.startswith(doubted)] == [f"{doubted} {label}."]
    for sure in (False, {"no": 1}, None):
        warned = gearbox().parts({flag: sure}, ["warnings"])["warnings"]
        assert not [each for each in warned if each.startswith(doubted)]


def test_a_table_of_soft_rows_is_the_same_alone_shuffled_and_beside_others():
    rng = np.random.default_rng(5)
    names = [n for n in gearbox().known if gearbox().known[n].asked.asked_of == "self"][:14]
    people = []
    for _ in range(12):
        chosen = rng.permutation(names)[:5]
        people.append(
            {
                str(name): {
                    choice: float(rng.integers(1, 9))
                    for choice in choices_of(gearbox().known[name].answer)
                }
                for name in chosen
            }
        )
    whole = gearbox().diagnose_many(people)
    order = rng.permutation(len(people))
    shuffled = gearbox().diagnose_many([people[at] for at in order])
    for name, column in whole.columns.items():
        assert column[order].tolist() == shuffled[name].tolist()
        assert column[:1].tolist() == gearbox().diagnose_many(people[:1])[name].tolist()
    assert not len(whole.failed)
    for row, person in enumerate(people):
        report = gearbox().diagnose(person)
        assert whole["triage"][row] == report.triage.level
        following = report.next_question.id if report.next_question else None
        assert whole["next_question"][row] == following
        for cause in report.causes:
            assert whole[cause.id][row] == pytest.approx(cause.probability, abs=1e-12)
