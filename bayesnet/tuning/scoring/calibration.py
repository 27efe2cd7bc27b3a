"""Measure how well probabilities agree with outcomes, for weighted cases: pure functions.

Calibration intercept and slope are those of a logistic regression of the outcome on the logit of
the probability: 0 and 1 when the probabilities are right, a slope under 1 when they are too
extreme. Calibration in the large is the intercept where the slope is held at 1: over 0 where more
have it than were told (Cox 1958, Biometrika 45:562; Van Calster et al. 2016, J Clin Epidemiol
74:167).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.network import Array
from bayesnet.tuning.scoring.discrimination import auc
from bayesnet.tuning.scoring.shares import Share, of_weighted

STEPS, TOLERANCE = 50, 1e-10
"""Most steps of Newton's method, each of which doubles the digits that are right in the end.

It ends at this change of a coefficient.
"""
LEAST = 1e-12
"""Nearest that a probability comes to 0 or 1 before its logit is taken."""
EDGES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 1.0)
"""Edges of the bins, closer towards 0 and 1: nearly all cases lie near 0 for a rare cause."""

Truth = NDArray[np.bool_]
Groups = NDArray[np.intp]
"""Number of the person whom each entry is of, from 0; shape (entries,)."""


@dataclass(frozen=True)
class Line:
    """A fitted logistic line; slope_error: standard error of the slope, robust to the weights."""

    intercept: float
    slope: float
    slope_error: float


@dataclass(frozen=True)
class Shift:
    """By how much log-odds fall short, all alike; error: its standard error."""

    value: float
    error: float


@dataclass(frozen=True)
class Bin:
    """Cases of like probability, from `low` to under `high`.

    predicted: the mean of their probabilities; observed: the share with the outcome.
    """

    low: float
    high: float
    predicted: float
    observed: Share
    cases: int


@dataclass(frozen=True)
class Calibration:
    """How well the probabilities of one cause agree with who has it.

    brier_scaled: 1 for perfect, 0 for always saying the prevalence; auc: area under the ROC curve.
    """

    cause: str
    prevalence: float
    patients_with: int
    line: Line
    brier: float
    brier_scaled: float
    auc: float
    bins: tuple[Bin, ...]


def calibration(cause: str, probability: Array, truth: Truth, weights: Array) -> Calibration:
    """Measure everything about one cause; probability, truth and weights of shape (cases,)."""
    prevalence = float(np.average(truth, weights=weights))
    score = brier(probability, truth, weights)
    return Calibration(
        cause=cause,
        prevalence=prevalence,
        patients_with=int(truth.sum()),
        line=logistic_line(logit(probability), truth, weights),
        brier=score,
        brier_scaled=float(skill(score, prevalence)),
        auc=auc(probability, truth, weights),
        bins=binned(probability, truth, weights),
    )


def logit(probability: Array) -> Array:
    """Return the natural log-odds of probabilities, finite at 0 and 1 too; same shape."""
    inside = np.clip(probability, LEAST, 1.0 - LEAST)
    return np.asarray(np.log(inside / (1.0 - inside)))


def logistic_line(
    x: Array, truth: Truth, weights: Array | None = None, groups: Groups | None = None
) -> Line:
    """Fit a logistic line by Newton's method.

    x: shape (entries,). Entries that are weighted, or of which groups vary together, have a
    sandwich standard error (White 1982, Econometrica 50:1; Liang and Zeger 1986, Biometrika 73:13),
    others that of the Fisher information, which holds for few with the outcome too. NaN where there
    is no answer: one outcome only, one x only, or the two outcomes apart on x.
    """
    if not _overlaps(x, truth):
        return Line(float("nan"), float("nan"), float("nan"))
    design = np.stack([np.ones_like(x), x], axis=1)
    at, covariance = _fit(design, np.zeros_like(x), truth, weights, groups)
    return Line(float(at[0]), float(at[1]), float(np.sqrt(covariance[1, 1])))


def _overlaps(x: Array, truth: Truth) -> bool:
    """Tell whether x does not part the two outcomes, so that a slope is finite."""
    if truth.all() or not truth.any():
        return False
    with_it, without = x[truth], x[~truth]
    return bool(with_it.min() < without.max() and without.min() < with_it.max())


def shift(x: Array, truth: Truth, groups: Groups | None = None) -> Shift:
    """Return calibration in the large: the intercept beside a slope of 1.

    x: logit of the probabilities, shape (entries,); groups: as for `logistic_line`. NaN where there
    is one outcome only.

    >>> quarter = logit(np.full(4, 0.25))
    >>> half = shift(quarter, np.array([True, True, False, False])).value
    >>> bool(np.isclose(half, np.log(3)))
    True
    """
    if truth.all() or not truth.any():
        return Shift(float("nan"), float("nan"))
    at, covariance = _fit(np.ones((len(x), 1)), x, truth, None, groups)
    return Shift(float(at[0]), float(np.sqrt(covariance[0, 0])))


def _fit(
    design: Array, offset: Array, truth: Truth, weights: Array | None, groups: Groups | None
) -> tuple[Array, Array]:
    """Fit a logistic regression that has an answer: its coefficients and their covariance."""
    alike = weights is None and groups is None
    mass = np.ones(len(truth)) if weights is None else weights
    weights = mass / mass.sum()
    at = np.zeros(design.shape[1])
    for _ in range(STEPS):
        gradient, curvature = _slopes(design, offset, truth, weights, at)
        step = np.linalg.solve(curvature, gradient.sum(axis=0))
        # Newton's step may be too long far from the answer, and never is when it is halved.
        before = _fit_of(design, offset, truth, weights, at)
        while _fit_of(design, offset, truth, weights, at + step) < before - TOLERANCE:
            step = step / 2
        at = at + step
        if np.abs(step).max() < TOLERANCE:
            break
    gradient, curvature = _slopes(design, offset, truth, weights, at)
    inverse = np.linalg.inv(curvature)
    if alike:
        return at, inverse / len(truth)
    each = gradient if groups is None else _together(gradient, groups)
    return at, inverse @ (each.T @ each) @ inverse


def _fit_of(design: Array, offset: Array, truth: Truth, weights: Array, at: Array) -> float:
    """Return the mean log-likelihood of a logistic regression."""
    x = design @ at + offset
    return float(weights @ (np.where(truth, x, 0.0) - np.logaddexp(0.0, x)))


def _together(gradient: Array, groups: Groups) -> Array:
    """Sum the gradient of each person's entries, shape (people, coefficients)."""
    return np.stack([np.bincount(groups, column) for column in gradient.T], axis=1)


