"""Judge sets of answers that a person could still give: which conclusions each would change.

One study of a person with a set tells exactly what each further answer to each open question would
make of the posteriors (`interview.outlook`); so all sets that are one answer larger are judged
together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bayesnet.analysis.inference import Inference
from bayesnet.diagnosis.answers.columns import EMPTY
from bayesnet.diagnosis.answers.intake import answer_of, take_in
from bayesnet.diagnosis.decisions.conditions import People, Truth, lacking
from bayesnet.diagnosis.decisions.contradictions import contradictions
from bayesnet.diagnosis.decisions.pathways import best_of, expected_values
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.decisions.triage import level_range
from bayesnet.diagnosis.found import Found, find
from bayesnet.diagnosis.interview.open_questions import one_person
from bayesnet.diagnosis.interview.outlook import Outlook, as_people, outlook_of
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.format.variables import states_of
from bayesnet.network import Array

FIRST_CAUSE, PATHWAY, URGENCY = "first_cause", "pathway", "urgency"
TINY = 1e-12
Conclusions = Mapping[str, str]
"""{conclusion: its id, or the level}, of those that a model draws."""
Answers = Mapping[str, Any]
"""{id: an answer}"""


@dataclass(frozen=True, eq=False)
class AnswerSet:
    """Some further answers of a person.

    chance: P(answers | case); certain, possible: the conclusions that they change, and that they
    may change; near: how near they come to a change, by several measures each of which only says
    which set is nearer.
    """

    answers: Answers
    chance: float
    certain: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    near: tuple[tuple[str, float], ...] = ()

    @property
    def key(self) -> frozenset[tuple[str, Any]]:
        """What makes two sets the same."""
        return frozenset(self.answers.items())


@dataclass(frozen=True, eq=False)
class Concluded:
    """A person, as studied, and what is concluded of them.

    contradicting: how many of their answers contradict each other.
    """

    policy: Policy
    inference: Inference
    evidence: Answers
    audience: str
    found: Found
    now: Conclusions
    contradicting: int

    def with_answers(self, answers: Answers) -> Found:
        """Study the person with further answers, if any."""
        if not answers:
            return self.found
        return find(self.policy, self.inference, {**self.evidence, **answers}, self.audience)

    def is_consistent(self, answers: Answers) -> bool:
        """Tell whether further answers contradict nothing."""
        intake = take_in(self.policy.known, {**self.evidence, **answers})
        people = one_person(self.policy.known, intake, self.policy.limits)
        return len(contradictions(self.policy.description, people)) <= self.contradicting


def conclusions(policy: Policy, found: Found) -> dict[str, str]:
    """Return what is concluded of a person, without what the model does not draw."""
    drawn = {FIRST_CAUSE: found.leading}
    if policy.pathways:
        best = int(best_of(expected_values(policy, found.people, found.urgency.levels))[0])
        drawn[PATHWAY] = policy.pathways[best] if best >= 0 else ""
    if policy.description.triage is not None:
        drawn[URGENCY] = LEVELS[found.urgency.levels[0]]
    return drawn


def one_larger(case: Concluded, base: AnswerSet) -> Iterator[AnswerSet]:
    """Yield a set of answers with each answer to each question that is open beside them."""
    found = case.with_answers(base.answers)
    outlook = outlook_of(case.inference, found.study, found.probabilities)
    if outlook is None:
        return
    people = as_people(found.people, outlook, tuple(case.policy.description.causes))
    certain, possible = _changes(case, people)
    near = list(_nearness(case, people))
    for row, (name, value) in enumerate(_rows(case.policy, outlook)):
        if outlook.chances[row] > TINY:
            yield AnswerSet(
                {**base.answers, name: value},
                base.chance * float(outlook.chances[row]),
                frozenset(each for each in case.now if certain[each][row]),
                frozenset(each for each in case.now if possible[each][row]),
                tuple((each, float(values[row])) for each, values in near),
            )


def _rows(policy: Policy, outlook: Outlook) -> Iterator[tuple[str, Any]]:
    """Yield question and answer of each row of an outlook."""
    for name in outlook.ids:
        for state in states_of(policy.known[name].answer):
            yield name, answer_of(policy.known[name], state)


def _changes(case: Concluded, people: People) -> tuple[dict[str, Truth], dict[str, Truth]]:
    """Tell whose conclusions certainly are others, and whose may be.

    Whether the findings conflict is left open: telling takes a study of each set.
    """
    told = [
        each
        for conflicts in (people.nobody, ~people.nobody)
        for each in _changed(case, replace(people, conflicts=conflicts))
    ]
    return (
        {name: np.logical_and.reduce([each[name] for each in told]) for name in case.now},
        {name: np.logical_or.reduce([each[name] for each in told]) for name in case.now},
    )


def _changed(case: Concluded, people: People) -> Iterator[dict[str, Truth]]:
    """Yield whose conclusions are others, at each level that each of them may be at."""
    policy, now = case.policy, case.now
    causes = list(policy.description.causes)
    leading = np.array([people.probabilities[name] for name in causes]).argmax(axis=0)
    low, high = level_range(policy, people)
    for step in range(int((high - low).max()) + 1):
        levels = np.minimum(low + step, high)
        best = best_of(expected_values(policy, people, levels))
        present = policy.pathways.index(now[PATHWAY]) if now.get(PATHWAY) else EMPTY
        yield {
            FIRST_CAUSE: leading != causes.index(now[FIRST_CAUSE]),
            PATHWAY: best != present,
            URGENCY: levels != LEVELS.index(now[URGENCY]) if URGENCY in now else people.nobody,
        }


def _nearness(case: Concluded, people: People) -> Iterator[tuple[str, Array]]:
    """Yield conclusions, each with a measure of how near it comes to a change, shape (people,)."""
    policy, now = case.policy, case.now
    causes = [name for name in policy.description.causes if name != now[FIRST_CAUSE]]
    first, nobody = people.probabilities[now[FIRST_CAUSE]], np.zeros(len(people.conflicts))
    second = np.max([nobody, *(people.probabilities[name] for name in causes)], axis=0)
    yield FIRST_CAUSE, np.log(second + TINY) - np.log(first + TINY)
    if now.get(PATHWAY):
        values = expected_values(policy, people, level_range(policy, people)[1])
        present = policy.pathways.index(now[PATHWAY])
        rest = np.delete(values, present, axis=0).max(axis=0, initial=-np.inf)
        # Where the present one may not be chosen any more, any other is nearest.
        own = np.where(np.isneginf(values[present]), -1e9, values[present])
        yield PATHWAY, rest - own
    if URGENCY not in now or policy.description.triage is None:
        return
    level = LEVELS.index(now[URGENCY])
    total = policy.scale.shares(people.probabilities).sum(axis=1)
    yield URGENCY, total[level + 1 :].max(axis=0, initial=-np.inf)
    yield URGENCY, -total[level]
    higher = [
        lacking(rule.when, people)
        for rule in policy.description.triage.rules.values()
        if LEVELS.index(rule.level) > level
    ]
    yield URGENCY, -np.min(higher, axis=0) if higher else nobody - np.inf
