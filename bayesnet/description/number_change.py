"""A model with one number at another value: where numbers stand, and how far each may reach."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from msgspec import structs

from bayesnet.description.format import ModelDescription
from bayesnet.description.numbers import ConditionalFrequency, Frequency, RiskRow
from bayesnet.description.scope import Path
from bayesnet.description.spread import REACH, frequency_spread, log_risk_deviation
from bayesnet.description.variables import Finding, Shared
from bayesnet.network import Array

Chances = Frequency | ConditionalFrequency
Uncertain = Chances | RiskRow


def number_at(description: ModelDescription, path: Path) -> Uncertain:
    """The number at a path (see `scope.numbers`, and the risk rows of causes)."""
    found: Any = description
    for key in path:
        within = isinstance(found, dict | tuple)
        found = found[key] if within else getattr(found, str(key))
    assert isinstance(found, Uncertain)
    return found


def with_number(description: ModelDescription, path: Path, number: Uncertain) -> ModelDescription:
    """The same model with another number at the path."""
    changed = _with(description, path, number)
    assert isinstance(changed, ModelDescription)
    return changed


def ends(
    description: ModelDescription, path: Path, influence: Array
) -> tuple[Uncertain, Uncertain]:
    """A number at the low and the high end of its 95 % interval.

    influence: what a standard deviation of each of its ways does to the log-odds asked about. A
    distribution goes to where that moves most; its ends are those that lower and raise the
    log-odds. A frequency stays where causes raise their finding, which the model demands.
    """
    number = number_at(description, path)
    if isinstance(number, RiskRow):
        reach = math.exp(REACH * log_risk_deviation(number))
        low, high = number.interval or (number.relative_risk / reach, number.relative_risk * reach)
        return (
            structs.replace(number, relative_risk=low),
            structs.replace(number, relative_risk=high),
        )
    if number.value is not None:
        return _value_ends(description, path, number, number.value)
    return _distribution_ends(number, influence)


def _value_ends(
    description: ModelDescription, path: Path, number: Chances, value: float
) -> tuple[Chances, Chances]:
    way = frequency_spread(number, np.array([1.0 - value, value]))
    low, high = number.interval or (value - REACH * way[0, 1], value + REACH * way[0, 1])
    least, most = _limits(description, path)
    return (
        structs.replace(number, value=min(max(low, least), value)),
        structs.replace(number, value=max(min(high, most), value)),
    )


def _limits(description: ModelDescription, path: Path) -> tuple[float, float]:
    """Between which a yes/no number must lie for every cause to raise its finding."""
    if path[0] not in ("findings", "shared"):
        return 0.0, 1.0
    entry = getattr(description, str(path[0]))[path[1]]
    if path[2] == "background":
        raised = [number for rows in _raised(entry) for number in rows.values()]
        values = [number.value for number in (*entry.causes.values(), *raised)]
        return 0.0, min(values, default=1.0)
    return entry.background.value, 1.0


def _raised(entry: Finding | Shared) -> Iterable[Mapping[str, Frequency]]:
    return entry.background_by.values() if isinstance(entry, Finding) else ()


def _distribution_ends(number: Chances, influence: Array) -> tuple[Chances, Chances]:
    values = number.values or {}
    chances = np.array(list(values.values()))
    step = influence @ frequency_spread(number, chances) / max(math.hypot(*influence), 1e-300)

    def moved(by: float) -> Chances:
        left = np.maximum(chances + by * step, 0.0)
        shares = (left / left.sum()).tolist()
        return structs.replace(number, values=dict(zip(values, shares, strict=True)))

    return moved(-REACH), moved(REACH)


def _with(entry: Any, path: Path, number: Uncertain) -> Any:
    if not path:
        return number
    key, rest = path[0], path[1:]
    if isinstance(entry, dict):
        return {**entry, key: _with(entry[key], rest, number)}
    if isinstance(entry, tuple):
        at = int(key)
        return (*entry[:at], _with(entry[at], rest, number), *entry[at + 1 :])
    return structs.replace(entry, **{str(key): _with(getattr(entry, str(key)), rest, number)})
