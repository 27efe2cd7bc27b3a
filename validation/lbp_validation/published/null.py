"""Draw a null model: its numbers are those that judgement gave to other things."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from msgspec import structs

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.model.format.variables import Cause, Finding, Shared
from bayesnet.model.lookup.grades import grade
from lbp_validation.simulation.sampled_models import sampled_description

Entry = TypeVar("Entry", Finding, Shared)
Uncertain = TypeVar("Uncertain", Frequency, RiskRow)


def null_description(description: ModelDescription, rng: np.random.Generator) -> ModelDescription:
    """Give every background, finding number and relative risk the value of another one at random.

    Each is drawn from the numbers of its kind that rest on judgement alone, so the null knows how
    large such numbers are, and not one thing about backs. Prevalences stay. What is drawn is made
    into a model as in `sampled_models`.
    """
    pools = _pools(description)
    drawn = structs.replace(
        description,
        causes={name: _cause(each, pools, rng) for name, each in description.causes.items()},
        shared={name: _entry(each, pools, rng) for name, each in description.shared.items()},
        findings={name: _entry(each, pools, rng) for name, each in description.findings.items()},
    )
    return sampled_description(drawn, rng)


@dataclass(frozen=True)
class Pools:
    """The judged numbers of each kind: of people with no cause, of those with one, and risks."""

    backgrounds: tuple[float, ...]
    shown: tuple[float, ...]
    risks: tuple[float, ...]


def _pools(description: ModelDescription) -> Pools:
    entries: list[Finding | Shared] = [
        *description.findings.values(),
        *description.shared.values(),
    ]
    rows = [row for cause in description.causes.values() for row in cause.risk_factors]

    def judged(numbers: Sequence[Frequency | RiskRow]) -> Iterator[float]:
        for each in numbers:
            value = each.relative_risk if isinstance(each, RiskRow) else each.value
            if value is not None and grade(each.source, description.figures) == "judgement":
                yield value

    return Pools(
        tuple(judged([each.background for each in entries])),
        tuple(judged([number for each in entries for number in each.causes.values()])),
        tuple(judged(rows)),
    )


def _cause(cause: Cause, pools: Pools, rng: np.random.Generator) -> Cause:
    rows = tuple(
        structs.replace(_certain(row), relative_risk=float(rng.choice(pools.risks)))
        for row in cause.risk_factors
    )
    return structs.replace(cause, prevalence=_certain(cause.prevalence), risk_factors=rows)


def _entry(entry: Entry, pools: Pools, rng: np.random.Generator) -> Entry:
    return structs.replace(
        entry,
        background=_number(entry.background, pools.backgrounds, rng),
        causes={name: _number(each, pools.shown, rng) for name, each in entry.causes.items()},
    )


def _number(number: Frequency, pool: Sequence[float], rng: np.random.Generator) -> Frequency:
    """Draw the chance of showing it; several states above the least keep their proportions."""
    chance = float(rng.choice(pool))
    if number.values is None:
        return structs.replace(_certain(number), value=chance)
    least, *others = number.values
    shown = sum(number.values[state] for state in others)
    part = {s: number.values[s] / shown if shown else 1 / len(others) for s in others}
    values = {least: 1 - chance, **{state: chance * each for state, each in part.items()}}
    return structs.replace(_certain(number), values=values)


def _certain(number: Uncertain) -> Uncertain:
    """Return the number without its uncertainty, so that it is not drawn once more."""
    return structs.replace(number, interval=None, sample_size=None)
