"""Triage: rules that raise the level of urgency, whatever the posterior, and never lower it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import inf
from operator import and_, or_
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.diagnosis.report.records import TriageReason, TriageResult
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import LEVELS, Condition, TriageRule

EMERGENCY = "emergency"

Truth = TypeVar("Truth", bool, NDArray[np.bool_])


@dataclass(frozen=True)
class Facts:
    """What rules may look at: answers (with what they imply), posteriors, thresholds.

    conflict: the findings fit neither any cause of the model nor none of them.
    """

    answers: Mapping[str, bool | str | int]
    probabilities: Mapping[str, float]
    askables: Mapping[str, Askable]
    thresholds: Mapping[str, ActionThreshold]
    conflict: bool = False


def rank(level: str) -> int:
    """Return the position of a level, self_care lowest.

    >>> rank("self_care"), rank("emergency")
    (0, 4)
    """
    return LEVELS.index(level)


def triage(description: ModelDescription, facts: Facts) -> TriageResult:
    """Return the highest level that any rule demands, with every rule that held, highest first.

    Of rules of one level those with a message of their own come first; the first one's is said.
    """
    if description.triage is None:
        return TriageResult(LEVELS[0], "", ())
    rules = description.triage.rules
    held = [name for name, rule in rules.items() if demands(rule, lambda c: _single(c, facts))]
    held.sort(key=lambda name: (-rank(rules[name].level), not rules[name].message))
    level = max([description.triage.default, *(rules[name].level for name in held)], key=rank)
    messages = [rules[n].message for n in held if rules[n].level == level and rules[n].message]
    message = messages[0] if messages else description.triage.messages.get(level, "")
    reasons = tuple(
        TriageReason(name, rules[name].level, rules[name].reason, rules[name].source)
        for name in held
    )
    return TriageResult(level, message, reasons)


def demands(rule: TriageRule, single: Callable[[Condition], Truth]) -> Truth:
    """Tell whether a rule applies: its condition holds, and nothing known exempts from it.

    single: tells of a single condition whether it holds, for one person or as an array of shape
    (cases,).
    """
    applies = combined(rule.when, single)
    if rule.unless is None:
        return applies
    # xor: what exempts is true or false for certain, also in an array.
    return applies & (combined(rule.unless, single) ^ True)


def limit_of(condition: Condition, thresholds: Mapping[str, ActionThreshold]) -> float:
    """Return the probability from which a condition on a cause holds; infinite when it has none."""
    if condition.probability_over is not None:
        return condition.probability_over
    threshold = thresholds.get(condition.cause or "")
    return threshold.value if threshold and condition.over_threshold else inf


def holds(condition: Condition, facts: Facts) -> bool:
    """Tell whether a condition holds; what was not answered fulfils no condition."""
    return combined(condition, lambda single: _single(single, facts))


def combined(condition: Condition, single: Callable[[Condition], Truth]) -> Truth:
    """Combine single conditions by any, all or count, for one person or, as arrays, for many.

    single: tells of a single condition whether it holds, for one person or as an array of shape
    (cases,).
    """
    if condition.any:
        return reduce(or_, [combined(each, single) for each in condition.any])
    if condition.all:
        return reduce(and_, [combined(each, single) for each in condition.all])
    if condition.of:
        number = sum(combined(each, single) for each in condition.of)
        return number >= (condition.count or 1)  # type: ignore[return-value]
    return single(condition)


def _single(condition: Condition, facts: Facts) -> bool:
    if condition.conflict:
        return facts.conflict
    if condition.cause is not None:
        probability = facts.probabilities.get(condition.cause)
        return probability is not None and probability >= limit_of(condition, facts.thresholds)
    if condition.finding is None or condition.finding not in facts.answers:
        return False
    return _answered(condition, facts.answers[condition.finding], facts.askables[condition.finding])


def _answered(condition: Condition, value: bool | str | int, askable: Askable) -> bool:
    if condition.equals:
        return value in condition.equals
    if condition.at_least is not None or condition.below is not None:
        low, high = _range(value, askable)
        enough = condition.at_least is None or low >= condition.at_least
        return enough and (condition.below is None or high < condition.below)
    if condition.absent:
        return value is False
    return value is True


def _range(value: bool | str | int, askable: Askable) -> tuple[float, float]:
    """Return the numbers an answer may stand for: itself, or its band from end to end."""
    if isinstance(value, str):
        low, high = askable.answer.bands[value]
        return low, high
    return value, value
