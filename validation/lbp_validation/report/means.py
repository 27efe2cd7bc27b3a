"""Give every mean its interval: by drawing the people again, since a few of them lose a lot."""

from dataclasses import dataclass
from math import isnan, nan

import numpy as np

from bayesnet.network import Array
from lbp_validation.report.shares import Share

DRAWS, SEED = 1000, 7


@dataclass(frozen=True)
class Mean:
    """A mean with its 95 % interval; NaN of nobody.

    >>> str(Mean(0.314, 0.2, 0.4)), str(mean_of(np.zeros(0)))
    ('0.31 (0.20 to 0.40)', '-')
    """

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if isnan(self.value):
            return "-"
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def mean_of(values: Array) -> Mean:
    """Return the mean of people's values, shape (people,), with its percentile interval.

    The same values give the same interval (Efron 1979, Ann Stat 7:1, the bootstrap).

    >>> mean_of(np.array([1.0, 1.0]))
    Mean(value=1.0, low=1.0, high=1.0)
    """
    if not len(values):
        return Mean(nan, nan, nan)
    drawn = np.random.default_rng(SEED).integers(len(values), size=(DRAWS, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), (2.5, 97.5)).tolist()
    return Mean(float(values.mean()), low, high)


def reduction(after: Array, before: Array) -> Share:
    """Return by what share a total of the same people has fallen, with its percentile interval.

    after, before: shape (people,). NaN where there was nothing before.

    >>> reduction(np.array([1.0, 0.0]), np.array([2.0, 2.0])).value
    0.75
    """
    if not before.sum() > 0:
        return Share(nan, nan, nan)
    drawn = np.random.default_rng(SEED).integers(len(after), size=(DRAWS, len(after)))
    whole = before[drawn].sum(axis=1)
    fallen = 1.0 - after[drawn].sum(axis=1)[whole > 0] / whole[whole > 0]
    low, high = np.percentile(fallen, (2.5, 97.5)).tolist()
    return Share(float(1.0 - after.sum() / before.sum()), low, high)
