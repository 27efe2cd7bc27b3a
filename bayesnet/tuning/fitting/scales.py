"""A number of a model on a scale without bounds, with its prior there and what cases make of it.

The prior is what the model file says of how sure the number is, and has its mode at the number: a
probability with an interval is normal in log-odds, a relative risk in its logarithm, and what has
an equivalent sample size n is as if n people had been counted, a Dirichlet prior (Spiegelhalter &
Lauritzen 1990, Networks 20:579-605). It may weigh more or less than the file says.
"""

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from msgspec import structs

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.model.lookup.scope import frequencies
from bayesnet.model.solving.noisy_links import distribution
from bayesnet.model.solving.number_change import Uncertain
from bayesnet.model.solving.standard_deviations import (
    Z_95,
    frequency_deviations,
    log_odds_deviation,
    log_risk_deviation,
)
from bayesnet.network import Array

GAUGE = 1.0
"""Precision in the direction in which shares do not change; any that is not 0 will do."""

TINY = 1e-12
"""A share that is as good as 0, and has a logarithm."""


@dataclass(frozen=True, eq=False)
class Prior:
    """Log density at a place, but for a constant; its gradient, (size,), and precision there."""

    log_density: float
    gradient: Array
    precision: Array


class Scale(Protocol):
    """One number of a model as `size` places on a scale without bounds.

    path: of the number in the model; written: as it stands there. start: where that is, shape
    (size,).
    """

    @property
    def path(self) -> KeyPath: ...

    @property
    def written(self) -> Uncertain: ...

    @property
    def start(self) -> Array: ...

    def number(self, at: Array) -> Uncertain:
        """Return the number there, with the interval or sample size that it had."""

    def of(self, chances: Array) -> Array:
        """Return the place of a frequency, given as a distribution over all its states."""

    def per_way(self, at: Array) -> Array:
        """Return a step of each place in its ways, shape (size, ways).

        A way is one standard deviation of the number there, as `frequency_deviations` has it.
        """

    def prior(self, at: Array, weight: float) -> Prior:
        """Return the prior there; weight: how much it counts, 1 as the model says."""

    def bend(self, at: Array, gradient: Array) -> Array:
        """Return how the gradient changes with the place where parameters go with the number.

        gradient: of the log likelihood, shape (size,). Shape (size, size): what the second
        derivative holds beside the products of scores.
        """

    def renewed(self, at: Array, covariance: Array) -> Uncertain:
        """Return the number there, with the interval or sample size that a covariance gives."""

    def shift(self, at: Array) -> float:
        """Return how far that is from the start, in standard deviations of the number's own."""


@dataclass(frozen=True, eq=False)
class LogOdds:
    """A probability with an interval."""

    path: KeyPath
    written: Frequency
    value: float
    deviation: float

    @property
    def start(self) -> Array:
        """Where the model has it."""
        return np.array([math.log(self.value) - math.log1p(-self.value)])

    def number(self, at: Array) -> Frequency:
        """Return the number there."""
        return structs.replace(self.written, value=_probability(float(at[0])))

    def of(self, chances: Array) -> Array:
        """Return the place of a frequency."""
        return np.array([math.log(chances[1]) - math.log(chances[0])])

    def per_way(self, at: Array) -> Array:
        """Return a step in its way."""
        value, interval = _probability(float(at[0])), self.written.interval
        assert interval is not None
        return np.array([[1.0 / log_odds_deviation(value, interval)]])

    def prior(self, at: Array, weight: float) -> Prior:
        """Return the prior there."""
        return _normal(at - self.start, weight / self.deviation**2)

    def bend(self, at: Array, gradient: Array) -> Array:
        """Return how the gradient changes with the place."""
        return np.array([gradient * (1.0 - 2.0 * _probability(float(at[0])))])

    def renewed(self, at: Array, covariance: Array) -> Frequency:
        """Return the number there with its interval."""
        reach = Z_95 * math.sqrt(covariance[0, 0])
        ends = (_probability(float(at[0]) - reach), _probability(float(at[0]) + reach))
        return structs.replace(self.number(at), interval=ends, sample_size=None)

    def shift(self, at: Array) -> float:
        """Return how far that is from the start."""
        return abs(float(at[0] - self.start[0])) / self.deviation


@dataclass(frozen=True, eq=False)
class LogRatio:
    """A relative risk."""

    path: KeyPath
    written: RiskRow
    deviation: float

    @property
    def start(self) -> Array:
        """Where the model has it."""
        return np.array([math.log(self.written.relative_risk)])

    def number(self, at: Array) -> RiskRow:
        """Return the number there."""
        return structs.replace(self.written, relative_risk=math.exp(float(at[0])))

    def of(self, chances: Array) -> Array:
        """Raise: a relative risk is no frequency."""
        raise TypeError("a relative risk is no frequency")

    def per_way(self, at: Array) -> Array:
        """Return a step in its way."""
        return np.array([[1.0 / self.deviation]])

    def prior(self, at: Array, weight: float) -> Prior:
        """Return the prior there."""
        return _normal(at - self.start, weight / self.deviation**2)

    def bend(self, at: Array, gradient: Array) -> Array:
        """Return how the gradient changes with the place."""
        return np.array([gradient])

    def renewed(self, at: Array, covariance: Array) -> RiskRow:
        """Return the number there with its interval."""
        reach = Z_95 * math.sqrt(covariance[0, 0])
        ends = (math.exp(float(at[0]) - reach), math.exp(float(at[0]) + reach))
        return structs.replace(self.number(at), interval=ends, sample_size=None)

    def shift(self, at: Array) -> float:
        """Return how far that is from the start."""
        return abs(float(at[0] - self.start[0])) / self.deviation


