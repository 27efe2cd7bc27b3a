"""Give the standard deviations of a model's numbers, from their intervals or sample sizes.

A probability with an interval is normal on the log-odds scale, a relative risk on the log scale,
and a distribution with an equivalent sample size n is a Dirichlet of that precision (Spiegelhalter
& Lauritzen 1990, Networks 20:579-605): covariance (diag(p) - p p') / (n + 1).
"""

import math

import numpy as np

from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.network import Array

Z_95 = 1.959963984540054
"""Standard deviations from the middle of a normal distribution to an end of its 95 % interval."""


def frequency_deviations(number: Frequency, distribution: Array) -> Array:
    """Return what one standard deviation changes of a distribution, shape (ways, states).

    The ways are independent: the sum of the rows' outer products is the distribution's covariance.
    A value of 0 or 1 is certain.
    """
    p = distribution
    if number.interval is not None and number.value is not None:
        value = number.value
        change = value * (1.0 - value) * log_odds_deviation(value, number.interval)
        return np.array([[-change, change]])
    if number.sample_size is None:
        return np.zeros((0, len(p)))
    root = np.sqrt(p)
    # Its square is the covariance, for the square roots have length 1.
    found = (np.diag(root) - np.outer(root, p)) / math.sqrt(number.sample_size + 1.0)
    if len(p) == 2:
        return np.array([[-math.hypot(*found[:, 1]), math.hypot(*found[:, 1])]])
    # A state that nobody is in does not vary.
    return np.asarray(found[found.any(axis=1)])


def log_odds_deviation(value: float, interval: tuple[float, float]) -> float:
    """Return the standard deviation of the log-odds of a probability with a 95 % interval.

    The mean of the two half widths counts; an end at 0 or 1 counts as far off as the other end is.

    >>> round(log_odds_deviation(0.5, (0.25, 0.75)), 4)
    0.5605
    """
    low, high = interval
    if not 0.0 < value < 1.0 or low == high:
        return 0.0
    middle = _log_odds(value)
    reaches = [abs(_log_odds(end) - middle) for end in (low, high) if 0.0 < end < 1.0]
    return sum(reaches) / len(reaches) / Z_95 if reaches else 0.0


def log_risk_deviation(row: RiskRow) -> float:
    """Return the standard deviation of the natural logarithm of a relative risk.

    An equivalent sample size n stands for two groups of n / 2, half of each affected, which gives
    the variance 4 / n.
    """
    if row.interval is not None:
        low, high = row.interval
        return (math.log(high) - math.log(low)) / (2.0 * Z_95)
    return 2.0 / math.sqrt(row.sample_size) if row.sample_size else 0.0


def _log_odds(probability: float) -> float:
    return math.log(probability) - math.log1p(-probability)
