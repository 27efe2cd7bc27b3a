"""Give the 95 % intervals of posteriors that follow from the uncertainty of the model's numbers.

The variance of a posterior's log-odds is the sum, over the independent ways in which the numbers
vary, of the squared change that one standard deviation brings (the delta method with exact
derivatives; for networks Castillo, Gutiérrez & Hadi 1997, IEEE Trans SMC 27:412-423). The
validation compares the intervals with posteriors of models drawn from the numbers' distributions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    by_way = np.zeros((len(derivatives.probabilities), len(owners)))
    # Most numbers are out of reach: those of findings that were not asked about, of other ages.
    places, rows = _lined_up(network, derivatives)
    at = places[parameters]
    entries = np.flatnonzero(at >= 0)
    entries = entries[np.asarray(rows.any(axis=1))[at[entries]]]
    if len(entries):
        moved = rows[at[entries]] * slopes[entries, None]
        ways = np.searchsorted(starts, entries, side="right") - 1
        firsts = np.flatnonzero(np.diff(ways, prepend=-1))
        by_way[:, ways[firsts]] = np.add.reduceat(moved, firsts, axis=0).T
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


def _lined_up(network: Network, derivatives: Derivatives) -> tuple[NDArray[np.intp], Array]:
    """Line up the derivatives as `Uncertainty` counts parameters, those that are told of.

    Returns of each parameter its row, -1 where there is none, and the rows, shape (rows, events).
    """
    events, rows = len(derivatives.probabilities), 0
    found = [np.zeros((0, events))]
    places: list[NDArray[np.intp]] = []
    for variable, family in enumerate(network.families):
        count = sum(each.size for each in numbers_of(family))
        if variable in derivatives.by_number:
            found += [each.reshape(events, -1).T for each in derivatives.by_number[variable]]
            places.append(np.arange(rows, rows + count))
            rows += count
        else:
            places.append(np.full(count, -1))
    return np.concatenate(places), np.concatenate(found)