def _slopes(
    design: Array, offset: Array, truth: Truth, weights: Array, at: Array
) -> tuple[Array, Array]:
    """Return each entry's part of the gradient (entries, k), and the negative Hessian (k, k)."""
    fitted = 1.0 / (1.0 + np.exp(-np.clip(design @ at + offset, -500.0, 500.0)))
    gradient = design * (weights * (truth - fitted))[:, None]
    curvature = (design * (weights * fitted * (1.0 - fitted))[:, None]).T @ design
    return gradient, curvature


def brier(probability: Array, truth: Truth, weights: Array) -> float:
    """Return the Brier score: the weighted mean squared difference of probability and outcome."""
    return float(np.average((probability - truth) ** 2, weights=weights))


def skill(score: Array | float, prevalence: Array | float) -> Array:
    """Return how much better a Brier score is than that of always saying the prevalence.

    1 is perfect, 0 no better, under 0 worse; NaN where everybody has one outcome.

    >>> float(skill(0.1, 0.5))
    0.6
    """
    spread = np.asarray(prevalence * (1.0 - prevalence))
    # A prevalence of 0 or 1 differs from it by rounding where it was summed.
    told = spread > 1e-12
    return np.where(told, 1.0 - score / np.where(told, spread, 1.0), np.nan)


def surprise(probability: Array, truth: Truth) -> Array:
    """Return the surprise at each outcome in bits, -log2 of the probability that it was given.

    The logarithmic score (Good 1952, J R Stat Soc B 14:107); of the same shape.

    >>> surprise(np.array([0.25, 0.25]), np.array([True, False])).round(3).tolist()
    [2.0, 0.415]
    """
    told = np.where(truth, probability, 1.0 - probability)
    return np.asarray(-np.log2(np.maximum(told, LEAST)))


def binned(probability: Array, truth: Truth, weights: Array) -> tuple[Bin, ...]:
    """Group cases into the bins between EDGES; bins that hold nobody are left out."""
    place = np.clip(np.searchsorted(EDGES, probability, side="right") - 1, 0, len(EDGES) - 2)
    found = []
    for number in np.unique(place).tolist():
        rows = place == number
        predicted = float(np.average(probability[rows], weights=weights[rows]))
        observed = of_weighted(truth[rows], weights[rows])
        ends = EDGES[number], EDGES[number + 1]
        found.append(Bin(*ends, predicted, observed, int(rows.sum())))
    return tuple(found)
