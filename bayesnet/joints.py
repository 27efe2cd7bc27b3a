"""Joint posteriors of variables that share no clique, from a calibrated tree.

The smallest subtree that holds the variables is contracted towards its top, each clique as
P(residual | separator), keeping only the variables asked for and the separator (Koller &
Friedman 2009, section 10.3.3). The steps for a list of joints are planned once, what two
joints have in common only one time, and then run on the tables of any case. Steps are msgspec
structs, whose hash, asked for many times while planning, costs a tenth of a dataclass's.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from msgspec import Struct

from bayesnet.graph import mask_of
from bayesnet.network import Array
from bayesnet.program import Program
from bayesnet.propagation import Beliefs

BLOCK = 1 << 16
"""Multiplications in one matrix product: below what makes a BLAS start threads, which costs far
more than it gains on tables of this size as soon as another process wants the cores."""


class Belief(Struct, frozen=True):
    """A clique's posterior."""

    clique: int


class Conditional(Struct, frozen=True):
    """A clique's posterior given its separator."""

    clique: int
    separator: int
    residual: int


class Sum(Struct, frozen=True):
    """A table summed over the axes `gone` of its merged shape (counted after the case axis)."""

    source: int
    shape: tuple[int, ...]
    gone: tuple[int, ...]


class Arranged(Struct, frozen=True):
    """A table with its axes permuted and merged, ready for a matrix product.

    split: sizes of the runs of axes that stay together; order: of the case axis and the runs.
    """

    source: int
    split: tuple[int, ...]
    order: tuple[int, ...]
    shape: tuple[int, ...]


class Product(Struct, frozen=True):
    """The matrix product of two arranged tables."""

    first: int
    second: int


class Pairing(Struct, frozen=True):
    """How to multiply two tables and sum out what is not kept, as one matrix product.

    first, second: split, order and shape of each; the shapes are (batch, row blocks, 1, rows,
    inner) and (batch, 1, column blocks, inner, columns). out: vertices of the result.
    """

    first: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
    second: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]
    out: tuple[int, ...]


Step = Belief | Conditional | Sum | Arranged | Product


class Wanted(Struct, frozen=True):
    """A joint: `leading` in this order, one axis each; `others` on one last axis in any order."""

    leading: tuple[int, ...]
    others: tuple[int, ...] = ()


class Output(Struct, frozen=True):
    """Which table a joint is, and how its axes (neighbours merged) come into order."""

    source: int
    split: tuple[int, ...]
    order: tuple[int, ...]
    shape: tuple[int, ...]


class JointPlan(Struct, frozen=True, eq=False):
    """Steps, each making one table, and which of the tables are the joints asked for.

    ends: for each output how many steps have to be done; expiring: for each output the tables
    that nothing after it needs.
    """

    steps: tuple[Step, ...]
    outputs: tuple[Output | None, ...]
    ends: tuple[int, ...]
    expiring: tuple[tuple[int, ...], ...]


class _Piece(Struct, frozen=True):
    """A table to be: its step, and its vertices from slowest to fastest."""

    step: int
    axes: tuple[int, ...]


def plan_joints(program: Program, joints: Sequence[Wanted]) -> JointPlan:
    """Steps for some joints."""
    planner = _Planner(program)
    outputs: list[Output | None] = []
    ends: list[int] = []
    for wanted in joints:
        outputs.append(planner.output(wanted))
        ends.append(len(planner.steps))
    steps = tuple(planner.steps)
    return JointPlan(steps, tuple(outputs), tuple(ends), _expiring(steps, outputs, ends))


def run_joints(plan: JointPlan, beliefs: Beliefs) -> Iterator[Array]:
    """The joints one after the other, each with a leading case axis (cases or 1).

    Tables are let go as soon as no later joint needs them, so that their memory serves again.
    """
    tables: list[Array | None] = []
    for out, end, expired in zip(plan.outputs, plan.ends, plan.expiring, strict=True):
        for step in plan.steps[len(tables) : end]:
            tables.append(_made(step, tables, beliefs))
        yield np.ones(1) if out is None else _shaped(_there(tables, out.source), out)
        for index in expired:
            tables[index] = None


