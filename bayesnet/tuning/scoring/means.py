"""Give every mean its interval: by drawing the people again, since a few of them lose a lot.

The same values give the same interval (Efron 1979, Ann Stat 7:1, the bootstrap).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isnan, nan

import numpy as np
from numpy.typing import NDArray

from bayesnet.network import Array
from bayesnet.tuning.scoring.shares import Share

DRAWS, SEED = 1000, 7
AT_ONCE = 1_000_000
"""People drawn again at once, which bounds memory; the draws do not depend on it."""
ENDS = (2.5, 97.5)


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

    >>> mean_of(np.array([1.0, 1.0]))
    Mean(value=1.0, low=1.0, high=1.0)
    """
    if not len(values):
        return Mean(nan, nan, nan)
    means = np.concatenate([values[drawn].mean(axis=1) for drawn in _again(len(values))])
    low, high = np.percentile(means, ENDS).tolist()
    return Mean(float(values.mean()), low, high)


def reduction(after: Array, before: Array) -> Share:
    """Return by what share a total of the same people has fallen, with its percentile interval.

    after, before: shape (people,). NaN where there was nothing before.

    >>> reduction(np.array([1.0, 0.0]), np.array([2.0, 2.0])).value
    0.75
    """
    if not before.sum() > 0:
        return Share(nan, nan, nan)
    drawn = np.concatenate(list(_again(len(after))))
    whole = before[drawn].sum(axis=1)
    fallen = 1.0 - after[drawn].sum(axis=1)[whole > 0] / whole[whole > 0]
    low, high = np.percentile(fallen, ENDS).tolist()
    return Share(float(1.0 - after.sum() / before.sum()), low, high)


def of_sums(values: Array, statistic: Callable[[Array], Array]) -> list[Mean]:
    """Return what follows from the sums of people's values, each with its percentile interval.

    values: shape (people, k), people's own parts of k sums; statistic: from sums of shape (n, k)
    to results of shape (n, results), NaN where there is none. A result has an interval where no
    more than a tenth of the draws have none.

    >>> twice = of_sums(np.array([[1.0], [1.0]]), lambda sums: 2 * sums)
    >>> twice[0].value, twice[0].low, twice[0].high
    (4.0, 4.0, 4.0)
    """
    found = statistic(values.sum(axis=0, keepdims=True))[0]
    if not len(values):
        return [Mean(nan, nan, nan) for _ in found]
    sums = []
    for drawn in _again(len(values)):
        times = np.stack([np.bincount(each, minlength=len(values)) for each in drawn])
        sums.append(times.astype(np.float64) @ values)
    again = statistic(np.concatenate(sums))
    return [_within(float(value), column) for value, column in zip(found, again.T, strict=True)]


def _within(value: float, draws: Array) -> Mean:
    told = draws[~np.isnan(draws)]
    if isnan(value) or len(told) < 0.9 * len(draws):
        return Mean(value, nan, nan)
    low, high = np.percentile(told, ENDS).tolist()
    return Mean(value, low, high)


def _again(people: int) -> Iterator[NDArray[np.int64]]:
    """Yield DRAWS draws of as many people with replacement, shape (some draws, people) each."""
    rng = np.random.default_rng(SEED)
    at_once = max(1, AT_ONCE // people)
    for start in range(0, DRAWS, at_once):
        yield rng.integers(people, size=(min(at_once, DRAWS - start), people))
