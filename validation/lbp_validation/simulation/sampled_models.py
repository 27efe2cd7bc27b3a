"""Draw a model's numbers from their own uncertainty: a model that could as well be true.

Every number is drawn by itself. Its 95 % interval becomes a normal distribution of the logit (a
frequency) or of the logarithm (a relative risk) with the number as median and the interval's ends
as 2.5 % and 97.5 % quantiles; the two halves may differ in width. An equivalent sample size becomes
a Beta or Dirichlet distribution with the number as mean. What is drawn must still be a model, so it
is clipped, as little as that needs: a cause that raises a finding and would come to lower it leaves
it at its background, as does one that lowers it and would come to raise it; what cannot be had
beside a pattern or an age that shows the same is pulled to the background; and relative risks that
explain more of a cause than there is are pulled towards 1 by one common power.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from msgspec import structs

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import Effect, Frequency, RiskRow
from bayesnet.model.format.variables import (
    NO,
    YES,
    Cause,
    Finding,
    RiskFactor,
    Shared,
    states_of,
)
from bayesnet.model.solving.noisy_links import distribution, lowering, lowers, raising
from bayesnet.model.solving.parameters import solve
from bayesnet.model.solving.standard_deviations import Z_95
from bayesnet.network import Array

NEAREST_TO_SURE = 1e-6
"""Nearest that a drawn frequency's interval comes to 0 or 1, where a logit would be infinite."""
HALVINGS = 10
"""Bisections of a share from 0 to 1: it is then known to 1e-3, finer than any number."""
Change = Callable[[ModelDescription, Mapping[str, float]], ModelDescription]
"""Changes entries of a model, each by a share from 0 (not at all) to 1."""

AnyFrequency = TypeVar("AnyFrequency", bound=Frequency)


def sampled_description(
    description: ModelDescription, rng: np.random.Generator
) -> ModelDescription:
    """Draw every uncertain number of a model anew, prevalences included.

    The result solves without problems if the description does, and the same generator state gives
    the same numbers. Intervals, sample sizes and sources stay those of the number drawn from, so a
    number may lie outside its interval. Utilities and thresholds are decisions and stay.
    """
    factors = {name: _factor(each, rng) for name, each in description.risk_factors.items()}
    causes = {name: _cause(each, rng) for name, each in description.causes.items()}
    shared = {name: _shared(each, rng) for name, each in description.shared.items()}
    findings = {name: _finding(each, rng) for name, each in description.findings.items()}
    drawn = structs.replace(
        description,
        risk_factors=factors,
        causes=_solvable(structs.replace(description, risk_factors=factors, causes=causes)),
        shared=shared,
        findings=findings,
    )
    return structs.replace(drawn, findings=_together(drawn))


def sampled_number(number: AnyFrequency, rng: np.random.Generator) -> AnyFrequency:
    """Draw a frequency from its interval or sample size; unchanged when it has neither."""
    if number.value is not None and number.interval is not None:
        value = _from_interval(number.value, number.interval, _logit, _from_logit, rng)
        return structs.replace(number, value=value)
    if number.sample_size is None:
        return number
    if number.value is not None:
        chances = _dirichlet(np.array([1.0 - number.value, number.value]), number.sample_size, rng)
        return structs.replace(number, value=float(chances[1]))
    given = number.values or {}
    chances = _dirichlet(np.array(list(given.values())), number.sample_size, rng)
    return structs.replace(number, values=dict(zip(given, chances.tolist(), strict=True)))


def sampled_risk(row: RiskRow, rng: np.random.Generator) -> RiskRow:
    """Draw a relative risk from its interval or sample size.

    A sample size n is taken as n / 2 patients with the cause on either side, so that the logarithm
    has the variance 4 / n.
    """
    if row.interval is not None:
        risk = _from_interval(row.relative_risk, row.interval, np.log, np.exp, rng)
    elif row.sample_size is not None:
        risk = float(row.relative_risk * np.exp(rng.normal() * 2.0 / np.sqrt(row.sample_size)))
    else:
        return row
    return structs.replace(row, relative_risk=risk)


def _factor(factor: RiskFactor, rng: np.random.Generator) -> RiskFactor:
    frequency = factor.frequency
    return structs.replace(
        factor,
        frequency=None if frequency is None else sampled_number(frequency, rng),
        frequency_by=tuple(sampled_number(row, rng) for row in factor.frequency_by),
    )


def _cause(cause: Cause, rng: np.random.Generator) -> Cause:
    return structs.replace(
        cause,
        prevalence=sampled_number(cause.prevalence, rng),
        risk_factors=tuple(sampled_risk(row, rng) for row in cause.risk_factors),
    )


def _shared(shared: Shared, rng: np.random.Generator) -> Shared:
    background = sampled_number(shared.background, rng)
    return structs.replace(
        shared,
        background=background,
        causes=_effects((NO, YES), background, shared.causes, rng),
    )


def _finding(finding: Finding, rng: np.random.Generator) -> Finding:
    states = states_of(finding.answer)
    background = sampled_number(finding.background, rng)
    causes = _effects(states, background, finding.causes, rng)
    raised = {
        factor: {
            state: _not_below(states, background, sampled_number(number, rng))
            for state, number in rows.items()
        }
        for factor, rows in finding.background_by.items()
    }
    return structs.replace(finding, background=background, background_by=raised, causes=causes)


def _effects(
    states: tuple[str, ...],
    background: Frequency,
    causes: Mapping[str, Effect],
    rng: np.random.Generator,
) -> dict[str, Effect]:
    drawn = {name: sampled_number(number, rng) for name, number in causes.items()}
    return {
        name: _not_above(states, background, number)
        if number.lowers
        else _not_below(states, background, number)
        for name, number in drawn.items()
    }


