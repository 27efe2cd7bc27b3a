"""The compiled form of a query: cliques, and how factors and messages lie in them.

Everything is fixed before any case is seen: which lookup fills which factor, which factor
multiplies into which clique, which suffix a message sums away. Only numbers are left.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray

from bayesnet.errors import TooLargeError
from bayesnet.inference.factors import Factor, Lowered
from bayesnet.inference.triangulation import JunctionTree, mask_of
from bayesnet.network import Array, maximum_of

BYTES_AN_ENTRY = 3 * 8
"""Of each table entry are held: what is fixed, what the case made of it, and its posterior."""
Codes = NDArray[np.intp]


@dataclass(frozen=True)
class Alignment:
    """How a smaller table lies in a larger one: shapes that broadcast, neighbours merged.

    whole: the larger table's merged shape; part: the same with 1 where the smaller has no axis;
    absent: axes of `whole` to sum over to get the smaller (counted after the case axis).
    """

    whole: tuple[int, ...]
    part: tuple[int, ...]
    absent: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Placed:
    """A factor, where it lies in its clique, and whether it depends on the case."""

    factor: Factor
    axes: tuple[int, ...]
    alignment: Alignment
    by_case: bool


@dataclass(frozen=True, eq=False)
class Clique:
    """One clique: its vertices and shape, its parent, and what multiplies into it.

    separator, residual: entries of the leading separator part and of the trailing rest.
    fixed: product of all factors that are the same for every case, shape (1, entries).
    factors: all of them, those in `fixed` and those that depend on the case.
    to_parent: how the separator lies in the parent.
    """

    vertices: tuple[int, ...]
    shape: tuple[int, ...]
    parent: int
    separator: int
    residual: int
    fixed: Array
    factors: tuple[Placed, ...]
    to_parent: Alignment | None

    @property
    def placed(self) -> Iterator[Placed]:
        """The factors that depend on the case."""
        return (each for each in self.factors if each.by_case)


@dataclass(frozen=True, eq=False)
class Program:
    """A junction tree ready to run: parents before children.

    home: for each vertex a smallest clique that holds it, with (before, states, after) sizes.
    soft: (vertex, clique, alignment) for each vertex that takes a likelihood per case.
    scalars: factors without a vertex. entries: table entries of one case.
    children: of each clique; masks: vertices of each clique; below: residual vertices of each
    clique and of all under it.
    """

    lowered: Lowered
    tree: JunctionTree
    cliques: tuple[Clique, ...]
    home: tuple[tuple[int, tuple[int, int, int]], ...]
    soft: tuple[tuple[int, int, Alignment], ...]
    scalars: tuple[Factor, ...]
    entries: int
    children: tuple[tuple[int, ...], ...]
    masks: tuple[int, ...]
    below: tuple[int, ...]

    @property
    def memory(self) -> int:
        """Bytes that one case takes, with what is fixed for all."""
        return self.entries * BYTES_AN_ENTRY


def build_program(lowered: Lowered, tree: JunctionTree, budget: int, what: str) -> Program:
    """Lay a junction tree out; raises TooLargeError before allocating over the budget."""
    sizes = lowered.sizes
    if tree.cost * BYTES_AN_ENTRY > budget:
        remedy = "raise `memory_budget` or observe more variables"
        raise TooLargeError(what, tree.cost * BYTES_AN_ENTRY, budget, remedy)
    holders: list[list[int]] = [[] for _ in sizes]
    for index, clique in enumerate(tree.cliques):
        for vertex in clique:
            holders[vertex].append(index)
    entries = [math.prod(sizes[v] for v in clique) for clique in tree.cliques]
    assigned: list[list[Factor]] = [[] for _ in tree.cliques]
    scalars: list[Factor] = []
    for factor in lowered.factors:
        if not factor.scope:
            scalars.append(factor)
            continue
        rarest = min(factor.scope, key=lambda v: len(holders[v]))
        held = set(factor.scope)
        fitting = [i for i in holders[rarest] if held.issubset(tree.cliques[i])]
        assigned[min(fitting, key=entries.__getitem__)].append(factor)
    cliques = tuple(_clique(tree, index, sizes, assigned[index]) for index in range(len(entries)))
    home = tuple(_home(tree, cliques, entries, held_by, v) for v, held_by in enumerate(holders))
    soft = tuple(
        (v, home[v][0], align(tree.cliques[home[v][0]], (v,), sizes)) for v in lowered.soft
    )
    children, below = _subtrees(tree)
    masks = tuple(mask_of(clique) for clique in tree.cliques)
    return Program(
        lowered, tree, cliques, home, soft, tuple(scalars), sum(entries), children, masks, below
    )


def _subtrees(tree: JunctionTree) -> tuple[tuple[tuple[int, ...], ...], tuple[int, ...]]:
    children: list[list[int]] = [[] for _ in tree.cliques]
    below = [
        mask_of(clique[count:]) for clique, count in zip(tree.cliques, tree.separators, strict=True)
    ]
    for index in range(len(tree.cliques) - 1, -1, -1):
        parent = tree.parents[index]
        if parent >= 0:
            children[parent].append(index)
            below[parent] |= below[index]
    return tuple(map(tuple, children)), tuple(below)


def align(whole: Sequence[int], part: Sequence[int], sizes: Sequence[int]) -> Alignment:
    """Where `part` (in the order of `whole`) lies in `whole`."""
    inside = set(part)
    merged: list[int] = []
    kinds: list[bool] = []
    for vertex in whole:
        kind = vertex in inside
        if kinds and kinds[-1] == kind:
            merged[-1] *= sizes[vertex]
        else:
            merged.append(sizes[vertex])
            kinds.append(kind)
    shape = tuple(size if kind else 1 for size, kind in zip(merged, kinds, strict=True))
    absent = tuple(axis + 1 for axis, kind in enumerate(kinds) if not kind)
    return Alignment(tuple(merged), shape, absent)


def evaluate(
    factor: Factor, axes: Sequence[int], codes: Codes | None, dtype: DTypeLike = np.float64
) -> Array:
    """A factor's table for each case, shape (cases or 1, entries), axes reordered to `axes`.

    codes: shape (variables, cases), the observed states; None when nothing is looked up.
    """
    tables = [
        look_up(each.base, each.strides, codes).astype(dtype, copy=False) for each in factor.lookups
    ]
    table = tables[0]
    for other in tables[1:]:
        table = maximum_of(table, other)
    if factor.state is not None:
        table = table[..., factor.state]
    if len(axes) > 1:
        table = table.transpose(0, *(axis + 1 for axis in axes))
    return np.ascontiguousarray(table).reshape(len(table), -1)


def look_up(base: Array, strides: Sequence[tuple[int, int]], codes: Codes | None) -> Array:
    """Rows of a lookup's base for each case, shape (cases or 1, *block)."""
    if not strides or codes is None:
        return base
    row = np.zeros(codes.shape[1], dtype=np.intp)
    for variable, stride in strides:
        row += codes[variable] * stride
    return np.asarray(base[row])


