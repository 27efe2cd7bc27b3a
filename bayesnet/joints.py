"""Joint posteriors of variables that share no clique, from a calibrated tree.

The smallest subtree that holds the variables is contracted towards its top, each clique as
P(residual | separator), keeping only the variables asked for and the separator (Koller &
Friedman 2009, section 10.3.3). Subtrees contracted once serve every later joint.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from bayesnet.graph import mask_of
from bayesnet.network import Array
from bayesnet.program import Program

BLOCK = 1 << 16
"""Multiplications in one matrix product: below what makes a BLAS start threads, which costs far
more than it gains on tables of this size as soon as another process wants the cores."""

Piece = tuple[Array, tuple[int, ...]]
"""A table of shape (cases or 1, entries) and its vertices, first slowest."""


@dataclass(frozen=True)
class Pairing:
    """How to multiply two tables and sum out what is not kept, as one matrix product.

    first, second: axis permutations after the case axis; shapes once merged: (batch, row blocks,
    1, rows, inner) and (batch, 1, column blocks, inner, columns); out: vertices of the result.
    """

    split_first: tuple[int, ...]
    split_second: tuple[int, ...]
    first: tuple[int, ...]
    second: tuple[int, ...]
    shape_first: tuple[int, ...]
    shape_second: tuple[int, ...]
    out: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Contraction:
    """Joints of one calibrated tree, with the subtrees contracted so far."""

    program: Program
    beliefs: Sequence[Array]
    _pieces: dict[tuple[int, int], Piece] = field(default_factory=dict)
    _products: dict[tuple[int, bool, tuple[tuple[int, int], ...], int], Piece] = field(
        default_factory=dict
    )
    _conditionals: dict[int, Array] = field(default_factory=dict)

    def joint(self, vertices: Sequence[int]) -> Array:
        """Joint of `vertices`, shape (cases or 1, states of the first, ...)."""
        sizes = self.program.lowered.sizes
        if not vertices:
            return np.ones((1,))
        wanted = mask_of(vertices)
        result: Piece | None = None
        for root, clique in enumerate(self.program.cliques):
            here = wanted & self.program.below[root]
            if clique.parent < 0 and here:
                part = self._component(root, here)
                result = part if result is None else _pair(result, part, wanted, sizes)
        assert result is not None
        table, axes = result
        shaped = table.reshape(len(table), *(sizes[v] for v in axes))
        return np.asarray(shaped.transpose(0, *(axes.index(v) + 1 for v in vertices)))

    def _component(self, root: int, wanted: int) -> Piece:
        """The joint of wanted vertices of one component, from the lowest clique above them."""
        top = root
        while True:
            lower = [
                child
                for child in self.program.children[top]
                if not wanted & ~(self.program.below[child] | self.program.masks[child])
            ]
            if not lower:
                break
            top = lower[0]
        clique = self.program.cliques[top]
        return self._gathered(top, (self.beliefs[top], clique.vertices), wanted, wanted)

    def _piece(self, index: int, wanted: int) -> Piece:
        """P(wanted vertices below | separator), keeping the separator's axes."""
        key = (index, wanted)
        if key not in self._pieces:
            clique = self.program.cliques[index]
            separator = mask_of(clique.vertices[: self.program.tree.separators[index]])
            start = (self._conditional(index), clique.vertices)
            self._pieces[key] = self._gathered(index, start, wanted, wanted | separator)
        return self._pieces[key]

    def _gathered(self, index: int, start: Piece, wanted: int, keep: int) -> Piece:
        """A clique's table times the pieces of its children, reduced to what is kept.

        Pieces already known go first: their product is the same for the next joint.
        """
        sizes = self.program.lowered.sizes
        below = self.program.below
        keys = [
            (child, wanted & below[child])
            for child in self.program.children[index]
            if wanted & below[child] & ~self.program.masks[index]
        ]
        keys.sort(key=lambda key: key not in self._pieces)
        pieces = [self._piece(child, part) for child, part in keys]
        complete = keep == wanted
        for at, piece in enumerate(pieces):
            later = keep | mask_of(v for _, axes in pieces[at + 1 :] for v in axes)
            kept = later & mask_of((*start[1], *piece[1]))
            known = (index, complete, tuple(keys[: at + 1]), kept)
            if known not in self._products:
                self._products[known] = _pair(start, piece, later, sizes)
            start = self._products[known]
        return _reduced(start, keep, sizes)

    def _conditional(self, index: int) -> Array:
        if index not in self._conditionals:
            clique = self.program.cliques[index]
            belief = self.beliefs[index]
            shaped = belief.reshape(len(belief), clique.separator, clique.residual)
            total = shaped.sum(axis=2, keepdims=True)
            ratio = np.divide(shaped, total, out=np.zeros_like(shaped), where=total > 0)
            self._conditionals[index] = ratio.reshape(len(belief), -1)
        return self._conditionals[index]


def _pair(first: Piece, second: Piece, keep: int, sizes: Sequence[int]) -> Piece:
    plan = _pairing(
        first[1],
        second[1],
        keep,
        tuple(sizes[v] for v in first[1]),
        tuple(sizes[v] for v in second[1]),
    )
    one, two = len(first[0]), len(second[0])
    left = first[0].reshape(one, *plan.split_first).transpose(plan.first)
    right = second[0].reshape(two, *plan.split_second).transpose(plan.second)
    product = left.reshape(one, *plan.shape_first) @ right.reshape(two, *plan.shape_second)
    return product.reshape(len(product), -1), plan.out


def _reduced(piece: Piece, keep: int, sizes: Sequence[int]) -> Piece:
    table, axes = piece
    absent = tuple(at + 1 for at, v in enumerate(axes) if not keep >> v & 1)
    if not absent:
        return piece
    merged: list[int] = []
    kinds: list[bool] = []
    for v in axes:
        kind = bool(keep >> v & 1)
        if kinds and kinds[-1] == kind:
            merged[-1] *= sizes[v]
        else:
            merged.append(sizes[v])
            kinds.append(kind)
    gone = tuple(at + 1 for at, kind in enumerate(kinds) if not kind)
    summed = table.reshape(len(table), *merged).sum(axis=gone)
    return summed.reshape(len(table), -1), tuple(v for v in axes if keep >> v & 1)


@lru_cache(maxsize=8192)
def _pairing(
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

    row_blocks, rows = _blocked(rows, size, BLOCK // product(inner))
    column_blocks, columns = _blocked(columns, size, BLOCK // (product(inner) * product(rows)))
    return Pairing(
        first_sizes,
        second_sizes,
        (0, *(first.index(v) + 1 for v in (*batch, *row_blocks, *rows, *inner))),
        (0, *(second.index(v) + 1 for v in (*batch, *column_blocks, *inner, *columns))),
        (product(batch), product(row_blocks), 1, product(rows), product(inner)),
        (product(batch), 1, product(column_blocks), product(inner), product(columns)),
        (*batch, *row_blocks, *column_blocks, *rows, *columns),
    )


def _blocked(
    vertices: Sequence[int], size: Mapping[int, int], most: int
) -> tuple[list[int], list[int]]:
    """Leading vertices to loop over, and trailing ones whose product is at most `most`."""
    entries, start = 1, len(vertices)
    while start and entries * size[vertices[start - 1]] <= most:
        start -= 1
        entries *= size[vertices[start]]
    return list(vertices[:start]), list(vertices[start:])
