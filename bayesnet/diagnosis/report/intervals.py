"""Give the 95 % intervals of posteriors that follow from the uncertainty of the model's numbers.

The variance of a posterior's log-odds is the sum, over the independent ways in which the numbers
vary, of the squared change that one standard deviation brings (the delta method with exact
derivatives; for networks Castillo, Gutiérrez & Hadi 1997, IEEE Trans SMC 27:412-423). The
validation compares the intervals with posteriors of models drawn from the numbers' distributions.
"""

from dataclasses import dataclass

import numpy as np

from bayesnet.analysis.derivatives import Derivatives, numbers_of
from bayesnet.model.format.compiled import Uncertainty
from bayesnet.model.solving.standard_deviations import Z_95
from bayesnet.network import Array, Network

Interval = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Influences:
    """What one standard deviation of the numbers does to the log-odds of some events.

    probabilities: of the events, shape (events,). by_way: change of their log-odds, natural
    logarithm, shape (events, independent ways). owners: for each way its number, an index into the
    model's uncertain numbers, shape (ways,).
    """

    probabilities: Array
    by_way: Array
    owners: np.ndarray

    @property
    def deviations(self) -> Array:
        """Standard deviation of the log-odds of each event, shape (events,)."""
        return np.asarray(np.sqrt((self.by_way**2).sum(axis=1)))


def influences(network: Network, uncertainty: Uncertainty, derivatives: Derivatives) -> Influences:
    """Work out what the derivatives of one case come to in the ways in which the numbers vary."""
    owners = np.frombuffer(uncertainty.owners, dtype="<i4")
    starts = np.frombuffer(uncertainty.starts, dtype="<i4")
    parameters = np.frombuffer(uncertainty.parameters, dtype="<i4")
    slopes = np.frombuffer(uncertainty.slopes, dtype="<f8")
    if not len(owners):
        return Influences(
            derivatives.probabilities, np.zeros((len(derivatives.probabilities), 0)), owners
        )
    moved = _flat(network, derivatives)[:, parameters] * slopes
    by_way = np.add.reduceat(moved, starts, axis=1)
    return Influences(derivatives.probabilities, by_way, owners)


def interval(probability: float, deviation: float) -> Interval:
    """Return the 95 % interval of a probability whose log-odds have this standard deviation.

    >>> [round(end, 3) for end in interval(0.5, 0.5605)]
    [0.25, 0.75]
    """
    if not 0.0 < probability < 1.0:
        return probability, probability
    middle = np.log(probability) - np.log1p(-probability)
    low, high = middle - Z_95 * deviation, middle + Z_95 * deviation
    return float(np.exp(-np.logaddexp(0.0, -low))), float(np.exp(-np.logaddexp(0.0, -high)))


def _flat(network: Network, derivatives: Derivatives) -> Array:
    """Line up all derivatives as `Uncertainty` counts parameters, shape (events, parameters)."""
    events = len(derivatives.probabilities)
    parts: list[Array] = []
    for variable, family in enumerate(network.families):
        found = derivatives.by_number.get(variable)
        arrays = found or [np.zeros((events, each.size)) for each in numbers_of(family)]
        parts += [each.reshape(events, -1) for each in arrays]
    return np.concatenate(parts, axis=1)
