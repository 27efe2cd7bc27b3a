"""Say which ratio leaves a cause no room, how far it may go, and what the others take."""

import math
from collections.abc import Mapping

import numpy as np

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.format.variables import Cause
from bayesnet.model.problems import Problem
from bayesnet.model.solving.cause_parameters import (
    Numbers,
    Solution,
    numbers_of_cause,
    solve_cause,
)
from bayesnet.model.solving.standard_deviations import log_risk_deviation
from bayesnet.model.solving.tables import Settings

FARTHEST = math.log(1000.0)
"""How far a ratio is moved at most, natural logarithm: by a factor of a thousand either way."""
STEPS = 24
"""Ratios tried between one that is impossible and one that may fit; the next round tries as many
between two neighbours."""
ROUNDS = 7
MOST_NAMED = 5
"""Rows that a message names, those that take most."""


def cause_faults(
    name: str,
    cause: Cause,
    nodes: Mapping[str, NodeSpec],
    tables: Mapping[str, Settings],
    found: Solution,
) -> list[Problem]:
    """List what is wrong with the ratios of a cause that leave no leak: one problem, or none.

    The problem stands at the ratio that lies farthest out in its own interval, of those that could
    make room by themselves: that is the one most likely edited. found: to what the cause's numbers
    are solved.
    """
    if found.possible[0]:
        return []
    numbers = numbers_of_cause(cause)
    prevalence = float(numbers.prevalence[0])
    if found.overfull.any():
        reason = f"some people would have '{name}' with a probability over 1"
    else:
        share = 1.0 - (1.0 - prevalence) / (1.0 - float(found.leak[0]))
        reason = (
            f"the risk factors of '{name}' explain {100 * share:.3g} of 100 people, more than its "
            f"prevalence of {100 * prevalence:.3g}"
        )
    taken = _taken(cause, numbers, nodes, tables)
    limits = {
        at: limit
        for at in range(len(cause.risk_factors))
        if (limit := _limit(at, cause, numbers, nodes, tables)) is not None
    }
    path = ("causes", name)
    if not limits:
        message = (
            f"{reason}; move several of its ratios towards 1, no single one is enough. {taken}"
        )
        return [Problem((*path, "prevalence"), message)]
    edited = max(limits, key=lambda at: _farness(cause.risk_factors[at]))
    message = (
        f"{reason}; {_fits(cause.risk_factors[edited].relative_risk, limits[edited])}. {taken}"
    )
    return [Problem((*path, "risk_factors", edited, "relative_risk"), message)]


def _fits(ratio: float, limit: float) -> str:
    """Word how far a ratio may go, rounded to its possible side."""
    digits = max(2 - math.floor(math.log10(limit)), 0)
    unit = 10.0**-digits
    if limit < ratio:
        most = math.floor(limit / unit) * unit
        return f"with the others as they are at most {most:.{digits}f} fits here"
    least = math.ceil(limit / unit) * unit
    return f"with the others as they are at least {least:.{digits}f} fits here"


def _farness(row: RiskRow) -> float:
    """Return how far out in its own interval a ratio lies, in standard deviations."""
    if row.interval is None or min(row.interval) <= 0.0:
        return 0.0
    middle = (math.log(row.interval[0]) + math.log(row.interval[1])) / 2.0
    return abs(math.log(row.relative_risk) - middle) / max(log_risk_deviation(row), 1e-9)


def _limit(
    at: int,
    cause: Cause,
    numbers: Numbers,
    nodes: Mapping[str, NodeSpec],
    tables: Mapping[str, Settings],
) -> float | None:
    """Return the nearest ratio of one row that makes the cause possible; None if none does."""
    found = []
    for way in (-FARTHEST, FARTHEST):
        near, far = 0.0, way
        for _ in range(ROUNDS):
            moves = np.linspace(near, far, STEPS + 1)[1:]
            possible = _possible(
                at, numbers.ratios[0, at] * np.exp(moves), cause, numbers, nodes, tables
            )
            if not possible.any():
                break
            first = int(possible.argmax())
            near, far = (near if first == 0 else float(moves[first - 1])), float(moves[first])
        else:
            found.append(far)
    return float(numbers.ratios[0, at]) * math.exp(min(found, key=abs)) if found else None


def _possible(
    at: int,
    values: np.ndarray,
    cause: Cause,
    numbers: Numbers,
    nodes: Mapping[str, NodeSpec],
    tables: Mapping[str, Settings],
) -> np.ndarray:
    """Tell for which values of one ratio there is such a cause."""
    ratios = np.repeat(numbers.ratios, len(values), axis=0)
    ratios[:, at] = values
    tried = Numbers(np.repeat(numbers.prevalence, len(values)), ratios)
    return solve_cause(cause, tried, nodes, tables).possible


def _taken(
    cause: Cause,
    numbers: Numbers,
    nodes: Mapping[str, NodeSpec],
    tables: Mapping[str, Settings],
) -> str:
    """Say how many of 100 people with the cause the strongest rows explain: those gone without."""
    count = len(cause.risk_factors)
    ratios = np.repeat(numbers.ratios, count + 1, axis=0)
    ratios[range(count), range(count)] = 1.0
    tried = Numbers(np.repeat(numbers.prevalence, count + 1), ratios)
    leak = solve_cause(cause, tried, nodes, tables).leak
    shares = 100.0 * (leak[:count] - leak[count]) / numbers.prevalence[0]
    order = np.argsort(-shares)[:MOST_NAMED]
    named = [
        f"{_row(cause.risk_factors[at])} {shares[at]:.0f}" for at in order if shares[at] >= 0.5
    ]
    return f"Of 100 people with it these take: {', '.join(named)}"


def _row(row: RiskRow) -> str:
    return row.factor if row.state is None else f"{row.factor} {row.state}"
