"""What "times" and "sum" mean on a tape: of numbers, of their logarithms, or a maximum of these.

An operand is an array whose last axis is the lanes (1 where all lanes share it) and whose other
axes are named by ascending labels. No BLAS: the order of every sum is fixed by the shapes alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.inference.sums import sum_axis
from bayesnet.inference.tuning import RUN_ENTRIES, SUMMED_AS_MADE
from bayesnet.network import Array

Labels = tuple[int, ...]
Operand = tuple[Array, Labels]
LANE = 51
"""einsum takes labels up to 51; a table with as many axes would not fit in memory."""


class Linear:
    """Plain numbers: fast, and right where the whole is not below SAFE."""

    one = 1.0
    plain = True

    def of(self, table: Array) -> Array:
        """Numbers as this ring holds them; what a double cannot hold is 0."""
        return np.asarray(table, dtype=np.float64)

    def log(self, value: Array) -> Array:
        """Log of what the ring holds."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(value)

    def share(self, part: Array, whole: Array) -> Array:
        """Divide by what is not 0; what is a part of nothing is 0."""
        return np.asarray(
            np.divide(part, whole, out=np.zeros_like(part), where=whole != 0), dtype=np.float64
        )

    def product(self, tables: Sequence[Array]) -> Array:
        """Multiply tables of numbers over the same axes."""
        found = self.of(tables[0])
        for each in tables[1:]:
            found = found * self.of(each)
        return found

    def times(self, first: Operand, second: Operand, out: Labels) -> Array:
        """Multiply two operands, summed over the labels that are not in `out`."""
        (a, one), (b, two) = first, second
        sizes = {**dict(zip(one, a.shape, strict=False)), **dict(zip(two, b.shape, strict=False))}
        union = tuple(sorted(sizes))
        shape = (*(sizes[label] for label in union), max(a.shape[-1], b.shape[-1]))
        if math.prod(shape) <= SUMMED_AS_MADE:
            operands: list[Any] = [a, [*one, LANE], b, [*two, LANE], [*out, LANE]]
            return np.asarray(np.einsum(*operands, order="C"))
        run = _run_from(shape)
        wide, beside = (_laid_out(each, union, shape, run) for each in (first, second))
        left = union
        if run and union[0] not in out:
            # Summed as it is made, so that the table of the product is never there.
            pairs = zip(*np.broadcast_arrays(wide, beside), strict=True)
            values = np.multiply(*next(pairs))
            for one_state, other in pairs:
                values += one_state * other
            left = union[1:]
        else:
            values = wide * beside
        values = values.reshape(*shape[len(union) - len(left) :])
        for label in left:
            if label not in out:
                values = sum_axis(values, left.index(label))
                left = tuple(each for each in left if each != label)
        return np.asarray(values)

    def total(self, table: Operand, out: Labels) -> Array:
        """Sum a table over the labels that are not in `out`."""
        operands: list[Any] = [table[0], [*table[1], LANE], [*out, LANE]]
        return np.asarray(np.einsum(*operands, order="C"))


class Extended(Linear):
    """Plain numbers with a longer mantissa, where terms of both signs cancel."""

    def of(self, table: Array) -> Array:
        """Numbers as this ring holds them."""
        return np.asarray(table, dtype=np.longdouble)


class Logarithms:
    """Natural logarithms: nothing underflows, and -inf is exactly zero."""

    one = 0.0
    plain = False

    def of(self, table: Array) -> Array:
        """Numbers as this ring holds them."""
        with np.errstate(divide="ignore"):
            return np.log(table).astype(np.float64)

    def log(self, value: Array) -> Array:
        """Log of what the ring holds: itself."""
        return value

    def share(self, part: Array, whole: Array) -> Array:
        """Divide by what is not 0; what is a part of nothing is 0."""
        there = ~np.isneginf(whole)
        return np.exp(part - np.where(there, whole, 0.0)) * there

    def product(self, tables: Sequence[Array]) -> Array:
        """Multiply tables of numbers over the same axes, as logarithms."""
        found = self.of(tables[0])
        for each in tables[1:]:
            found = found + self.of(each)
        return found

    def times(self, first: Operand, second: Operand, out: Labels) -> Array:
        """Multiply two operands, summed over the labels that are not in `out`."""
        union = tuple(sorted({*first[1], *second[1]}))
        return self.total((_spread(first, union) + _spread(second, union), union), out)

    def total(self, table: Operand, out: Labels) -> Array:
        """Sum a table over the labels that are not in `out`."""
        values, labels = table
        axes = tuple(at for at, label in enumerate(labels) if label not in out)
        return self.reduce(values, axes) if axes else values

    def reduce(self, values: Array, axes: tuple[int, ...]) -> Array:
        """Sum over axes."""
        most = values.max(axis=axes, keepdims=True)
        most = np.where(np.isneginf(most), 0.0, most)
        with np.errstate(divide="ignore"):
            found = np.log(np.exp(values - most).sum(axis=axes))
        return np.asarray(found + most.reshape(found.shape))


