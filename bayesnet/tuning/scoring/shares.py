"""Give every share its interval: Wilson's, which holds near 0 and 1 and for few people."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.solving.standard_deviations import Z_95
from bayesnet.network import Array
from bayesnet.tuning.patients import Patients


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval, all in [0, 1]; NaN of nobody. counted: `8 of 16`, or empty.

    >>> str(of_count(8, 16)), str(of_count(0, 0))
    ('50% (28 to 72)', '-')
    """

    value: float
    low: float
    high: float
    counted: str = ""

    @property
    def in_full(self) -> str:
        """The share, and in brackets the count and the interval; of nobody a dash."""
        if isnan(self.value):
            return str(self)
        interval = f"95% interval {_number(self.low)} to {_number(self.high)}"
        counted = f"{self.counted}; " if self.counted else ""
        return f"{percent(self.value)} ({counted}{interval})"

    def __str__(self) -> str:
        if isnan(self.value):
            return "-"
        return f"{percent(self.value)} ({_number(self.low)} to {_number(self.high)})"


def percent(share: float) -> str:
    """Return a share in per cent, with a decimal near its ends.

    >>> percent(0.034), percent(0.5)
    ('3.4%', '50%')
    """
    return f"{share:.0%}" if 0.2 <= share <= 0.8 else f"{share:.1%}"


def wilson(value: float, people: float) -> Share:
    """Return a share of so many people with its interval (Wilson 1927, J Am Stat Assoc 22:209).

    people: how many were counted; of weighted people, how many unweighted ones would say as much.

    >>> found = wilson(0.5, 16)
    >>> round(found.low, 3), round(found.high, 3)
    (0.28, 0.72)
    """
    if not people or isnan(value):
        return Share(nan, nan, nan)
    z = Z_95**2 / people
    middle = (value + z / 2) / (1 + z)
    half = sqrt(z * (value * (1 - value) + z / 4)) / (1 + z)
    return Share(value, max(0.0, middle - half), min(1.0, middle + half))


def of_count(count: int, whole: int) -> Share:
    """Return the share that a count is of a whole."""
    found = wilson(count / whole if whole else nan, whole)
    return Share(found.value, found.low, found.high, f"{count} of {whole}")


def of_people(flags: Sequence[bool]) -> Share:
    """Return the share of people, each counting once, who are flagged."""
    return of_count(sum(flags), len(flags))


def of_patients(patients: Patients, group: NDArray[np.bool_], among: NDArray[np.bool_]) -> Share:
    """Return the weighted share of the patients in `among` that are also in `group`."""
    return of_weighted(group[among], patients.weights[among])


def of_weighted(flags: NDArray[np.bool_], weights: Array) -> Share:
    """Return the weighted share of people who are flagged; flags, weights: shape (people,).

    >>> of_weighted(np.array([True, False]), np.array([3.0, 1.0])).value
    0.75
    """
    total = weights.sum()
    if not total > 0:
        return Share(nan, nan, nan)
    value, error = float(weights[flags].sum() / total), share_error(flags, weights)
    # Kish's number where nobody or everybody is flagged and the error tells nothing.
    alike = value * (1 - value) / error**2 if error > 0 else _kish(weights)
    return wilson(value, alike)


def share_error(flags: NDArray[np.bool_], weights: Array) -> float:
    """Return the standard error of the weighted share of people who are flagged.

    >>> share_error(np.array([True, False]), np.array([1.0, 1.0])) == sqrt(0.125)
    True
    """
    total = weights.sum()
    value = weights[flags].sum() / total
    return float(np.sqrt(np.sum((weights * (flags - value)) ** 2)) / total)


def _kish(weights: Array) -> float:
    """Return how many people of one weight these are worth (Kish 1965, Survey Sampling)."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0


def _number(share: float) -> str:
    return percent(share).removesuffix("%")
