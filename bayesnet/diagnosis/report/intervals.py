"""Give the 95 % intervals of posteriors that follow from the uncertainty of the model's numbers.

The variance of a posterior's log-odds is the sum, over the independent ways in which the numbers
vary, of the squared change that one standard deviation brings (the delta method with exact
derivatives; for networks Castillo, Gutiérrez & Hadi 1997, IEEE Trans SMC 27:412-423). The
validation compares the intervals with posteriors of models drawn from the numbers' distributions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.derivatives import numbers_of
from bayesnet.analysis.log_odds import LogOdds, slopes_of
from bayesnet.inference.memo import Memo
from bayesnet.inference.problem import Problem
from bayesnet.inference.tuning import FAMILIES_KEPT
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


@dataclass(frozen=True, eq=False)
class Doubt:
    """How the numbers of a model vary, lined up with the families of its network.

    by_family: what one standard deviation in each way does to the logs of a family's factors,
    remembered by what is known around it.
    """

    network: Network
    uncertainty: Uncertainty
    by_family: Memo["Moves"] = field(default_factory=lambda: Memo(FAMILIES_KEPT))

    @cached_property
    def owners(self) -> NDArray[np.int32]:
        """For each way its number, an index into the model's uncertain numbers."""
        return np.frombuffer(self.uncertainty.owners, dtype="<i4")

    @cached_property
    def _by_parameter(self) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
        """(where each parameter's entries begin, their ways, by how much it moves in each)."""
        parameters = np.frombuffer(self.uncertainty.parameters, dtype="<i4")
        starts = np.frombuffer(self.uncertainty.starts, dtype="<i4")
        slopes = np.frombuffer(self.uncertainty.slopes, dtype="<f8")
        ways = np.searchsorted(starts, np.arange(len(parameters)), side="right") - 1
        order = np.argsort(parameters, kind="stable")
        begins = np.searchsorted(parameters[order], np.arange(self._places[-1] + 1))
        return begins, ways[order], slopes[order]

    @cached_property
    def _places(self) -> Sequence[int]:
        """Where each family's parameters begin, as `Uncertainty` counts them; and their end."""
        sizes = (sum(each.size for each in numbers_of(f)) for f in self.network.families)
        return [0, *accumulate(sizes)]

    def moves(self, problem: Problem, variable: int) -> "Moves":
        """Return what the numbers do to the factors of a family."""
        structure, soft = problem.structure, problem.case.soft
        view, absorbed = problem.factors.views[variable], problem.factors.absorbed

        def make() -> Moves:
            return self._moves(slopes_of(structure, view, absorbed, soft))

        roots = (p for p in structure.parents[variable] if p in absorbed)
        return make() if any(p in soft for p in roots) else self.by_family.get(view, make)

    def _moves(self, slopes: Iterable[tuple[int, Mapping[int, Array]]]) -> "Moves":
        begins, ways, by = self._by_parameter
        found = [(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros(0))]
        for start, some in slopes:
            for variable, each in some.items():
                rows, numbers = np.nonzero(each)
                parameters = numbers + self._places[variable]
                counts = begins[parameters + 1] - begins[parameters]
                ends = np.cumsum(counts)
                within = np.arange(int(counts.sum())) - np.repeat(ends - counts, counts)
                at = np.repeat(begins[parameters], counts) + within
                values = np.repeat(each[rows, numbers], counts) * by[at]
                found.append((ways[at], np.repeat(rows + start, counts), values))
        return _together(*(np.concatenate(each) for each in zip(*found, strict=True)))


class Moves(NamedTuple):
    """Of a family's factors: which way moves the log of which entry, and by how much."""

    ways: NDArray[np.intp]
    entries: NDArray[np.intp]
    by: Array


def _together(ways: NDArray[np.intp], entries: NDArray[np.intp], by: Array) -> Moves:
    """Add up what one way does to one entry by several numbers."""
    if not len(by):
        return Moves(ways, entries, by)
    order = np.lexsort((entries, ways))
    ways, entries, by = ways[order], entries[order], by[order]
    firsts = np.flatnonzero((np.diff(ways, prepend=-1) != 0) | (np.diff(entries, prepend=-1) != 0))
    return Moves(ways[firsts], entries[firsts], np.add.reduceat(by, firsts))


def influences(doubt: Doubt, found: LogOdds) -> Influences:
    """Work out what the derivatives of one case come to in the ways in which the numbers vary."""
    ways, rows, by = [], [], []
    for variable, start in found.starts.items():
        moves = doubt.moves(found.problem, variable)
        ways.append(moves.ways)
        rows.append(moves.entries + start)
        by.append(moves.by)
    by_way = np.zeros((len(found.probabilities), len(doubt.owners)))
    if any(map(len, by)):
        every = np.concatenate(ways)
        order = np.argsort(every, kind="stable")
        moved = found.by_entry[np.concatenate(rows)[order]] * np.concatenate(by)[order, None]
        firsts = np.flatnonzero(np.diff(every[order], prepend=-1))
        by_way[:, every[order][firsts]] = np.add.reduceat(moved, firsts, axis=0).T
    return Influences(found.probabilities, by_way, doubt.owners)


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
