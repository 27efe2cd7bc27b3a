"""Urgency and care of people of the gearbox: properties that no person may break."""

from itertools import combinations

import numpy as np
import pytest
from support.models import gearbox

from bayesnet.diagnosis.decisions.policy import rank
from bayesnet.diagnosis.decisions.thresholds import Scale
from bayesnet.model.format.pathways import levels_of, spelled_out
from bayesnet.model.format.triage_rules import LEVELS

YES_NO = [
    name
    for name, each in gearbox().known.items()
    if each.is_yes_no and not each.derived_from and each.asked.asked_of == "self"
]
FLAGS = ("smoke", "burning_smell", "knock", "oil_puddle", "getting_worse", "towing", "rattle_idle")
PEOPLE = [
    *({name: True} for name in YES_NO),
    *({one: True, other: True} for one, other in combinations(FLAGS, 2)),
    {"knock": True, "oil_puddle": True, "onset": "sudden", "hours": 7000, "towing": True},
    {"recent_repair": True, "rattle_idle": True, "oil_puddle": False, "knock": False},
]


def shown(report):
    """Everything that a pathway advises, in words."""
    for phase in report.pathway.phases:
        yield from phase.actions
        yield from (each.id for each in phase.exercises)


def forbidden_words(report):
    """What may not be advised, wherever it stands, but in a phase that begins once cleared."""
    described = gearbox().description
    tags = set(report.triage.forbids)
    pathway = described.pathways[report.pathway.id]
    listed = [*described.every_phase, *described.advice["by_ear"].actions]
    for phase in pathway.phases:
        if not phase.cleared:
            listed += phase.actions
    for action in spelled_out(tuple(listed)):
        if tags & set(action.involves):
            yield action.text
    for name, exercise in described.exercises.items():
        if tags & set(exercise.involves):
            yield name


@pytest.mark.parametrize("person", PEOPLE, ids=lambda each: "+".join(each))
def test_urgency_and_pathway_never_contradict_each_other(person):
    report = gearbox().diagnose(person)
    level = report.triage.level
    assert report.pathway.urgency == level
    assert level in levels_of(gearbox().description.pathways[report.pathway.id])
    assert not set(shown(report)) & set(forbidden_words(report))
    reached = max((rank(each.level) for each in report.triage.reasons), default=0)
    assert rank(level) == reached
    if level == "emergency":
        assert all("Stop where it is safe if" not in each for each in shown(report))


@pytest.mark.parametrize("person", PEOPLE, ids=lambda each: "+".join(each))
def test_a_reason_falls_away_with_the_answers_that_it_names(person):
    for reason in gearbox().diagnose(person).triage.reasons:
        if reason.would_fall_if:
            changed = {**person, **{each.id: each.value for each in reason.would_fall_if}}
            again = {each.rule: each.level for each in gearbox().diagnose(changed).triage.reasons}
            assert rank(again.get(reason.rule, "self_care")) < rank(reason.level), reason
        assert reason.findings or reason.causes or reason.rule == "bolts"


def test_one_person_and_a_table_are_decided_alike():
    names = dict.fromkeys(name for person in PEOPLE for name in person)
    people = [{name: person.get(name, "") for name in names} for person in PEOPLE]
    many = gearbox().diagnose_many(people)
    for row, person in enumerate(PEOPLE):
        report = gearbox().diagnose(person)
        asked = report.next_question.id if report.next_question else None
        found = (many["triage"][row], many["pathway"][row], many["next_question"][row])
        assert found == (report.triage.level, report.pathway.id, asked), person


def test_answers_in_any_order_give_the_same_report():
    person = PEOPLE[-2]
    turned = dict(reversed(person.items()))
    one, other = gearbox().diagnose(person).to_dict(), gearbox().diagnose(turned).to_dict()
    for report in (one, other):
        report["evidence"].sort(key=lambda each: each["id"])
    assert one["triage"] == other["triage"]
    assert one["pathway"] == other["pathway"]