@dataclass(frozen=True, eq=False)
class Shares:
    """A distribution with an equivalent sample size, as logarithms of its shares.

    chances: as the model has it, shape (states,). A share of 0 is certain and has no place. What
    is added to all places changes nothing.
    """

    path: KeyPath
    written: Frequency
    states: tuple[str, ...]
    chances: Array
    sample_size: float

    @property
    def start(self) -> Array:
        """Where the model has it."""
        return np.asarray(np.log(self.chances[self._there]))

    def number(self, at: Array) -> Frequency:
        """Return the number there."""
        full = np.zeros(len(self.chances))
        full[self._there] = _shares(at)
        if self.written.values is None:
            return structs.replace(self.written, value=float(full[1]))
        values = dict(zip(self.states, full.tolist(), strict=True))
        return structs.replace(self.written, values=values)

    def of(self, chances: Array) -> Array:
        """Return the place of a frequency."""
        return np.asarray(np.log(np.maximum(chances[self._there], TINY)))

    def per_way(self, at: Array) -> Array:
        """Return a step of each place in its ways."""
        p = _shares(at)
        ways = frequency_deviations(self.number(at), self._full(p))[:, self._there]
        # A step of a place moves the shares by the rows of diag(p) - p p', of which each way is
        # a multiple.
        steps = np.diag(p) - np.outer(p, p)
        if len(ways) == 1:
            return np.asarray(steps[:, -1:] / ways[0, -1])
        return np.diag(np.diag(steps) / np.diag(ways))

    def prior(self, at: Array, weight: float) -> Prior:
        """Return the prior there."""
        p, counted = _shares(at), weight * self.sample_size
        had = self.chances[self._there]
        precision = counted * (np.diag(p) - np.outer(p, p)) + GAUGE
        return Prior(counted * float(had @ np.log(p)), counted * (had - p), precision)

    def bend(self, at: Array, gradient: Array) -> Array:
        """Return how the gradient changes with the place."""
        across = np.outer(gradient, _shares(at))
        return np.asarray(np.diag(gradient) - across - across.T)

    def renewed(self, at: Array, covariance: Array) -> Frequency:
        """Return the number there with its sample size, or its interval where it is yes or no."""
        p = _shares(at)
        spread = np.diag(p) - np.outer(p, p)
        if self.written.values is None:
            # The log-odds are the difference of the two places.
            reach = Z_95 * math.sqrt(covariance[0, 0] + covariance[1, 1] - 2.0 * covariance[0, 1])
            middle = float(at[1] - at[0])
            ends = (_probability(middle - reach), _probability(middle + reach))
            return structs.replace(self.number(at), interval=ends, sample_size=None)
        size = np.trace(spread) / np.trace(spread @ covariance @ spread) - 1.0
        return structs.replace(self.number(at), sample_size=float(max(size, 1.0)))

    def shift(self, at: Array) -> float:
        """Return how far that is from the start, of the share that moves most."""
        had = self.chances[self._there]
        deviations = np.sqrt(had * (1.0 - had) / (self.sample_size + 1.0))
        return float((np.abs(_shares(at) - had) / deviations).max())

    @property
    def _there(self) -> np.ndarray:
        return np.flatnonzero(self.chances > 0.0)

    def _full(self, shares: Array) -> Array:
        full = np.zeros(len(self.chances))
        full[self._there] = shares
        return full


def scales(description: ModelDescription) -> tuple[Scale, ...]:
    """Put every number of a model that is in doubt on its scale, in the order of the model.

    One that is 0, 1, or sure is left out.
    """
    found: list[Scale] = []
    for path, number, states in frequencies(description):
        chances = distribution(states, number)
        if not frequency_deviations(number, chances).any():
            continue
        if number.interval is not None and number.value is not None:
            deviation = log_odds_deviation(number.value, number.interval)
            found.append(LogOdds(path, number, number.value, deviation))
        elif number.sample_size is not None:
            found.append(Shares(path, number, states, chances, number.sample_size))
    for name, cause in description.causes.items():
        for at, row in enumerate(cause.risk_factors):
            if deviation := log_risk_deviation(row):
                found.append(LogRatio(("causes", name, "risk_factors", at), row, deviation))
    return tuple(found)


def _normal(off: Array, precision: float) -> Prior:
    density = -0.5 * precision * float(off @ off)
    return Prior(density, -precision * off, np.array([[precision]]))


def _probability(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds)) if log_odds > -700 else math.exp(log_odds)


def _shares(at: Array) -> Array:
    weights = np.exp(at - at.max())
    return np.asarray(weights / weights.sum())
