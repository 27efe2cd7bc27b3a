"""Triage rules: every kind of condition, exemptions, thresholds and the message that is said."""

import numpy as np
import pytest
from support.models import gearbox

from bayesnet.diagnosis.decisions.conditions import People, demands, one_answer

SMELL_AFTER_REPAIR = {
    "burning_smell": True,
    "recent_repair": True,
    "felt_at": "none",
    "smoke": False,
    "hours": 2000,
}
"""All that exempts from the rule `smell`."""


def held(answers, probabilities=None, *, conflict=False):
    """{rule: level} of the rules that hold, by answers and probabilities alone."""
    person = People(
        gearbox().known,
        {name: one_answer(value) for name, value in answers.items()},
        {},
        {name: np.array([p]) for name, p in (probabilities or {}).items()},
        gearbox().policy.limits,
        np.array([conflict]),
    )
    rules = gearbox().description.triage.rules
    return {name: rule.level for name, rule in rules.items() if demands(rule, person)[0]}


@pytest.mark.parametrize(
    ("answers", "rule", "holds"),
    [
        # any: one is enough
        ({"smoke": True}, "fire_signs", True),
        ({"gear_jumps": True}, "fire_signs", True),
        ({"smoke": False, "gear_jumps": False}, "fire_signs", False),
        ({}, "fire_signs", False),
        # all, with an any inside
        ({"oil_puddle": True, "knock": True}, "crack_signs", True),
        ({"oil_puddle": True, "onset": "sudden"}, "crack_signs", True),
        ({"oil_puddle": True, "onset": "gradual"}, "crack_signs", False),
        ({"oil_puddle": True}, "crack_signs", False),
        ({"knock": True, "onset": "sudden"}, "crack_signs", False),
        # a number from its limit on, an answer by band counting by its lowest
        *(
            (
                {"hours": hours, "getting_worse": True, "duration": "days"},
                "worn_out_and_louder",
                is_,
            )
            for hours, is_ in ((6000, False), (6001, True), ("over_6000", True))
        ),
        ({"hours": 7000, "getting_worse": True}, "worn_out_and_louder", False),
        # a count of some
        ({"getting_worse": True, "knock": True}, "two_signs", True),
        ({"oil_puddle": True, "knock": True, "getting_worse": False}, "two_signs", True),
        ({"oil_puddle": True, "knock": False, "getting_worse": False}, "two_signs", False),
    ],
)
def test_a_rule_holds_by_its_condition(answers, rule, holds):
    assert (rule in held(answers)) == holds


@pytest.mark.parametrize(
    ("change", "exempt"),
    [
        ({}, True),
        ({"hours": 3000}, True),
        ({"hours": 3001}, False),
        ({"hours": "1001_to_3000"}, True),
        ({"hours": "3001_to_6000"}, False),
        ({"hours": 3001, "quiet_when_warm": True}, True),
        ({"felt_at": "seat"}, False),
        ({"smoke": True}, False),
        ({"recent_repair": False}, False),
        # What is not known exempts nobody.
        *(({name: None}, False) for name in SMELL_AFTER_REPAIR if name != "burning_smell"),
    ],
)
def test_an_exemption_needs_every_answer(change, exempt):
    answers = {n: v for n, v in {**SMELL_AFTER_REPAIR, **change}.items() if v is not None}
    assert ("smell" not in held(answers)) == exempt


def test_another_rule_holds_for_those_whom_one_leaves_out_until_it_is_denied_too():
    assert held(SMELL_AFTER_REPAIR) == {"smell_that_was_left_out": "urgent"}
    assert held({**SMELL_AFTER_REPAIR, "getting_worse": False}) == {}


def test_what_follows_from_an_answer_counts_as_answered():
    levels = {
        where: gearbox().diagnose({"felt_at": where}).triage.level
        for where in ("none", "floor", "seat", "wheel")
    }
    assert levels == {
        "none": "self_care",
        "floor": "self_care",
        "seat": "routine",
        "wheel": "routine",
    }


def test_a_cause_counts_from_its_probability_and_from_its_threshold():
    assert held({}, {"worn_teeth": 0.4}) == {"likely_worn_teeth": "soon"}
    assert held({}, {"worn_teeth": 0.39}) == {}
    limit = gearbox().thresholds["loose_bolt"].value
    assert held({}, {"loose_bolt": limit}) == {"bolts": "soon"}
    assert held({}, {"loose_bolt": 0.99 * limit}) == {}


def test_answers_that_fit_no_cause_count_by_a_rule_of_their_own():
    assert held({}, conflict=True) == {"fits_nothing": "soon"}


def test_the_highest_level_is_said_by_the_first_rule_with_words_of_its_own():
    answers = {"smoke": True, "burning_smell": True, "knock": True, "oil_puddle": True}
    result = gearbox().diagnose(answers).triage
    rules = gearbox().description.triage.rules
    assert result.level == "emergency"
    assert result.message == rules["smell"].message
    assert [each.rule for each in result.reasons][:2] == ["smell", "fire_signs"]
    assert {"crack_signs", "knocked", "two_signs"} <= {each.rule for each in result.reasons}
    plain = gearbox().diagnose({"gear_jumps": True}).triage
    assert plain.message == gearbox().description.triage.messages["emergency"]


def test_nothing_answered_is_the_default_level():
    result = gearbox().diagnose({}).triage
    assert result.level == gearbox().description.triage.default
    assert result.reasons == ()


def test_a_table_raises_the_level_that_each_person_alone_has():
    pytest.importorskip("pyarrow")
    people = [
        SMELL_AFTER_REPAIR,
        {**SMELL_AFTER_REPAIR, "getting_worse": False},
        {**SMELL_AFTER_REPAIR, "hours": 3001},
        {"oil_puddle": True, "onset": "sudden"},
        {"hours": 6001, "getting_worse": True, "duration": "days"},
        {"recent_repair": True, "rattle_idle": True},
        {"felt": True},
        {},
    ]
    names = dict.fromkeys(name for person in people for name in person)
    table = {name: [person.get(name) for person in people] for name in names}
    many = gearbox().diagnose_many(table)["triage"].tolist()
    assert many == [gearbox().diagnose(person).triage.level for person in people]
    assert set(many) >= {"emergency", "urgent", "soon", "routine", "self_care"}
