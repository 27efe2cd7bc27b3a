"""How tables are brought into the order of axes that a product of two of them wants.

A permutation of axes is named by `split`, the sizes of runs of axes that stay together, and
`order`, where the case axis and the runs go; both are empty when the axes lie as they should.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from bayesnet.inference.least_recently_used import LeastRecentlyUsed
from bayesnet.inference.triangulation import mask_of
from bayesnet.network import Array

BLOCK = 1 << 16
"""Multiplications in one matrix product: below what makes a BLAS start threads, which costs far
more than it gains on tables of this size as soon as another process wants the cores."""
GATHERED = 1 << 9
"""Entries of a table from which gathering by an index beats numpy's copy of a transposed view,
several times where its innermost run of axes is short."""
LONGEST_INDEX = 1 << 15
INDICES_BYTES = 64 << 20


Layout = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""Split, order and shape."""


class Pairing(Struct, frozen=True):
    """How to multiply two tables and sum out what is not kept.

    As a matrix product the shapes are (batch, row
    blocks, 1, rows, inner) and (batch, 1, column blocks, inner, columns); with nothing to sum
    out (`summed` is false) they broadcast. out: vertices of the result.
    """

    first: Layout
    second: Layout
    out: tuple[int, ...]
    summed: bool


class Move(Struct, frozen=True, eq=False):
    """A permutation of axes as a gather: runs of `run` entries in the order of `index`."""

    index: NDArray[np.intp]
    run: int


MOVES = LeastRecentlyUsed(INDICES_BYTES, lambda move: move.index.nbytes)


def rearranged(table: Array, split: tuple[int, ...], order: tuple[int, ...]) -> Array:
    """A table with its axes in another order; the cases stay first, the rest has any shape."""
    if not order:
        return table
    entries = table.size // len(table)
    run = split[-1] if order[-1] == len(split) else 1
    if entries < GATHERED or entries > LONGEST_INDEX * run:
        return table.reshape(len(table), *split).transpose(order)
    move = MOVES.get((split, order), lambda: _move(split, order, run))
    return table.reshape(len(table), -1, move.run).take(move.index, axis=1)


def _move(split: tuple[int, ...], order: tuple[int, ...], run: int) -> Move:
    count = len(split) - (run > 1)
    starts = np.arange(math.prod(split) // run).reshape(split[:count])
    return Move(starts.transpose([at - 1 for at in order[1 : count + 1]]).ravel(), run)


def reordering(
    axes: Sequence[int], target: Sequence[int], sizes: Sequence[int]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sizes of runs of axes that stay together, and the runs' order after the case axis."""
    place = {vertex: at for at, vertex in enumerate(axes)}
    runs: list[list[int]] = []
    for vertex in target:
        if runs and place[vertex] == runs[-1][-1] + 1:
            runs[-1].append(place[vertex])
        else:
            runs.append([place[vertex]])
    ordered = sorted(runs)
    if ordered == runs:
        return (), ()
    split = tuple(math.prod(sizes[at] for at in run) for run in ordered)
    return split, (0, *(ordered.index(run) + 1 for run in runs))


@lru_cache(maxsize=8192)
def pairing(
    first: tuple[int, ...],
    second: tuple[int, ...],
    keep: int,
    first_sizes: tuple[int, ...],
    second_sizes: tuple[int, ...],
) -> Pairing:
    """The second table has no vertex that is neither kept nor in the first."""
    in_first, in_second = mask_of(first), mask_of(second)
    size = dict(zip((*first, *second), (*first_sizes, *second_sizes), strict=True))
    batch = [v for v in first if in_second >> v & 1 and keep >> v & 1]
    inner = [v for v in first if in_second >> v & 1 and not keep >> v & 1]
    rows = [v for v in first if not in_second >> v & 1]
    columns = [v for v in second if not in_first >> v & 1]

    def product(vertices: Sequence[int]) -> int:
        return math.prod(size[v] for v in vertices)

    if product(inner) == 1:
        return _entry_by_entry(first, second, [*batch, *inner], rows, columns, size)
    row_blocks, rows = _blocked(rows, size, BLOCK // product(inner))
    column_blocks, columns = _blocked(columns, size, BLOCK // (product(inner) * product(rows)))
    left = (*batch, *row_blocks, *rows, *inner)
    right = (*batch, *column_blocks, *inner, *columns)
    left_shape = (product(batch), product(row_blocks), 1, product(rows), product(inner))
    right_shape = (product(batch), 1, product(column_blocks), product(inner), product(columns))
    return Pairing(
        (*reordering(first, left, first_sizes), left_shape),
        (*reordering(second, right, second_sizes), right_shape),
        (*batch, *row_blocks, *column_blocks, *rows, *columns),
        True,
    )


def _entry_by_entry(
    first: Sequence[int],
    second: Sequence[int],
    shared: Sequence[int],
    rows: Sequence[int],
    columns: Sequence[int],
    size: Mapping[int, int],
) -> Pairing:
    """A product that sums nothing out; the longest run of axes goes last, as numpy likes it."""

    def product(vertices: Sequence[int]) -> int:
        return math.prod(size[v] for v in vertices)

    def laid_out(axes: Sequence[int], missing: Sequence[int]) -> Layout:
        target = [v for group in groups if group is not missing for v in group]
        shape = tuple(1 if group is missing else product(group) for group in groups)
        return *reordering(axes, target, [size[v] for v in axes]), shape

    groups = sorted([shared, rows, columns], key=product)
    out = tuple(v for group in groups for v in group)
    return Pairing(laid_out(first, columns), laid_out(second, rows), out, False)


def _blocked(
    vertices: Sequence[int], size: Mapping[int, int], most: int
) -> tuple[list[int], list[int]]:
    """Leading vertices to loop over, and trailing ones whose product is at most `most`."""
    entries, start = 1, len(vertices)
    while start and entries * size[vertices[start - 1]] <= most:
        start -= 1
        entries *= size[vertices[start]]
    return list(vertices[:start]), list(vertices[start:])
