"""What "times" and "sum" mean on a tape: of numbers, of their logarithms, or a maximum of these.

An operand is an array whose last axis is the lanes (1 where all lanes share it) and whose other
axes are named by ascending labels. Plain numbers are summed over one label after another, the
lowest first, and over its states in their order, by nothing but products and sums of two doubles:
no BLAS, no einsum, no fused operation. So the compiled passes, which do the same, give the same
bits on any machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bayesnet.inference.sums import sum_axis
from bayesnet.inference.tuning import LAYOUTS_KEPT, RUN_ENTRIES, SUMMED_AS_MADE
from bayesnet.network import Array

Labels = tuple[int, ...]
Operand = tuple[Array, Labels]


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
        union = _union(first[1], second[1])
        one, other = (_spread(each, union) for each in (first, second))
        values, left = self._multiplied(one, other, union, out)
        return summed(values, left, out)

    def _multiplied(self, one: Array, other: Array, union: Labels, out: Labels) -> Operand:
        """Multiply two tables; of a large product the first label is summed as it is made."""
        shape = np.broadcast(one, other).shape
        if math.prod(shape) <= SUMMED_AS_MADE:
            return np.multiply(one, other, order="C"), union
        run = _run_from(shape)
        wide, beside = (_laid_out(each, shape, run) for each in (one, other))
        if not run or union[0] in out:
            return np.multiply(wide, beside, order="C").reshape(shape), union
        pairs = zip(*np.broadcast_arrays(wide, beside), strict=True)
        values = np.multiply(*next(pairs), order="C")
        for one_state, other_state in pairs:
            values += one_state * other_state
        return values.reshape(shape[1:]), union[1:]

    def total(self, table: Operand, out: Labels) -> Array:
        """Sum a table over the labels that are not in `out`."""
        return summed(*table, out)


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
        union = _union(first[1], second[1])
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


def _laid_out(spread: Array, shape: Sequence[int], run: int) -> Array:
    """Fill all axes of the run of a product, and make them one."""
    own = spread.shape[run:]
    flat = spread.reshape(*spread.shape[:run], -1)
    if own == shape[run:] or run == len(shape) - 1:
        return flat
    places = np.arange(math.prod(own)).reshape(own)
    return flat.take(np.broadcast_to(places, shape[run:]).reshape(-1), axis=-1)


def _spread(operand: Operand, union: Labels) -> Array:
    """Give a table the axes that it lacks, of length 1."""
    values, labels = operand
    return values if labels == union else values[_places(labels, union)]


@lru_cache(LAYOUTS_KEPT)
def _union(one: Labels, other: Labels) -> Labels:
    return tuple(sorted({*one, *other}))


@lru_cache(LAYOUTS_KEPT)
def _places(labels: Labels, union: Labels) -> tuple[slice | None, ...]:
    """Return the index that gives a table with some labels the axes of all."""
    return (*(slice(None) if label in labels else None for label in union), slice(None))


@lru_cache(LAYOUTS_KEPT)
def _axes(left: Labels, out: Labels) -> tuple[int, ...]:
    """Return the axis to sum over, each time, until only `out` is left."""
    gone = [at for at, label in enumerate(left) if label not in out]
    return tuple(at - before for before, at in enumerate(gone))


def summed(values: Array, left: Labels, out: Labels) -> Array:
    """Sum over one label after another, the lowest first."""
    for axis in _axes(left, out):
        values = sum_axis(values, axis)
    return values


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
