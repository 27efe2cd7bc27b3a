"""Measure how well probabilities agree with outcomes, for weighted patients: pure functions.

Calibration intercept and slope are those of a logistic regression of the outcome on the logit of
the probability: 0 and 1 when the probabilities are right, a slope under 1 when they are too
extreme.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.network import Array

STEPS, TOLERANCE = 50, 1e-10
"""Steps of Newton's method, and the change of a coefficient at which it ends.

Each step doubles the digits that are right, so that one which needs 50 does not converge.
"""
LEAST = 1e-12
"""Nearest that a probability comes to 0 or 1 before its logit is taken."""
EDGES = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97, 1.0)
"""Edges of the bins, closer towards 0 and 1: nearly all patients lie near 0 for a rare cause."""

Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Line:
    """A fitted logistic line; slope_error: standard error of the slope, robust to the weights."""

    intercept: float
    slope: float
    slope_error: float


@dataclass(frozen=True)
class Bin:
    """Patients of like probability: its mean, the share with the outcome, and its error."""

    predicted: float
    observed: float
    error: float
    patients: int


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
    """Measure everything about one cause; probability, truth and weights of shape (patients,)."""
    prevalence = float(np.average(truth, weights=weights))
    score = brier(probability, truth, weights)
    spread = prevalence * (1.0 - prevalence)
    return Calibration(
        cause=cause,
        prevalence=prevalence,
        patients_with=int(truth.sum()),
        line=logistic_line(logit(probability), truth, weights),
        brier=score,
        brier_scaled=1.0 - score / spread if spread > 0 else float("nan"),
        auc=auc(probability, truth, weights),
        bins=binned(probability, truth, weights),
    )


def logit(probability: Array) -> Array:
    """Return the natural log-odds of probabilities, finite at 0 and 1 too; same shape."""
    inside = np.clip(probability, LEAST, 1.0 - LEAST)
    return np.asarray(np.log(inside / (1.0 - inside)))


def logistic_line(x: Array, truth: Truth, weights: Array) -> Line:
    """Fit a weighted logistic line by Newton's method, with a sandwich standard error.

    x: shape (patients,). NaN where there is no answer: one outcome only, one x only, or the two
    outcomes apart on x.
    """
    design = np.stack([np.ones_like(x), x], axis=1)
    weights = weights / weights.sum()
    at = np.array([0.0, 1.0])
    for _ in range(STEPS):
        gradient, curvature = _slopes(design, truth, weights, at)
        try:
            step = np.linalg.solve(curvature, gradient.sum(axis=0))
        except np.linalg.LinAlgError:
            break
        at = at + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < TOLERANCE:
            gradient, curvature = _slopes(design, truth, weights, at)
            inverse = np.linalg.inv(curvature)
            covariance = inverse @ (gradient.T @ gradient) @ inverse
            return Line(float(at[0]), float(at[1]), float(np.sqrt(covariance[1, 1])))
    return Line(float("nan"), float("nan"), float("nan"))


def _slopes(design: Array, truth: Truth, weights: Array, at: Array) -> tuple[Array, Array]:
    """Return each patient's part of the gradient (patients, 2), and the negative Hessian (2, 2)."""
    fitted = 1.0 / (1.0 + np.exp(-np.clip(design @ at, -500.0, 500.0)))
    gradient = design * (weights * (truth - fitted))[:, None]
    curvature = (design * (weights * fitted * (1.0 - fitted))[:, None]).T @ design
    return gradient, curvature


def brier(probability: Array, truth: Truth, weights: Array) -> float:
    """Return the Brier score: the weighted mean squared difference of probability and outcome."""
    return float(np.average((probability - truth) ** 2, weights=weights))


def auc(probability: Array, truth: Truth, weights: Array) -> float:
    """Return the chance that a patient with the outcome has the higher probability.

    The area under the ROC curve; ties count half. NaN where all patients have one outcome.
    """
    _, place = np.unique(probability, return_inverse=True)
    with_it = np.bincount(place[truth], weights[truth], minlength=place.max() + 1)
    without = np.bincount(place[~truth], weights[~truth], minlength=place.max() + 1)
    pairs = with_it.sum() * without.sum()
    below = np.cumsum(without) - without
    return float((with_it * (below + without / 2)).sum() / pairs) if pairs > 0 else float("nan")


def binned(probability: Array, truth: Truth, weights: Array) -> tuple[Bin, ...]:
    """Group patients into the bins between EDGES; bins that hold nobody are left out."""
    place = np.clip(np.searchsorted(EDGES, probability, side="right") - 1, 0, len(EDGES) - 2)
    found = []
    for number in np.unique(place):
        rows = place == number
        mine = weights[rows] / weights[rows].sum()
        observed = float(mine @ truth[rows])
        error = float(np.sqrt(np.sum(mine**2 * (truth[rows] - observed) ** 2)))
        found.append(Bin(float(mine @ probability[rows]), observed, error, int(rows.sum())))
    return tuple(found)
