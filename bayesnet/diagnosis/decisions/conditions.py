"""Evaluate conditions for a table of people; one person is a table of one row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from math import inf
from operator import and_, or_

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.columns import EMPTY, Column
from bayesnet.diagnosis.answers.intake import Askable, answer_of
from bayesnet.diagnosis.answers.reading import Value
from bayesnet.diagnosis.answers.soft import SoftAnswer
from bayesnet.model.format.bands import range_of
from bayesnet.model.format.triage_rules import Condition, TriageRule
from bayesnet.network import Array

Truth = NDArray[np.bool_]
"""Whether something holds, of each person of a table; shape (cases,)."""


@dataclass(frozen=True, eq=False)
class People:
    """What is known of the people of a table, as conditions look at it.

    known: {id: askable}; answers: {id: column}, those that follow from others included; unknown:
    {id: who was asked and did not know}; probabilities: {cause: shape (cases,)}; limits: {cause:
    the lowest probability from which it is acted on}; conflicts: whose findings fit no cause.
    """

    known: Mapping[str, Askable]
    answers: Mapping[str, Column]
    unknown: Mapping[str, Truth]
    probabilities: Mapping[str, Array]
    limits: Mapping[str, float]
    conflicts: Truth

    @cached_property
    def nobody(self) -> Truth:
        """False for everyone."""
        found = np.zeros(len(self.conflicts), dtype=np.bool_)
        found.flags.writeable = False
        return found

    def with_answers(self, answers: Mapping[str, Value]) -> "People":
        """Return everyone with these answers in place of their own to the same questions."""
        cases = len(self.conflicts)
        given = {name: one_answer(value, cases) for name, value in answers.items()}
        return replace(self, answers={**self.answers, **given})

    def taken(self, rows: NDArray[np.intp]) -> "People":
        """Return the people at these positions, in this order."""
        return replace(
            self,
            answers={name: column.take(rows) for name, column in self.answers.items()},
            unknown={name: each[rows] for name, each in self.unknown.items()},
            probabilities={name: each[rows] for name, each in self.probabilities.items()},
            conflicts=self.conflicts[rows],
        )

    def settled(self, name: str) -> Truth:
        """Tell who has answered a question, or was asked and did not know."""
        found = self.unknown.get(name, self.nobody)
        return found | (self.answers[name].codes != EMPTY) if name in self.answers else found

    def denied(self, name: str) -> Truth:
        """Tell who has answered a yes/no question with no, and not softly."""
        return holds(Condition(finding=name, absent=True), self.certain)

    def doubted(self, name: str) -> Truth:
        """Tell who has answered a yes/no question softly, with less than half the weight on yes."""
        if name not in self.answers:
            return self.nobody
        column, mostly = self.answers[name], Condition(finding=name)
        told = [isinstance(value, SoftAnswer) for value in column.values]
        return column.looked_up(told, False, np.bool_) & ~holds(mostly, self)

    @cached_property
    def certain(self) -> "People":
        """Everyone without their soft answers: these exempt from nothing and deny nothing."""
        answers = {name: _plain_only(column) for name, column in self.answers.items()}
        return replace(self, answers=answers)


def _plain_only(column: Column) -> Column:
    """Return a column without its soft answers."""
    soft = [isinstance(value, SoftAnswer) for value in column.values]
    if not any(soft):
        return column
    kept = [EMPTY if each else code for code, each in enumerate(soft)]
    return Column(column.values, column.looked_up(kept, EMPTY, np.intp))


def one_answer(value: Value, cases: int = 1) -> Column:
    """Make the column of people who all give one answer."""
    return Column((value,), np.zeros(cases, dtype=np.intp))


def demands(rule: TriageRule, people: People) -> Truth:
    """Tell for whom a rule holds: its condition does, and nothing known exempts from it."""
    applies = holds(rule.when, people)
    if rule.unless is None or not applies.any():
        return applies
    return applies & ~holds(rule.unless, people.certain)


def holds(condition: Condition, people: People) -> Truth:
    """Tell for whom a condition holds; what was not answered fulfils no condition.

    A soft answer fulfils one on what it is about where the choices that do have half the weight.
    """
    if condition.any:
        return reduce(or_, [holds(each, people) for each in condition.any])
    if condition.all:
        return reduce(and_, [holds(each, people) for each in condition.all])
    if condition.of:
        number = np.sum([holds(each, people) for each in condition.of], axis=0)
        return np.asarray(number >= (condition.count or 1))
    if condition.conflict:
        return people.conflicts
    if condition.cause is not None:
        if condition.cause not in people.probabilities:
            return people.nobody
        return np.asarray(people.probabilities[condition.cause] >= _limit(condition, people))
    if condition.finding is None or condition.finding not in people.answers:
        return people.nobody
    column, askable = people.answers[condition.finding], people.known[condition.finding]
    told = [_answered(condition, value, askable) for value in column.values]
    return column.looked_up(told, False, np.bool_)


def lacking(condition: Condition, people: People) -> Array:
    """Count the answers that a condition still lacks, of each person, shape (cases,).

    Infinite where no open question could make it hold: what was answered stays, and a probability
    follows from everything.
    """
    if condition.any:
        return np.asarray(np.min([lacking(each, people) for each in condition.any], axis=0))
    if condition.all:
        return np.asarray(np.sum([lacking(each, people) for each in condition.all], axis=0))
    if condition.of:
        each = np.sort([lacking(part, people) for part in condition.of], axis=0)
        return np.asarray(each[: condition.count or 1].sum(axis=0))
    held = holds(condition, people)
    if condition.finding is None:
        return np.where(held, 0.0, np.inf)
    return np.where(held, 0.0, np.where(people.settled(condition.finding), np.inf, 1.0))


def what_holds(condition: Condition, person: People) -> tuple[str, ...]:
    """List the questions whose answers make a condition hold for one person, each once."""
    if not holds(condition, person)[0]:
        return ()
    if parts := _parts(condition):
        return tuple(dict.fromkeys(name for part in parts for name in what_holds(part, person)))
    return (condition.finding,) if condition.finding is not None else ()


def undone(condition: Condition, person: People) -> dict[str, Value] | None:
    """Find few other answers with which a condition no longer holds for one person.

    None where no answer alone can do that: a number such as age is what it is, and a probability
    follows from everything.
    """
    if not holds(condition, person)[0]:
        return {}
    if condition.any:
        return _all_of(undone(each, person) for each in condition.any)
    held = [each for each in _parts(condition) if holds(each, person)[0]]
    ways = sorted(filter(None, (undone(each, person) for each in held)), key=len)
    if condition.all:
        return ways[0] if ways else None
    if condition.of:
        needed = len(held) - (condition.count or 1) + 1
        return _all_of(ways[:needed]) if len(ways) >= needed else None
    other = None if condition.finding is None else _other_answer(condition, person)
    return None if other is None else _consistent(condition.finding or "", other, person)


def _consistent(name: str, value: Value, person: People) -> dict[str, Value]:
    """Return an answer with what has to be answered otherwise too, lest they contradict."""
    askable = person.known[name]
    source = askable.derived_from
    if source in person.answers:
        fitting = (s for s in person.known[source].answer.states if _says(askable, s) is value)
        return {name: value, source: next(fitting)}
    also = {n: each for n, each in person.known.items() if each.derived_from == name}
    implied = {n: _says(each, value) for n, each in also.items() if n in person.answers}
    return {name: value, **implied}


def _says(derived: Askable, value: Value) -> bool:
    return value in derived.derived_states


def _parts(condition: Condition) -> Sequence[Condition]:
    return (*condition.any, *condition.all, *condition.of)


def _all_of(ways: Iterable[dict[str, Value] | None]) -> dict[str, Value] | None:
    found: dict[str, Value] = {}
    for way in ways:
        if way is None:
            return None
        found |= way
    return found


def _other_answer(condition: Condition, person: People) -> Value:
    """Return an answer to a condition's question with which it does not hold; None for numbers."""
    askable = person.known[condition.finding or ""]
    others = (choice.value for choice in askable.choices())
    return next((each for each in others if not _answered(condition, each, askable)), None)


def _limit(condition: Condition, people: People) -> float:
    """Return the probability from which a condition on a cause holds; infinite when it has none."""
    if condition.probability_over is not None:
        return condition.probability_over
    return people.limits.get(condition.cause or "", inf) if condition.over_threshold else inf


def _answered(condition: Condition, value: Value, askable: Askable) -> bool:
    if isinstance(value, SoftAnswer):
        plain = {choice: answer_of(askable, choice) for choice in value}
        return value.mostly([c for c, each in plain.items() if _answered(condition, each, askable)])
    if condition.equals:
        return value in condition.equals
    if condition.at_least is not None or condition.below is not None:
        low, high = _range(value, askable)
        enough = condition.at_least is None or low >= condition.at_least
        return enough and (condition.below is None or high < condition.below)
    return value is (not condition.absent)


def _range(value: Value, askable: Askable) -> tuple[float, float]:
    """Return the numbers an answer may stand for: itself, or its band from end to end."""
    if isinstance(value, str):
        return range_of(askable.answer.bands, value)
    assert not isinstance(value, SoftAnswer)
    number = float(value or 0)
    return number, number
