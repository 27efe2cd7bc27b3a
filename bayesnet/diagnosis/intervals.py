"""95 % intervals of posteriors, from how far the model's numbers may be off.

The variance of a log-odds is the sum, over the independent ways in which the numbers vary, of the
squared change that one standard deviation brings (the delta method, exact derivatives; for
networks Castillo, Gutiérrez & Hadi 1997, IEEE Trans SMC 27:412-423). The validation compares the
intervals with posteriors of models drawn from the numbers' distributions.
"""

from dataclasses import dataclass

import numpy as np

from bayesnet.description.compiled import Uncertainty
from bayesnet.description.spread import REACH
from bayesnet.network import Array, Network
from bayesnet.tape.derivatives import Derivatives, numbers_of

Interval = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Influences:
    """What one standard deviation of the numbers does to the log-odds of some events.

    by_way: shape (events, independent ways); owners: of each way its number, an index into the
    model's uncertain numbers.
    """

    probabilities: Array
    by_way: Array
    owners: np.ndarray

    @property
    def deviations(self) -> Array:
        """Standard deviation of the log-odds of each event, shape (events,)."""
        return np.asarray(np.sqrt((self.by_way**2).sum(axis=1)))


def influences(network: Network, uncertainty: Uncertainty, derivatives: Derivatives) -> Influences:
    """What the derivatives of one case come to in the ways in which the numbers vary."""
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
    """The 95 % interval of a probability whose log-odds have this standard deviation."""
    if not 0.0 < probability < 1.0:
        return probability, probability
    middle = np.log(probability) - np.log1p(-probability)
    low, high = middle - REACH * deviation, middle + REACH * deviation
    return float(np.exp(-np.logaddexp(0.0, -low))), float(np.exp(-np.logaddexp(0.0, -high)))


def _flat(network: Network, derivatives: Derivatives) -> Array:
    """All derivatives in the order in which parameters are counted, shape (events, parameters)."""
    events = len(derivatives.probabilities)
    parts: list[Array] = []
    for variable, family in enumerate(network.families):
        found = derivatives.by_number.get(variable)
        arrays = found or [np.zeros((events, each.size)) for each in numbers_of(family)]
        parts += [each.reshape(events, -1) for each in arrays]
    return np.concatenate(parts, axis=1)
