"""The arithmetic circuit of a query: registers, and layers of sums and products that fill them.

A junction tree laid out entry by entry (Darwiche 2003): what is summed or multiplied is named by
the numbers of registers, so structural zeros take no room and every executor does the same
arithmetic in the same order, whatever it is written in.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.network import Array

Indices = NDArray[np.intp]

ONE, ZERO = 0, 1
"""Registers that hold these numbers in every case."""
CONSTANTS = 2
SUM, PRODUCT, DOT, SCALE, DIVIDE = range(5)
TINY = float(np.finfo(np.float64).tiny)
"""Divisors are at least this: Hugin's 0/0 is 0, for what is divided by 0 here is itself 0."""


@dataclass(frozen=True, eq=False)
class Layer:
    """Registers `start` to `start + count`, each from registers written before.

    SUM: of its operands. PRODUCT: of its operands and its weight. DOT: sum of the products of
    its pairs of operands and their weights. SCALE, DIVIDE: of register `first + i` by its operand.
    operands: registers read, for DOT shape (pairs, 2), or None for those from `first` up to `last`.
    offsets: where each result's operands begin; None when each has one. weights: one a result
    (PRODUCT) or a pair (DOT), or None for ones.
    """

    kind: int
    start: int
    count: int
    first: int
    last: int
    operands: Indices | None
    offsets: Indices | None
    weights: Array | None


@dataclass(frozen=True, eq=False)
class Rows:
    """Which row of its pool each lookup reads: the sum of codes[variables] x strides.

    offsets: where each lookup's variables begin; None when each has one.
    """

    variables: Indices
    strides: Indices
    offsets: Indices | None


@dataclass(frozen=True, eq=False)
class LookedUp:
    """Register `start + i` is pool[origins[i] + row of lookup of[i]]."""

    start: int
    pool: Array
    of: Indices
    origins: Indices


@dataclass(frozen=True, eq=False)
class Maxima:
    """Registers that hold P(maximum = s) of independent ordered variables looked up per case.

    With F the product of P(each <= s), P(maximum = s) = F (1 - product of P(each < s | each <=
    s)); both products are sums of logarithms, so a small probability keeps its precision.
    Register `start + i` takes the operands from offsets[i] on, read from the pools of
    logarithms at origins + row of lookup `of`.
    """

    start: int
    log_at_most: Array
    log_less: Array
    offsets: Indices
    of: Indices
    origins: Indices


@dataclass(frozen=True, eq=False)
class Output:
    """Where a variable's posterior lies among the outputs."""

    variable: int
    start: int
    states: int


@dataclass(frozen=True, eq=False)
class Circuit:
    """A compiled query.

    size: number of registers. rows, looked_up, maxima: the inputs by codes. soft: vertices whose
    likelihoods are inputs, from `soft_start` on. layers: the first `upward` of them give P(e).
    evidence: registers whose product is P(evidence). output_start: the first of the posteriors'.
    """

    size: int
    rows: Rows
    looked_up: LookedUp
    maxima: Maxima | None
    soft: tuple[int, ...]
    soft_start: int
    layers: tuple[Layer, ...]
    upward: int
    evidence: Indices
    output_start: int
    outputs: tuple[Output, ...]

    @property
    def output_count(self) -> int:
        """Number of output registers."""
        return sum(output.states for output in self.outputs)

    @property
    def operations(self) -> int:
        """Additions and multiplications for one case."""
        return sum(
            layer.last - layer.first if layer.operands is None else len(layer.operands)
            for layer in self.layers
        )

    @property
    def memory(self) -> int:
        """Bytes of the compiled form and of the registers of one case."""
        arrays: list[Array | Indices | None] = [self.evidence]
        for layer in self.layers:
            arrays += [layer.operands, layer.offsets, layer.weights]
        for part in filter(None, (self.rows, self.looked_up, self.maxima)):
            arrays += [a for a in vars(part).values() if isinstance(a, np.ndarray)]
        return 8 * self.size + sum(array.nbytes for array in arrays if array is not None)


class CircuitBuilder:
    """Hands out registers and collects layers."""

    def __init__(self) -> None:
        self.size = CONSTANTS
        self.most = CONSTANTS
        self.layers: list[Layer] = []

    def reserve(self, count: int) -> int:
        """The first of so many new registers."""
        first = self.size
        self.size += count
        self.most = max(self.most, self.size)
        return first

    @contextmanager
    def scratch(self) -> Iterator[None]:
        """Registers reserved inside serve again afterwards."""
        mark = self.size
        yield
        self.size = mark

    def sum_runs(self, first: int, last: int, offsets: Indices, start: int) -> None:
        """Sums of runs of neighbouring registers from `first` up to `last`."""
        self.layers.append(Layer(SUM, start, len(offsets), first, last, None, offsets, None))

    def sum_of(self, operands: Indices, offsets: Indices, start: int) -> None:
        """Sums of named registers."""
        self.layers.append(Layer(SUM, start, len(offsets), 0, 0, operands, offsets, None))

    def product(
        self, operands: Indices, offsets: Indices | None, weights: Array | None, start: int
    ) -> None:
        """Weighted products of named registers."""
        count = len(operands) if offsets is None else len(offsets)
        self.layers.append(Layer(PRODUCT, start, count, 0, 0, operands, offsets, weights))

    def dot(self, pairs: Indices, weights: Array, offsets: Indices, start: int) -> None:
        """Sums of weighted products of pairs of registers; pairs: shape (pairs, 2)."""
        self.layers.append(Layer(DOT, start, len(offsets), 0, 0, pairs, offsets, weights))

    def scale(self, first: int, operands: Indices, start: int) -> None:
        """Registers from `first` on times others."""
        count = len(operands)
        self.layers.append(Layer(SCALE, start, count, first, first + count, operands, None, None))

    def divide(self, first: int, operands: Indices, start: int) -> None:
        """Registers from `first` on by others."""
        count = len(operands)
        self.layers.append(Layer(DIVIDE, start, count, first, first + count, operands, None, None))
