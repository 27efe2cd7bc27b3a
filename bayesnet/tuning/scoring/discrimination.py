"""Measure how well probabilities tell those with an outcome from those without."""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan, sqrt

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.solving.standard_deviations import Z_95
from bayesnet.network import Array
from bayesnet.tuning.scoring.shares import Share

HALVINGS = 60
"""Steps in which an end of an interval is found, to the last bits of a share."""
MOST_POINTS = 100
"""Points that a curve is thinned to, between its ends."""

Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Point:
    """One cut of a ROC curve: who is at `from_probability` or over it.

    found: share of those with the outcome (sensitivity); false: of those without.
    """

    from_probability: float
    found: float
    false: float


def auc(probability: Array, truth: Truth, weights: Array) -> float:
    """Return the chance that a case with the outcome has the higher probability.

    The area under the ROC curve; ties count half. NaN where all cases have one outcome.

    >>> auc(np.array([0.1, 0.3, 0.2]), np.array([False, False, True]), np.ones(3))
    0.5
    """
    _, place = np.unique(probability, return_inverse=True)
    with_it = np.bincount(place[truth], weights[truth], minlength=place.max() + 1)
    without = np.bincount(place[~truth], weights[~truth], minlength=place.max() + 1)
    pairs = with_it.sum() * without.sum()
    below = np.cumsum(without) - without
    return float((with_it * (below + without / 2)).sum() / pairs) if pairs > 0 else nan


def area(probability: Array, truth: Truth) -> Share:
    """Return the area under the ROC curve of cases that count alike, with its 95 % interval.

    The interval is Wilson's kind for an area, which holds near 1 and for few cases: method 5 of
    Newcombe (2006, Stat Med 25:559), with the variance of Hanley and McNeil (1982, Radiology
    143:29) at each end. NaN where all cases have one outcome.

    >>> found = area(np.array([0.1, 0.2, 0.3, 0.4]), np.array([False, False, True, True]))
    >>> found.value, found.high, found.low < 0.5
    (1.0, 1.0, True)
    """
    with_it, without = int(truth.sum()), int((~truth).sum())
    if not with_it or not without:
        return Share(nan, nan, nan)
    found = auc(probability, truth, np.ones(len(truth)))

    def within(end: float) -> bool:
        return abs(found - end) <= Z_95 * sqrt(_variance(end, with_it, without))

    return Share(found, _end(within, found, 0.0), _end(within, found, 1.0))


def _variance(value: float, with_it: int, without: int) -> float:
    """Return the variance of an area that truly has this value."""
    half = (with_it + without) / 2 - 1
    more = half * (1 - value) / (2 - value) + half * value / (1 + value)
    return value * (1 - value) * (1 + more) / (with_it * without)


def _end(within: Callable[[float], bool], inner: float, outer: float) -> float:
    """Return the last value from `inner` to `outer` that is within."""
    if inner == outer:
        return outer
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        inner, outer = (middle, outer) if within(middle) else (inner, middle)
    return inner


def roc(probability: Array, truth: Truth) -> tuple[Point, ...]:
    """Return the ROC curve from nobody to everybody; none where all cases have one outcome.

    One point for each probability that occurs; of more than MOST_POINTS, some evenly along it.

    >>> [(each.found, each.false) for each in roc(np.array([0.2, 0.7]), np.array([False, True]))]
    [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)]
    """
    with_it, without = truth.sum(), (~truth).sum()
    if not with_it or not without:
        return ()
    values, place = np.unique(-probability, return_inverse=True)
    found = np.cumsum(np.bincount(place[truth], minlength=len(values))) / with_it
    false = np.cumsum(np.bincount(place[~truth], minlength=len(values))) / without
    if len(values) > MOST_POINTS:
        # Evenly along both axes together: a curve rises first, where one of them would skip it.
        way = (found + false) / 2
        kept = np.unique(np.searchsorted(way, np.linspace(0, 1, MOST_POINTS)).clip(0, len(way) - 1))
        values, found, false = values[kept], found[kept], false[kept]
    points = zip((-values).tolist(), found.tolist(), false.tolist(), strict=True)
    return (Point(1.0, 0.0, 0.0), *(Point(*each) for each in points))
