"""What each open question is worth: one score, in the model's utility unit, per cost of asking.

    score = (value + best share of a set + per_bit x bits + per_level x rise) / cost

value: the expected gain from choosing the pathway after the answer instead of now (the expected
value of sample information; Raiffa and Schlaifer 1961). The value alone is zero for most questions,
since one answer seldom changes the pathway; so sets of questions count as well (`question_sets`).
rise: by how many levels the answer is expected to raise the urgency: a rule of triage is invisible
to the pathways. Bits are about each cause by itself, added up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.decisions.conditions import People
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.decisions.thresholds import Ranks
from bayesnet.diagnosis.decisions.triage import rule_levels
from bayesnet.diagnosis.interview.outlook import Outlook, as_people
from bayesnet.diagnosis.interview.question_sets import best_shares
from bayesnet.network import Array

DECIMALS = 3
"""Of a score: finer differences are noise, and the order of the model decides."""


@dataclass(frozen=True, eq=False)
class Worth:
    """What each question of an outlook is worth, each of shape (questions,).

    value: of the information for the choice of pathway; sets: the best share of a set; bits: about
    the causes; rise: of the urgency, in levels; scores: all of it, per cost, rounded. levels: what
    the urgency would be after each answer, shape (answers,); now: what it is by the same measure.
    """

    value: Array
    sets: Array
    bits: Array
    rise: Array
    scores: Array
    levels: Ranks
    now: int


def worth_of(policy: Policy, person: People, outlook: Outlook) -> Worth:
    """Work out what each open question is worth; person: a table of one row."""
    settings, causes = policy.description.interview, tuple(policy.description.causes)
    people = as_people(person, outlook, causes)
    levels, now = levels_of(policy, people), int(levels_of(policy, person)[0])
    rise = outlook.over_answers(outlook.chances * np.maximum(levels - now, 0))
    value = value_of_information(policy, outlook)
    sets = best_shares(policy, outlook)
    bits = outlook.bits.sum(axis=0)
    costs = np.array([policy.known[name].asked.cost for name in outlook.ids])
    total = value + sets + settings.per_bit * bits + settings.per_level * rise
    return Worth(value, sets, bits, rise, np.round(total / costs, DECIMALS), levels, now)


def value_of_information(policy: Policy, outlook: Outlook) -> Array:
    """Return the expected gain from choosing the pathway after each question, (questions,)."""
    if not len(policy.pathways):
        return np.zeros(len(outlook.ids))
    now = (policy.values @ outlook.now).max()
    best = (policy.values @ outlook.joint).max(axis=0)
    return np.asarray(np.maximum(0.0, outlook.over_answers(best) - now))


def levels_of(policy: Policy, people: People) -> Ranks:
    """Return how urgent each row is by rules and probabilities, no screen holding it back."""
    own: Mapping[str, Array] = people.probabilities
    likely = policy.scale.reached(policy.scale.shares(own))
    return np.maximum(rule_levels(policy, people).levels, likely)