@pytest.mark.parametrize("person", PEOPLE[:: len(PEOPLE) // 12], ids=lambda each: "+".join(each))
def test_a_worse_answer_never_lowers_the_level_of_a_rule(person):
    described = gearbox().description
    for name in ("smoke", "knock", "gear_jumps"):
        worse = gearbox().diagnose({**person, name: True}).triage
        better = gearbox().diagnose({**person, name: False}).triage
        rules = described.triage.rules
        of = [
            max((rank(r.level) for r in each.reasons if r.rule in rules), default=0)
            for each in (worse, better)
        ]
        assert of[0] >= of[1], name


def test_nothing_known_is_self_care_for_now():
    triage = gearbox().diagnose({}).triage
    assert (triage.level, triage.provisional, triage.reasons) == ("self_care", True, ())
    assert not gearbox().diagnose({"whine": False}).triage.provisional
    assert not gearbox().diagnose({"whine": None}).triage.provisional


def test_a_confirming_question_counts_as_yes_until_it_is_denied():
    waiting = gearbox().diagnose({"knock": True})
    assert (waiting.triage.level, waiting.triage.provisional) == ("soon", True)
    assert [each.id for each in waiting.triage.ask_first] == ["getting_worse"]
    interview = gearbox().description.interview
    lines = [line for gate in interview.gates.values() for line in gate.lines]
    first = {**dict.fromkeys([*interview.first, *lines]), "knock": True}
    asked = gearbox().diagnose(first).next_question
    assert asked.id == "getting_worse"
    assert "could lower the urgency" in asked.reason
    for answer in (True, None):
        triage = gearbox().diagnose({"knock": True, "getting_worse": answer}).triage
        assert rank(triage.level) >= rank("soon")
        assert "getting_worse" not in {each.id for each in triage.ask_first}
    denied = gearbox().diagnose({"knock": True, "getting_worse": False, "oil_puddle": False}).triage
    reason = next(each for each in denied.reasons if each.rule == "knocked")
    assert (reason.level, denied.level) == ("routine", "routine")
    assert "would be soon but for the answer no" in reason.reason


def test_a_probable_cause_is_held_back_until_its_screen_is_answered():
    """Overheating raises the clutch over `urgent` where nothing of its screen was asked."""
    person = {"exhaust_smell": True, "new_clutch": True, "gear_jumps": False}
    scale = gearbox().policy.scale
    candidates = [
        {"oil_puddle": True},
        {"oil_puddle": True, "onset": "sudden"},
        {"towing": True, "exhaust_smell": True},
        {"ultrasound": True},
        person,
    ]
    seen = set()
    for each in candidates:
        report = gearbox().diagnose(each, "clinician")
        for cause in report.must_not_miss:
            steps = scale.steps[cause.id]
            own = [step for step in steps if cause.probability >= step.value]
            if rank(own[-1].level) <= rank("soon") or report.triage.level == "emergency":
                continue
            open_to = [name for name in scale.screens.get(cause.id, ()) if name not in each]
            held = rank(report.triage.level) < rank(own[-1].level)
            asked = {name for name in open_to if name in {q.id for q in report.triage.ask_first}}
            assert held == bool(asked)
            seen.add(held)
            if held:
                assert report.triage.level == "soon"
                assert report.triage.provisional
                assert report.next_question.id in {q.id for q in report.triage.ask_first}
                unsure = gearbox().diagnose({**each, **dict.fromkeys(open_to)}, "clinician")
                assert rank(unsure.triage.level) == rank(own[-1].level)
    assert seen == {True, False}


def test_a_probable_cause_names_answers_that_would_lower_the_level():
    for person in ({"ultrasound": True}, {"oil_puddle": True}):
        (reason,) = gearbox().diagnose(person, "clinician").triage.reasons
        assert reason.causes
        changed = {**person, **{each.id: each.value for each in reason.would_fall_if}}
        assert rank(gearbox().diagnose(changed, "clinician").triage.level) < rank(reason.level)


def test_excess_over_the_prior_adds_up_to_a_level():
    prior, limit = np.array([[0.1], [0.2]]), np.full((5, 2, 1), np.inf)
    limit[1:3] = [[0.3], [0.6]]
    scale = Scale(("a", "b"), {}, {}, prior, limit)

    def reached(a, b):
        shares = scale.shares({"a": np.array([a]), "b": np.array([b])})
        return LEVELS[scale.reached(shares)[0]]

    assert reached(0.1, 0.2) == "self_care"
    assert reached(0.3, 0.0) == reached(0.0, 0.6) == reached(0.21, 0.41) == "soon"
    assert reached(0.19, 0.39) == reached(np.nextafter(0.3, 0), 0.0) == "self_care"


def test_words_on_scope_are_said_and_raise_the_level():
    triage = gearbox().diagnose({"hours": 7000, "towing": True, "getting_worse": False}).triage
    assert [each.id for each in triage.scope] == ["taxi"]
    assert rank(triage.level) >= rank("routine")
    assert "towing" in triage.forbids
    assert not gearbox().diagnose({"hours": 7000}).triage.scope


def test_actions_follow_the_answers():
    person = {"oil_puddle": True, "onset": "sudden", "hours": 7000, "smoke": False}
    report = gearbox().diagnose(person)
    assert report.pathway.id == "tow"
    assert "Push it off the road" not in set(shown(gearbox().diagnose({**person, "knock": True})))
    assert "Push it off the road" in set(shown(gearbox().diagnose({**person, "knock": False})))
    calm = gearbox().diagnose({"whine": False})
    assert "Listen with the window open" in set(shown(calm))
    assert any("if it smokes" in each for each in shown(calm))
    assert not any("if it smokes" in each for each in shown(gearbox().diagnose({"smoke": False})))
