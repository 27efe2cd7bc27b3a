"""Change one number of a model: where it stands, and how far it may reach."""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import structs

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.model.format.variables import NO, YES, Finding, RiskFactor, Shared, states_of
from bayesnet.model.solving.noisy_links import distribution, lowers, raises
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
    end lowers and its high end raises them. An end stops short where a cause that raises its
    finding would come to lower it, or the other way round.
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
        return _value_ends(description, path, number, number.value)
    return _distribution_ends(description, path, number, influence)


def _value_ends(
    description: ModelDescription, path: KeyPath, number: Frequency, value: float
) -> tuple[Frequency, Frequency]:
    """Return the ends of a yes/no number."""
    way = frequency_deviations(number, np.array([1.0 - value, value]))
    reach = Z_95 * float(way[0, 1])
    low, high = number.interval or (value - reach, value + reach)
    least, most = _limits(description, path, value)
    return (
        structs.replace(number, value=min(max(low, least), value)),
        structs.replace(number, value=max(min(high, most), value)),
    )


def _limits(description: ModelDescription, path: KeyPath, value: float) -> tuple[float, float]:
    """Return the range in which a yes/no number leaves every cause raising or lowering alike."""
    if path[0] not in ("findings", "shared"):
        return 0.0, 1.0
    entry = getattr(description, str(path[0]))[path[1]]
    background = float(entry.background.value)
    if path[2] == "background":
        values = [number.value or 0.0 for number in _moving(entry)]
        lower = max((each for each in values if each < background), default=0.0)
        return lower, min((each for each in values if each >= background), default=1.0)
    return (0.0, background) if value < background else (background, 1.0)


def _moving(entry: Finding | Shared) -> Iterator[Frequency]:
    """Yield the numbers that raise or lower a finding against its background."""
    yield from entry.causes.values()
    if isinstance(entry, Finding):
        for rows in entry.background_by.values():
            yield from rows.values()


def _distribution_ends(
    description: ModelDescription, path: KeyPath, number: Frequency, influence: Array
) -> tuple[Frequency, Frequency]:
    """Return the ends of a distribution over several states."""
    states = _states(description, path)
    chances = distribution(states, number)
    # Of all distributions one standard deviation away, the one in whose direction the log-odds
    # change most: the ways are independent and of unit length, so that is the gradient's direction.
    step = influence @ frequency_deviations(number, chances) / max(math.hypot(*influence), 1e-300)

    def moved(by: float) -> Array:
        left = np.maximum(chances + by * step, 0.0)
        return np.asarray(left / left.sum())

    def end(by: float) -> Frequency:
        share = _farthest(lambda share: _goes_on(description, path, states, moved(share * by)))
        values = dict(zip(states, moved(share * by).tolist(), strict=True))
        return structs.replace(number, values=values)

    return end(-Z_95), end(Z_95)


def _states(description: ModelDescription, path: KeyPath) -> tuple[str, ...]:
    """Return the states of the variable that a frequency belongs to."""
    entry = getattr(description, str(path[0]))[path[1]]
    return states_of(entry.answer) if isinstance(entry, Finding | RiskFactor) else (NO, YES)


def _farthest(possible: Callable[[float], bool]) -> float:
    """Return the largest share of a way that is still possible, by bisection."""
    if possible(1.0):
        return 1.0
    near, far = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (near + far) / 2.0
        near, far = (middle, far) if possible(middle) else (near, middle)
    return near


def _goes_on(
    description: ModelDescription, path: KeyPath, states: Sequence[str], chances: Array
) -> bool:
    """Tell whether every cause still raises or lowers the finding with this distribution there."""
    if path[0] not in ("findings", "shared"):
        return True
    entry = getattr(description, str(path[0]))[path[1]]
    background = distribution(states, entry.background)
    if path[2] != "background":
        now = number_at(description, path)
        assert not isinstance(now, RiskRow)
        return _way(background, distribution(states, now))(background, chances)
    others = [distribution(states, number) for number in _moving(entry)]
    return all(_way(background, other)(chances, other) for other in others)


def _way(background: Array, chances: Array) -> Callable[[Array, Array], bool]:
    """Return the condition that a number has to keep: it lowers its finding, or it raises it."""
    return lowers if lowers(background, chances) else raises


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
