"""Check the uncertainty of numbers, and which way each moves its finding from the background."""

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.model.format.variables import NO, YES, Finding, states_of
from bayesnet.model.lookup.scope import Scope, frequencies
from bayesnet.model.problems import Problem
from bayesnet.model.solving.noisy_links import TOLERANCE, distribution, lowers


def check_numbers(scope: Scope) -> Iterator[Problem]:
    """Yield the mistakes in intervals and sample sizes, and in numbers beside their background."""
    description = scope.description
    for path, number, _ in frequencies(description):
        yield from _frequency(path, number)
    for name, cause in description.causes.items():
        for at, row in enumerate(cause.risk_factors):
            yield from _relative_risk(("causes", name, "risk_factors", at), row)
    for name, shared in description.shared.items():
        path = ("shared", name)
        yield from _raising((NO, YES), shared.background, _effects(path, shared.causes))
    for name, finding in description.findings.items():
        path = ("findings", name)
        states = states_of(finding.answer)
        yield from _raising(states, finding.background, _raised_backgrounds(path, finding))
        for place, number in _effects(path, finding.causes):
            yield from _one_way(place, states, finding.background, number)


def _effects(path: KeyPath, causes: Mapping[str, Frequency]) -> Iterator[tuple[KeyPath, Frequency]]:
    """Yield the path and the number of each cause of a finding or shared node."""
    for cause, number in causes.items():
        yield (*path, "causes", cause), number


def _raised_backgrounds(path: KeyPath, finding: Finding) -> Iterator[tuple[KeyPath, Frequency]]:
    """Yield the path and the number of each background that a risk factor raises."""
    for factor, rows in finding.background_by.items():
        for state, number in rows.items():
            yield (*path, "background_by", factor, state), number


def _frequency(path: KeyPath, number: Frequency) -> Iterator[Problem]:
    yield from _uncertainty(path, number)
    if number.interval is not None and number.value is not None:
        yield from _interval(path, number.interval, number.value, (0.0, 1.0))
    elif number.interval is not None and number.values is not None:
        message = "an interval goes with one `value`; with `values` give `sample_size` instead"
        yield Problem((*path, "interval"), message)


def _uncertainty(path: KeyPath, number: Frequency | RiskRow) -> Iterator[Problem]:
    if number.interval is None and number.sample_size is None:
        message = "no uncertainty; add `interval: [low, high]` (95 %) or `sample_size:` (patients)"
        yield Problem(path, message)


def _relative_risk(path: KeyPath, row: RiskRow) -> Iterator[Problem]:
    yield from _uncertainty(path, row)
    if row.interval is not None:
        yield from _interval(path, row.interval, row.relative_risk, (math.ulp(0.0), math.inf))


def _interval(
    path: KeyPath, interval: tuple[float, float], value: float, limits: tuple[float, float]
) -> Iterator[Problem]:
    low, high = interval
    place = (*path, "interval")
    if low > high:
        message = f"the interval runs from {low:g} down to {high:g}; write [{high:g}, {low:g}]"
        yield Problem(place, message)
    elif not low <= value <= high:
        message = f"{value:g} is outside its interval [{low:g}, {high:g}]; correct one of them"
        yield Problem(place, message)
    if min(low, high) < limits[0] or max(low, high) > limits[1]:
        within = "from 0 to 1" if limits[1] == 1 else "over 0"
        message = f"the interval [{low:g}, {high:g}] leaves what is possible; keep it {within}"
        yield Problem(place, message)


def _raising(
    states: tuple[str, ...], background: Frequency, raising: Iterable[tuple[KeyPath, Frequency]]
) -> Iterator[Problem]:
    """Yield the numbers that lie below the background and may not: only a finding's causes may."""
    base = _cumulative(background, states)
    for where, number in raising:
        with_cause = _cumulative(number, states)
        if base is None or with_cause is None:
            continue
        if states == (NO, YES):
            yield from _raises(where, background.value or 0.0, number.value or 0.0)
        else:
            yield from _raises_states(where, states, base, with_cause)


def _one_way(
    path: KeyPath, states: tuple[str, ...], background: Frequency, number: Frequency
) -> Iterator[Problem]:
    """Check that a cause moves a finding with several states one way: up, or down throughout."""
    base, with_cause = _cumulative(background, states), _cumulative(number, states)
    if base is None or with_cause is None or states == (NO, YES):
        return
    if not lowers(distribution(states, background), distribution(states, number)):
        yield from _raises_states(path, states, base, with_cause)


def _cumulative(number: Frequency, states: tuple[str, ...]) -> list[float] | None:
    """Return P(at most each state) as a list, or None when the number is not of the right kind."""
    if states == (NO, YES) and number.value is not None and number.values is None:
        return [1.0 - number.value, 1.0]
    if number.values is None or set(number.values) != set(states):
        return None
    cumulative = list(accumulate(number.values[state] for state in states))
    return cumulative if abs(cumulative[-1] - 1.0) <= TOLERANCE else None


def _raises(path: KeyPath, background: float, value: float) -> Iterator[Problem]:
    """Check that a yes/no number is not below the background."""
    if value < background:
        message = (
            f"{value:g} is below the background of {background:g}, and only a cause of a finding "
            "can lower it; raise the number, lower the background, or leave it out"
        )
        yield Problem((*path, "value"), message)


def _raises_states(
    path: KeyPath, states: tuple[str, ...], base: list[float], with_cause: list[float]
) -> Iterator[Problem]:
    """Check the condition of a noisy-MAX on a cause's distribution over several states.

    P(at most s | cause) / P(at most s | background) has to be at most 1 and may not fall from one
    state to the next, or the link from the cause would need negative probabilities.
    """
    before = 0.0
    for state, below, cause_below in zip(states, base, with_cause, strict=True):
        ratio = cause_below / below if below > 0 else (math.inf if cause_below > 0 else before)
        if ratio > 1 + TOLERANCE or ratio < before - TOLERANCE:
            message = (
                f"the states are out of order, or raised here and lowered there: up to '{state}' "
                f"the cause has {cause_below:.3g} and the background {below:.3g}, and where a "
                "cause raises the ratio may not pass 1 or fall; move weight to later states, all "
                "of it to earlier ones, or drop the cause"
            )
            yield Problem((*path, "values"), message)
            return
        before = max(before, ratio)
