"""The scores of many cases: by the compiled kernel where numba is there, else one by one.

The kernel gives posteriors of variables. So a family is written out, with a variable for its leak
and one for each link, which holds the parent's state beside the effect's. The derivative of log P
by a number is the posterior of the state that it is the chance of, divided by it (Darwiche 2003, J
ACM 50:280-305). A network in which all families were written out would be too large for the
kernel, so they take turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.derivatives import numbers_of
from bayesnet.analysis.inference import Inference, executor_of_tables
from bayesnet.analysis.score import score_of
from bayesnet.inference.cases import Case
from bayesnet.inference.tuning import ROW_VARIABLES
from bayesnet.network import Array, Family, Network, NoisyMax, Table, Variable

NEARLY_ZERO = 1e-10
"""Stands for a number that is 0, by which nothing can be divided."""


@dataclass(frozen=True, eq=False)
class _Source:
    """Numbers whose derivatives one variable gives.

    variable: its place in the network that is written out; start: of the first number, counted
    through all families; numbers: as they are there, above 0.
    """

    variable: int
    start: int
    numbers: Array


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of cases of one network.

    moving: for each number, counted through all families in order, whether its derivative is
    wanted, shape (numbers,). budget: bytes.
    """

    network: Network
    moving: NDArray[np.bool_]
    budget: int

    def of(self, cases: Sequence[Case]) -> tuple[Array, Array]:
        """Return log P of each case, shape (cases,), and its derivatives, (cases, numbers).

        By numbers whose derivative is not wanted it may be anything. Where a family says nothing
        of a case its derivatives are the same all along a row, which is a distribution, or 0. An
        impossible case has -inf, and no derivatives.
        """
        found = np.zeros((len(cases), len(self.moving)))
        logs, left = np.full(len(cases), np.nan), np.arange(len(cases))
        if self._turns and len(cases):
            logs = self._inference.log_probabilities(cases)
            left = self._by_kernel(cases, found)
            found[np.isneginf(logs)] = 0.0
        for row in left.tolist():
            logs[row] = self._alone(cases[row], found[row])
        return logs, found

    @cached_property
    def starts(self) -> list[int]:
        """Where the numbers of each family start, and where the last end."""
        sizes = [sum(each.size for each in numbers_of(family)) for family in self.network.families]
        return [0, *np.cumsum(sizes).tolist()]

    @cached_property
    def families(self) -> frozenset[int]:
        """The families that have a number whose derivative is wanted."""
        parts = zip(self.starts, self.starts[1:], strict=False)
        return frozenset(at for at, (a, b) in enumerate(parts) if self.moving[a:b].any())

    @cached_property
    def _inference(self) -> Inference:
        return Inference(self.network, self.budget, executor_of_tables())

    @cached_property
    def _turns(self) -> list[tuple[Inference, list[_Source]]]:
        """Each network that is written out, and what it gives; none where that cannot be."""
        room = ROW_VARIABLES - len(self.network.variables)
        needed = {at: _variables(self.network.families[at]) for at in sorted(self.families)}
        if executor_of_tables() != "numba" or max(needed.values(), default=0) > room:
            return []
        turns: list[list[int]] = [[]]
        used = 0
        for at, count in needed.items():
            if used + count > room:
                turns.append([])
                used = 0
            turns[-1].append(at)
            used += count
        return [self._written_out(turn) for turn in turns]

    def _written_out(self, turn: Sequence[int]) -> tuple[Inference, list[_Source]]:
        """Write some families out."""
        variables, families = list(self.network.variables), list(self.network.families)
        sources: list[_Source] = []
        for at in turn:
            family, start = families[at], self.starts[at]
            parts = _parts(family)
            if not parts:
                (own,) = self._above_zero([numbers_of(family)[0]], start)
                families[at] = Table(family.variable, (), own)
                sources.append(_Source(at, start, own.ravel()))
                continue
            arrays = self._above_zero([part.numbers for part in parts], start)
            for part, numbers in zip(parts, arrays, strict=True):
                sources.append(_Source(len(variables), start, numbers.ravel()))
                start += numbers.size
                variables.append(Variable(part.name, part.states))
                families.append(Table(part.name, part.parents, part.table(numbers)))
            families[at] = _joined(family, parts)
        network = Network(tuple(variables), tuple(families))
        return Inference(network, self.budget, "numba"), sources

    def _above_zero(self, arrays: Sequence[Array], start: int) -> list[Array]:
        """Put a little in the place of each 0 whose derivative is wanted."""
        found = []
        for array in arrays:
            moving = self.moving[start : start + array.size].reshape(array.shape)
            found.append(np.where(moving & (array <= 0.0), NEARLY_ZERO, array))
            start += array.size
        return found

    def _by_kernel(self, cases: Sequence[Case], found: Array) -> NDArray[np.intp]:
        """Fill in the derivatives; returns the rows that the kernel refuses."""
        refused = np.zeros(len(cases), dtype=np.bool_)
        for inference, sources in self._turns:
            assert inference.rows is not None
            read = [source.variable for source in sources]
            posteriors, places, logs = inference.rows.run(cases, read)
            refused |= np.isnan(logs)
            for source, place in zip(sources, places, strict=True):
                numbers = source.numbers
                there = numbers > 0.0
                part = found[:, source.start : source.start + len(numbers)]
                part[:, there] = posteriors[:, place][:, there] / numbers[there]
        found[refused] = 0.0
        return np.flatnonzero(refused)

    def _alone(self, case: Case, found: Array) -> float:
        """Fill in the derivatives of one case; returns its log P."""
        score = score_of(self._inference.given, case, self.families)
        for variable in self.families & score.by_number.keys():
            arrays = [each.ravel() for each in score.by_number[variable]]
            found[self.starts[variable] : self.starts[variable + 1]] = np.concatenate(arrays)
        return score.log_probability