def _not_below(states: tuple[str, ...], base: Frequency, number: AnyFrequency) -> AnyFrequency:
    """Raise a number where a cause would come to lower a finding that it raises.

    Noisy-MAX needs P(at most s | cause) / P(at most s | background) to be at most 1 and never to
    fall from one state to the next.
    """
    if states == (NO, YES) and number.value is not None:
        return structs.replace(number, value=max(number.value, base.value or 0.0))
    chances = raising(distribution(states, base), distribution(states, number))
    return structs.replace(number, values=dict(zip(states, chances.tolist(), strict=True)))


def _not_above(states: tuple[str, ...], base: Frequency, number: Effect) -> Effect:
    """Lower a number where a cause would come to raise a finding that it lowers.

    At the background it lowers nothing, and no longer says so.
    """
    if states == (NO, YES) and number.value is not None:
        value = min(number.value, base.value or 0.0)
        return structs.replace(number, value=value, lowers=value < (base.value or 0.0))
    before = distribution(states, base)
    after = lowering(before, distribution(states, number))
    values = dict(zip(states, after.tolist(), strict=True))
    return structs.replace(number, values=values, lowers=lowers(before, after))


def _together(description: ModelDescription) -> dict[str, Finding]:
    """Return the findings, their numbers pulled to the background where they cannot be had.

    Each by itself may be had, and not beside a pattern or an age that raises the same finding.
    """
    found = dict(description.findings)
    while wanting := _unsolvable(structs.replace(description, findings=found)):
        apart = structs.replace(description, findings={name: found[name] for name in wanting})
        found |= _least_changed(apart, wanting, _pulled).findings
    return found


def _least_changed(
    description: ModelDescription, names: Sequence[str], changed: Change
) -> ModelDescription:
    """Change each of some entries by the least share that can be solved, bisected side by side."""
    low, high = dict.fromkeys(names, 0.0), dict.fromkeys(names, 1.0)
    for _ in range(HALVINGS):
        tried = {name: (low[name] + high[name]) / 2 for name in names}
        failing = set(_unsolvable(changed(description, tried)))
        low |= {name: share for name, share in tried.items() if name in failing}
        high |= {name: share for name, share in tried.items() if name not in failing}
    return changed(description, high)


def _pulled(description: ModelDescription, shares: Mapping[str, float]) -> ModelDescription:
    """Pull the numbers of findings this share of the way to their background."""
    nearer = {name: _nearer(description.findings[name], share) for name, share in shares.items()}
    return structs.replace(description, findings={**description.findings, **nearer})


def _nearer(finding: Finding, share: float) -> Finding:
    """Return the finding with all numbers this share of the way to its background."""
    states = states_of(finding.answer)
    base = distribution(states, finding.background)

    def nearer(number: AnyFrequency) -> AnyFrequency:
        chances = (1.0 - share) * distribution(states, number) + share * base
        if number.value is not None:
            return structs.replace(number, value=float(chances[1]))
        return structs.replace(number, values=dict(zip(states, chances.tolist(), strict=True)))

    return structs.replace(
        finding,
        causes={name: nearer(number) for name, number in finding.causes.items()},
        background_by={
            factor: {state: nearer(number) for state, number in rows.items()}
            for factor, rows in finding.background_by.items()
        },
    )


def _solvable(description: ModelDescription) -> dict[str, Cause]:
    """Return the causes, relative risks pulled towards 1 where they leave no room for a leak."""
    small = structs.replace(description, shared={}, findings={})
    # A cause by a cause is solved, and found wanting, only once the other one is.
    while wanting := _unsolvable(small):
        small = _least_changed(small, wanting, _tempered)
    return small.causes


def _unsolvable(description: ModelDescription) -> list[str]:
    _, problems = solve(description)
    return list(dict.fromkeys(str(each.path[1]) for each in problems))


def _tempered(description: ModelDescription, shares: Mapping[str, float]) -> ModelDescription:
    """Raise the relative risks of causes to the power of one minus their share."""
    causes = dict(description.causes)
    for name, share in shares.items():
        rows = causes[name].risk_factors
        tempered = (
            structs.replace(row, relative_risk=row.relative_risk ** (1.0 - share)) for row in rows
        )
        causes[name] = structs.replace(causes[name], risk_factors=tuple(tempered))
    return structs.replace(description, causes=causes)


def _from_interval(
    value: float,
    interval: tuple[float, float],
    scaled: Callable[[float], float],
    unscaled: Callable[[float], float],
    rng: np.random.Generator,
) -> float:
    """Draw from a normal distribution on a scale, with its own width below and above the median."""
    z = rng.normal() / Z_95
    end = interval[0] if z < 0 else interval[1]
    if end == value:
        return value
    middle = scaled(value)
    return float(unscaled(middle + abs(z) * (scaled(end) - middle)))


def _logit(chance: float) -> float:
    inside = min(max(chance, NEAREST_TO_SURE), 1.0 - NEAREST_TO_SURE)
    return float(np.log(inside / (1.0 - inside)))


def _from_logit(logit: float) -> float:
    return float(1.0 / (1.0 + np.exp(-logit)))


def _dirichlet(chances: Array, size: float, rng: np.random.Generator) -> Array:
    """Draw from a Dirichlet distribution, shape (states,), by scaled gamma draws: 0 stays 0."""
    parts = rng.standard_gamma(chances * size)
    total = parts.sum()
    return parts / total if total > 0 else chances
