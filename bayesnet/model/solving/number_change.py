"""Change one number of a model: where it stands, and how far it may reach."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import structs

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.model.format.variables import NO, YES, Finding, RiskFactor, states_of
from bayesnet.model.solving.noisy_links import distribution
from bayesnet.model.solving.parameters import solvable, solve, untouched
from bayesnet.model.solving.standard_deviations import (
    Z_95,
    frequency_deviations,
    log_risk_deviation,
)
from bayesnet.network import Array

HALVINGS = 40
"""Bisections of a way from 0 to 1: its end is then known to 2^-40, about 1e-12."""
FARTHEST = 300.0
"""Natural logarithm at which a relative risk is cut: exp(300) is 2e130, exp(710) no number."""

Uncertain = Frequency | RiskRow

_To = Callable[[float], Frequency]
"""A way from a number to one of its ends: takes the share of the way, 0 to 1."""


def number_at(description: ModelDescription, path: KeyPath) -> Uncertain:
    """Return the number at a path: of a frequency (see `scope.frequencies`) or a relative risk."""
    found: Any = description
    for key in path:
        within = isinstance(found, dict | tuple)
        found = found[key] if within else getattr(found, str(key))
    assert isinstance(found, Uncertain)
    return found


def with_number(
    description: ModelDescription, path: KeyPath, number: Uncertain
) -> ModelDescription:
    """Return the model with another number at the path."""
    changed = _with(description, path, number)
    assert isinstance(changed, ModelDescription)
    return changed


def ends(
    description: ModelDescription, path: KeyPath, influence: Array
) -> tuple[Uncertain, Uncertain]:
    """Return a number at the low and the high end of its 95 % interval.

    influence: what one standard deviation in each of the number's independent ways does to the
    log-odds of the cause asked about, shape (ways,). A distribution over several states has many
    directions to move in; it is moved in the one that changes those log-odds most, so that its low
    end lowers and its high end raises them. An end of a finding's number
    stops short where it could not be had, or a cause that raises the finding would come to lower
    it, or the other way round.
    """
    number = number_at(description, path)
    if isinstance(number, RiskRow):
        reach = math.exp(min(Z_95 * log_risk_deviation(number), FARTHEST))
        low, high = number.interval or (number.relative_risk / reach, number.relative_risk * reach)
        return (
            structs.replace(number, relative_risk=low),
            structs.replace(number, relative_risk=high),
        )
    if number.value is not None:
        below, above = _value_ways(number, number.value)
    else:
        below, above = _distribution_ways(_states(description, path), number, influence)
    return _farthest(description, path, below), _farthest(description, path, above)


def _value_ways(number: Frequency, value: float) -> tuple[_To, _To]:
    """Return the ways from a yes/no number to its ends."""
    way = frequency_deviations(number, np.array([1.0 - value, value]))
    reach = Z_95 * float(way[0, 1])
    low, high = number.interval or (value - reach, value + reach)

    def to(end: float) -> _To:
        return lambda share: structs.replace(number, value=value + share * (end - value))

    return to(max(low, 0.0)), to(min(high, 1.0))


def _distribution_ways(
    states: Sequence[str], number: Frequency, influence: Array
) -> tuple[_To, _To]:
    """Return the ways from a distribution over several states to its ends."""
    chances = distribution(states, number)
    # Of all distributions one standard deviation away, the one in whose direction the log-odds
    # change most: the ways are independent and of unit length, so that is the gradient's direction.
    step = influence @ frequency_deviations(number, chances) / max(math.hypot(*influence), 1e-300)

    def to(by: float) -> _To:
        def moved(share: float) -> Frequency:
            left = np.maximum(chances + share * by * step, 0.0)
            values = dict(zip(states, (left / left.sum()).tolist(), strict=True))
            return structs.replace(number, values=values)

        return moved

    return to(-Z_95), to(Z_95)


def _states(description: ModelDescription, path: KeyPath) -> tuple[str, ...]:
    """Return the states of the variable that a frequency belongs to."""
    entry = getattr(description, str(path[0]))[path[1]]
    return states_of(entry.answer) if isinstance(entry, Finding | RiskFactor) else (NO, YES)


def _farthest(description: ModelDescription, path: KeyPath, way: _To) -> Frequency:
    """Return the number at the end of its way, or at the last point where it can be had."""
    if path[0] not in ("findings", "shared"):
        return way(1.0)
    before = {node.name: node for node in solve(description)[0]}
    kept = untouched(description, before, path)

    def possible(share: float) -> bool:
        changed = with_number(description, path, way(share))
        return solvable(changed, kept)

    if possible(1.0):
        return way(1.0)
    near, far = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (near + far) / 2.0
        near, far = (middle, far) if possible(middle) else (near, middle)
    return way(near)


def _with(entry: Any, path: KeyPath, number: Uncertain) -> Any:
    """Replace the number at a path within an entry."""
    if not path:
        return number
    key, rest = path[0], path[1:]
    if isinstance(entry, dict):
        return {**entry, key: _with(entry[key], rest, number)}
    if isinstance(entry, tuple):
        at = int(key)
        return (*entry[:at], _with(entry[at], rest, number), *entry[at + 1 :])
    return structs.replace(entry, **{str(key): _with(getattr(entry, str(key)), rest, number)})