def _expiring(
    steps: Sequence[Step], outputs: Sequence[Output | None], ends: Sequence[int]
) -> tuple[tuple[int, ...], ...]:
    last_use: dict[int, int] = {}
    start = 0
    for at, (out, end) in enumerate(zip(outputs, ends, strict=True)):
        for step in steps[start:end]:
            last_use.update(dict.fromkeys(_sources(step), at))
        if out is not None:
            last_use[out.source] = at
        start = end
    expiring: list[list[int]] = [[] for _ in outputs]
    for index, at in last_use.items():
        expiring[at].append(index)
    return tuple(map(tuple, expiring))


def _sources(step: Step) -> tuple[int, ...]:
    if isinstance(step, Product):
        return step.first, step.second
    return (step.source,) if isinstance(step, Sum | Arranged) else ()


def _there(tables: Sequence[Array | None], index: int) -> Array:
    table = tables[index]
    assert table is not None
    return table


def _made(step: Step, tables: Sequence[Array | None], beliefs: Beliefs) -> Array:
    if isinstance(step, Product):
        product = _there(tables, step.first) @ _there(tables, step.second)
        return np.asarray(product.reshape(len(product), -1))
    if isinstance(step, Belief):
        return beliefs[step.clique]
    if isinstance(step, Conditional):
        return _conditional(beliefs[step.clique], step.separator, step.residual)
    table = _there(tables, step.source)
    if isinstance(step, Sum):
        summed = table.reshape(len(table), *step.shape).sum(axis=step.gone)
        return np.asarray(summed.reshape(len(table), -1))
    moved = table.reshape(len(table), *step.split).transpose(step.order)
    return moved.reshape(len(table), *step.shape)


def _shaped(table: Array, out: Output) -> Array:
    moved = table.reshape(len(table), *out.split).transpose(out.order)
    return moved.reshape(len(table), *out.shape)


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
    steps: list[Step] = field(default_factory=list)
    known: dict[Step, int] = field(default_factory=dict)
    pieces: dict[tuple[int, int], _Piece] = field(default_factory=dict)

    def output(self, joint: Wanted) -> Output | None:
        """Where a joint will be; None for the joint of nothing."""
        wanted = mask_of((*joint.leading, *joint.others))
        result: _Piece | None = None
        for root, clique in enumerate(self.program.cliques):
            here = wanted & self.program.below[root]
            if clique.parent < 0 and here:
                part = self._component(root, here)
                result = part if result is None else self._pair(result, part, wanted)
        if result is None:
            return None
        rest = [v for v in result.axes if v not in joint.leading]
        shape = self._sizes(joint.leading)
        if joint.others:
            shape = (*shape, math.prod(self._sizes(rest)))
        split, order = _reordering(result.axes, (*joint.leading, *rest), self._sizes(result.axes))
        return Output(result.step, split, order, shape)

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
        one, two = self._sizes(first.axes), self._sizes(second.axes)
        plan = _pairing(first.axes, second.axes, within, one, two)
        left = self._step(Arranged(first.step, *plan.first))
        right = self._step(Arranged(second.step, *plan.second))
        return _Piece(self._step(Product(left, right)), plan.out)

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

    def _step(self, step: Step) -> int:
        if step not in self.known:
            self.known[step] = len(self.steps)
            self.steps.append(step)
        return self.known[step]

    def _sizes(self, axes: Sequence[int]) -> tuple[int, ...]:
        sizes = self.program.lowered.sizes
        return tuple(sizes[v] for v in axes)


def _reordering(
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
    split = tuple(math.prod(sizes[at] for at in run) for run in ordered)
    return split, (0, *(ordered.index(run) + 1 for run in runs))


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
    left = (*batch, *row_blocks, *rows, *inner)
    right = (*batch, *column_blocks, *inner, *columns)
    left_shape = (product(batch), product(row_blocks), 1, product(rows), product(inner))
    right_shape = (product(batch), 1, product(column_blocks), product(inner), product(columns))
    return Pairing(
        (*_reordering(first, left, first_sizes), left_shape),
        (*_reordering(second, right, second_sizes), right_shape),
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
