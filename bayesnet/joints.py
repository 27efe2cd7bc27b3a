"""Joint posteriors of variables that share no clique, from a calibrated tree.

The smallest subtree that holds the variables is contracted towards its top, each clique as
P(residual | separator), keeping only the variables asked for and the separator (Koller &
Friedman 2009, section 10.3.3). The steps for a list of joints are planned once, what two
joints have in common only one time, and then run on the tables of any case.
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


@dataclass(frozen=True)
class Belief:
    """A clique's posterior."""

    clique: int


@dataclass(frozen=True)
class Conditional:
    """A clique's posterior given its separator."""

    clique: int
    separator: int
    residual: int


@dataclass(frozen=True)
class Sum:
    """A table summed over the axes `gone` of its merged shape (counted after the case axis)."""

    source: int
    shape: tuple[int, ...]
    gone: tuple[int, ...]


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


@dataclass(frozen=True)
class Product:
    """The product of two earlier tables, reduced to what is kept."""

    first: int
    second: int
    pairing: Pairing


@dataclass(frozen=True)
class Output:
    """A joint: which table it is, the table's shape, and the axes in the order asked for."""

    source: int
    shape: tuple[int, ...]
    order: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class JointPlan:
    """Steps, each making one table, and which of the tables are the joints asked for."""

    steps: tuple[Belief | Conditional | Sum | Product, ...]
    outputs: tuple[Output | None, ...]


@dataclass(frozen=True)
class _Piece:
    """A table to be: its step, and its vertices from slowest to fastest."""

    step: int
    axes: tuple[int, ...]


def plan_joints(program: Program, joints: Sequence[Sequence[int]]) -> JointPlan:
    """Steps for the joints of some lists of vertices."""
    planner = _Planner(program)
    outputs = tuple(planner.output(vertices) for vertices in joints)
    return JointPlan(tuple(planner.steps), outputs)


def run_joints(plan: JointPlan, beliefs: Sequence[Array]) -> list[Array]:
    """The joints, each of shape (cases or 1, states of the first vertex, ...)."""
    tables: list[Array] = []
    for step in plan.steps:
        if isinstance(step, Product):
            tables.append(_product(tables[step.first], tables[step.second], step.pairing))
        elif isinstance(step, Sum):
            table = tables[step.source]
            summed = table.reshape(len(table), *step.shape).sum(axis=step.gone)
            tables.append(summed.reshape(len(table), -1))
        elif isinstance(step, Belief):
            tables.append(beliefs[step.clique])
        else:
            tables.append(_conditional(beliefs[step.clique], step.separator, step.residual))
    return [np.ones(1) if out is None else _shaped(tables[out.source], out) for out in plan.outputs]


def _shaped(table: Array, out: Output) -> Array:
    return table.reshape(len(table), *out.shape).transpose(out.order)


def _product(first: Array, second: Array, plan: Pairing) -> Array:
    one, two = len(first), len(second)
    left = first.reshape(one, *plan.split_first).transpose(plan.first)
    right = second.reshape(two, *plan.split_second).transpose(plan.second)
    product = left.reshape(one, *plan.shape_first) @ right.reshape(two, *plan.shape_second)
    return product.reshape(len(product), -1)


def _conditional(belief: Array, separator: int, residual: int) -> Array:
    shaped = belief.reshape(len(belief), separator, residual)
    total = shaped.sum(axis=2, keepdims=True)
    # Where the separator's state is impossible all of its row is 0, and stays so.
    ratio = shaped / np.where(total > 0, total, 1.0)
    return ratio.reshape(len(belief), -1)


@dataclass(frozen=True, eq=False)
class _Planner:
    """Writes steps down, each table once."""

    program: Program
    steps: list[Belief | Conditional | Sum | Product] = field(default_factory=list)
    known: dict[Belief | Conditional | Sum | Product, int] = field(default_factory=dict)
    pieces: dict[tuple[int, int], _Piece] = field(default_factory=dict)

    def output(self, vertices: Sequence[int]) -> Output | None:
        """Where the joint of some vertices will be; None for the joint of nothing."""
        if not vertices:
            return None
        wanted = mask_of(vertices)
        result: _Piece | None = None
        for root, clique in enumerate(self.program.cliques):
            here = wanted & self.program.below[root]
            if clique.parent < 0 and here:
                part = self._component(root, here)
                result = part if result is None else self._pair(result, part, wanted)
        assert result is not None
        order = (0, *(result.axes.index(v) + 1 for v in vertices))
        return Output(result.step, self._sizes(result.axes), order)

    def _component(self, root: int, wanted: int) -> _Piece:
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
        start = _Piece(self._step(Belief(top)), self.program.cliques[top].vertices)
        return self._gathered(top, start, wanted, wanted)

    def _piece(self, index: int, wanted: int) -> _Piece:
        """P(wanted vertices below | separator), keeping the separator's axes."""
        key = (index, wanted)
        if key not in self.pieces:
            clique = self.program.cliques[index]
            separator = mask_of(clique.vertices[: self.program.tree.separators[index]])
            step = self._step(Conditional(index, clique.separator, clique.residual))
            start = _Piece(step, clique.vertices)
            self.pieces[key] = self._gathered(index, start, wanted, wanted | separator)
        return self.pieces[key]

    def _gathered(self, index: int, start: _Piece, wanted: int, keep: int) -> _Piece:
        """A clique's table times the pieces of its children, reduced to what is kept.

        Pieces already known go first: their product is the same for the next joint.
        """
        below = self.program.below
        keys = [
            (child, wanted & below[child])
            for child in self.program.children[index]
            if wanted & below[child] & ~self.program.masks[index]
        ]
        keys.sort(key=lambda key: key not in self.pieces)
        pieces = [self._piece(child, part) for child, part in keys]
        for at, piece in enumerate(pieces):
            later = keep | mask_of(v for each in pieces[at + 1 :] for v in each.axes)
            start = self._pair(start, piece, later)
        return self._summed(start, keep)

    def _pair(self, first: _Piece, second: _Piece, keep: int) -> _Piece:
        within = keep & mask_of((*first.axes, *second.axes))
        pairing = _pairing(
            first.axes, second.axes, within, self._sizes(first.axes), self._sizes(second.axes)
        )
        return _Piece(self._step(Product(first.step, second.step, pairing)), pairing.out)

    def _summed(self, piece: _Piece, keep: int) -> _Piece:
        merged: list[int] = []
        kinds: list[bool] = []
        for vertex, size in zip(piece.axes, self._sizes(piece.axes), strict=True):
            kind = bool(keep >> vertex & 1)
            if kinds and kinds[-1] == kind:
                merged[-1] *= size
            else:
                merged.append(size)
                kinds.append(kind)
        gone = tuple(at + 1 for at, kind in enumerate(kinds) if not kind)
        if not gone:
            return piece
        step = self._step(Sum(piece.step, tuple(merged), gone))
        return _Piece(step, tuple(v for v in piece.axes if keep >> v & 1))

    def _step(self, step: Belief | Conditional | Sum | Product) -> int:
        if step not in self.known:
            self.known[step] = len(self.steps)
            self.steps.append(step)
        return self.known[step]

    def _sizes(self, axes: Sequence[int]) -> tuple[int, ...]:
        sizes = self.program.lowered.sizes
        return tuple(sizes[v] for v in axes)


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
