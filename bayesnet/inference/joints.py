"""Joint posteriors of variables that share no clique, from a calibrated tree.

The smallest subtree that holds the variables is contracted towards its top, each clique as
P(residual | separator), keeping only the variables asked for and the separator (Koller &
Friedman 2009, section 10.3.3). The steps for a list of joints are planned once, what two
joints have in common only one time, and then run on the tables of any case. Steps are msgspec
structs, whose hash, asked for many times while planning, costs a tenth of a dataclass's.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from msgspec import Struct

from bayesnet.inference.axes import pairing, rearranged, reordering
from bayesnet.inference.clique_tree import Program
from bayesnet.inference.propagation import Beliefs
from bayesnet.inference.triangulation import mask_of
from bayesnet.network import Array

EXPIRED = np.empty(0)


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


class Outer(Struct, frozen=True):
    """The product of two arranged tables entry by entry, where nothing is summed out."""

    first: int
    second: int


Step = Belief | Conditional | Sum | Arranged | Product | Outer


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
    tables: list[Array] = []
    for out, end, expired in zip(plan.outputs, plan.ends, plan.expiring, strict=True):
        for step in plan.steps[len(tables) : end]:
            tables.append(_made(step, tables, beliefs))
        yield np.ones(1) if out is None else _arranged(tables[out.source], out)
        for index in expired:
            tables[index] = EXPIRED


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
    if isinstance(step, Product | Outer):
        return step.first, step.second
    return (step.source,) if isinstance(step, Sum | Arranged) else ()


def _made(step: Step, tables: Sequence[Array], beliefs: Beliefs) -> Array:
    """One table, the cases on its first axis and the rest in any shape."""
    if isinstance(step, Arranged):
        return _arranged(tables[step.source], step)
    if isinstance(step, Product):
        return np.asarray(tables[step.first] @ tables[step.second])
    if isinstance(step, Belief):
        return beliefs[step.clique]
    if isinstance(step, Conditional):
        return _conditional(beliefs[step.clique], step.separator, step.residual)
    if isinstance(step, Outer):
        return tables[step.first] * tables[step.second]
    return _summed(tables[step.source], step)


def _summed(table: Array, step: Sum) -> Array:
    # einsum is several times faster than sum over axes as short as these.
    every = range(len(step.shape) + 1)
    operands: list[Any] = [table.reshape(len(table), *step.shape), every]
    return np.asarray(np.einsum(*operands, [axis for axis in every if axis not in step.gone]))


def _arranged(table: Array, to: Arranged | Output) -> Array:
    return rearranged(table, to.split, to.order).reshape(len(table), *to.shape)


def _conditional(belief: Array, separator: int, residual: int) -> Array:
    shaped = belief.reshape(len(belief), separator, residual)
    total = np.einsum("csr->cs", shaped)[:, :, None]
    # Where the separator's state is impossible all of its row is 0, and stays so.
    return np.asarray(shaped / np.where(total > 0, total, 1.0))


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
        split, order = reordering(result.axes, (*joint.leading, *rest), self._sizes(result.axes))
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
        plan = pairing(first.axes, second.axes, within, one, two)
        left = self._step(Arranged(first.step, *plan.first))
        right = self._step(Arranged(second.step, *plan.second))
        kind = Product if plan.summed else Outer
        return _Piece(self._step(kind(left, right)), plan.out)

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