class Maxima(Logarithms):
    """Logarithms whose "sum" is the largest."""

    def reduce(self, values: Array, axes: tuple[int, ...]) -> Array:
        """Return the maximum over axes."""
        return np.asarray(values.max(axis=axes))


Ring = Linear | Logarithms | Maxima
LINEAR, EXTENDED, LOGARITHMS, MAXIMA = Linear(), Extended(), Logarithms(), Maxima()


def _run_from(shape: Sequence[int]) -> int:
    """Return from which axis on a product is one run, long enough for the innermost loop."""
    run, entries = len(shape) - 1, shape[-1]
    while run and entries < RUN_ENTRIES:
        run -= 1
        entries *= shape[run]
    return run


def _laid_out(operand: Operand, union: Labels, shape: Sequence[int], run: int) -> Array:
    """Spread an operand to the labels of a product, all axes of its run filled and made one."""
    spread = _spread(operand, union)
    own = spread.shape[run:]
    flat = spread.reshape(*spread.shape[:run], -1)
    if own == shape[run:] or run == len(union):
        return flat
    places = np.arange(math.prod(own)).reshape(own)
    return flat.take(np.broadcast_to(places, shape[run:]).reshape(-1), axis=-1)


def _spread(operand: Operand, union: Labels) -> Array:
    values, labels = operand
    sizes = dict(zip(labels, values.shape, strict=False))
    return values.reshape(*(sizes.get(label, 1) for label in union), values.shape[-1])


def contract(ring: Ring, operands: Sequence[Operand], out: Labels) -> Array:
    """Multiply operands, one after the other, summed over all labels not in `out`."""
    first, *others = operands
    if not others:
        return ring.total(first, out)
    for at, second in enumerate(others):
        later = {label for _, labels in others[at + 1 :] for label in labels}
        within = {*first[1], *second[1]} & later.union(out)
        left = tuple(sorted(within))
        first = (ring.times(first, second, left), left)
    return first[0]


@dataclass(frozen=True, slots=True)
class Merged:
    """A set of scopes with neighbouring axes that always stand together made one.

    order: the vertices, each label standing for a run of them. label_of: of each vertex.
    sizes: of each label.
    """

    label_of: dict[int, int]
    sizes: tuple[int, ...]

    def labels(self, scope: Sequence[int]) -> Labels:
        """Return the labels of a scope that is in order."""
        return tuple(dict.fromkeys(self.label_of[v] for v in scope))

    def shape(self, labels: Labels) -> tuple[int, ...]:
        """Return the shape of an array with these labels, without the lanes."""
        return tuple(self.sizes[label] for label in labels)


def merged(order: Sequence[int], scopes: Sequence[Sequence[int]], sizes: Sequence[int]) -> Merged:
    """Merge runs of vertices of `order` that are in the same scopes; scopes are in that order."""
    kinds = dict.fromkeys(order, 0)
    for bit, scope in enumerate(scopes):
        for vertex in scope:
            kinds[vertex] |= 1 << bit
    label_of: dict[int, int] = {}
    run_sizes: list[int] = []
    before = -1
    for vertex, kind in kinds.items():
        if kind == before:
            run_sizes[-1] *= sizes[vertex]
        else:
            run_sizes.append(sizes[vertex])
        label_of[vertex] = len(run_sizes) - 1
        before = kind
    return Merged(label_of, tuple(run_sizes))