def multiply(target: Array, source: Array, alignment: Alignment) -> Array:
    """Target x source with the source laid into the target; shapes (cases or 1, entries)."""
    product = target.reshape(len(target), *alignment.whole) * source.reshape(
        len(source), *alignment.part
    )
    return product.reshape(len(product), -1)


def _clique(
    tree: JunctionTree, index: int, sizes: Sequence[int], factors: Sequence[Factor]
) -> Clique:
    vertices = tree.cliques[index]
    order = {vertex: at for at, vertex in enumerate(vertices)}
    shape = tuple(sizes[vertex] for vertex in vertices)
    fixed = np.ones((1, math.prod(shape)))
    placed: list[Placed] = []
    for factor in factors:
        axes = tuple(sorted(range(len(factor.scope)), key=lambda i, f=factor: order[f.scope[i]]))  # type: ignore[misc]
        alignment = align(vertices, factor.scope, sizes)
        by_case = any(each.strides for each in factor.lookups)
        placed.append(Placed(factor, axes, alignment, by_case))
        if not by_case:
            fixed = multiply(fixed, evaluate(factor, axes, None), alignment)
    parent, count = tree.parents[index], tree.separators[index]
    separator = math.prod(shape[:count])
    to_parent = align(tree.cliques[parent], vertices[:count], sizes) if parent >= 0 else None
    residual = math.prod(shape[count:])
    return Clique(vertices, shape, parent, separator, residual, fixed, tuple(placed), to_parent)


def _home(
    tree: JunctionTree,
    cliques: Sequence[Clique],
    entries: Sequence[int],
    holders: Sequence[int],
    vertex: int,
) -> tuple[int, tuple[int, int, int]]:
    index = min(holders, key=entries.__getitem__)
    at = tree.cliques[index].index(vertex)
    shape = cliques[index].shape
    return index, (math.prod(shape[:at]), shape[at], math.prod(shape[at + 1 :]))