@dataclass(frozen=True, eq=False)
class _Part:
    """A leak, a link, or a table whole, as a variable of its own.

    numbers: shape (parents' states..., effects).
    """

    name: str
    parents: tuple[str, ...]
    numbers: Array

    @property
    def states(self) -> tuple[str, ...]:
        """A state for each number."""
        return tuple(map(str, range(self.numbers.size)))

    def table(self, numbers: Array) -> Array:
        """P(state | parents): that the parents are in theirs, and the effect in its."""
        rows = numbers.reshape(-1, numbers.shape[-1])
        found = np.zeros((len(rows), *rows.shape))
        found[range(len(rows)), range(len(rows))] = rows
        return found.reshape(*numbers.shape[:-1], -1)

    @property
    def effects(self) -> Array:
        """P(effect | state): the one that the state holds, shape (states, effects)."""
        effects = self.numbers.shape[-1]
        return np.tile(np.eye(effects), (self.numbers.size // effects, 1))


def _parts(family: Family) -> list[_Part]:
    """Take a family with parents apart; nothing for one without."""
    if not family.parents:
        return []
    name = family.variable
    if isinstance(family, Table):
        return [_Part(f"{name}\0", family.parents, family.values)]
    links = zip(family.parents, family.links, strict=True)
    return [
        _Part(f"{name}\0", (), family.leak),
        *(_Part(f"{name}\0{parent}", (parent,), link) for parent, link in links),
    ]


def _joined(family: Family, parts: Sequence[_Part]) -> Family:
    """Make a family of its parts: the effect of a table, the largest of a noisy-MAX's."""
    names = tuple(part.name for part in parts)
    if isinstance(family, Table):
        return Table(family.variable, names, parts[0].effects)
    none = np.zeros(len(family.leak))
    none[family.lowest] = 1.0
    links = tuple(part.effects for part in parts)
    return NoisyMax(family.variable, names, none, links, family.lowest)


def _variables(family: Family) -> int:
    """Count the variables that a family is written out with."""
    if not family.parents:
        return 0
    return 1 if isinstance(family, Table) else 1 + len(family.parents)
