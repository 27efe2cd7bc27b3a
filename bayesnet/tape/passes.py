"""The tape run forward, and generically in reverse.

Forward, each step's message is the product of its inputs summed over its vertex. In reverse, the
adjoint of a slot (what its entries are multiplied by in the whole) is the adjoint of the message
that it goes into times the other inputs: no division, so a zero is no special case (Darwiche
2003, J ACM 50:280-305, for circuits). The lanes are variants of one case, each a column.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesnet.network import Array
from bayesnet.tape.rings import LINEAR, LOGARITHMS, MAXIMA, Labels, Operand, Ring, contract
from bayesnet.tape.tape import Step, Tape
from bayesnet.tape.tuning import SAFE

Extra = Mapping[int, Array]
"""{vertex: weights of its states for each lane, shape (states, lanes)}"""
Tables = Sequence[Sequence[Array]]
"""Of each slot of a factor the numbers whose product it holds, each of shape (..., lanes or 1)."""


@dataclass(frozen=True, eq=False)
class Forward:
    """A tape after the pass forward.

    tables: of every slot, factors and messages, as `ring` holds them, shape (..., lanes or 1).
    """

    tape: Tape
    ring: Ring
    tables: Sequence[Array]
    extra: Extra

    @cached_property
    def log_z(self) -> Array:
        """Log of what is left when everything is summed out, shape (lanes or 1,)."""
        total = np.zeros(1)
        for slot in self.tape.roots:
            table = self.tables[slot]
            # What is kept stands in one place, so it is summed after it is multiplied.
            total = total + self._log(table.reshape(table.shape[-1]))
        return total

    def _log(self, value: Array) -> Array:
        if self.ring is not LINEAR:
            return value
        with np.errstate(divide="ignore"):
            return np.log(value)

    def operands(self, step: Step) -> list[Operand]:
        """The inputs of a step, the extra weights of its vertex last."""
        found: list[Operand] = []
        for slot, labels, shape in zip(step.inputs, step.labels, step.shapes, strict=True):
            table = self.tables[slot]
            found.append((table.reshape(*shape, table.shape[-1]), labels))
        if step.vertex in self.extra:
            found.append((self.extra[step.vertex], (0,)))
        return found


def run_forward(
    tape: Tape,
    tables: Tables,
    extra: Extra,
    ring: Ring,
    maximised: AbstractSet[int] = frozenset(),
) -> Forward:
    """The pass forward in a ring; vertices that are maximised want logarithms."""
    held = [ring.product(each) for each in tables]
    found = Forward(tape, ring, held, {v: ring.of(values) for v, values in extra.items()})
    for step in tape.steps:
        own = MAXIMA if step.vertex in maximised else ring
        held.append(contract(own, found.operands(step), step.out))
    return found


def forward(tape: Tape, tables: Tables, extra: Extra | None = None) -> Forward:
    """The pass forward in plain numbers, or on logarithms where a lane is too improbable."""
    found = run_forward(tape, tables, extra or {}, LINEAR)
    if is_safe(found):
        return found
    return run_forward(tape, tables, extra or {}, LOGARITHMS)


def is_safe(found: Forward) -> bool:
    """Whether plain numbers tell everything: each part of the network is probable enough."""
    factors = found.tape.factors
    return all(bool((found.tables[slot] >= SAFE).all()) for slot in found.tape.roots if slot >= factors)


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A tape after both passes.

    messages: adjoint of each step's message, by step. vertices: {vertex: product of everything,
    summed over all but the vertex}, shape (states, lanes or 1), not normalised.
    slots: adjoints of the factors that were wanted, in the shape of their step's input.
    """

    forward: Forward
    messages: Sequence[Array]
    vertices: Mapping[int, Array]
    slots: Mapping[int, Array]

    def marginal(self, vertex: int) -> Array:
        """The posterior of a vertex, shape (states, lanes or 1)."""
        return normalised(self.forward.ring, self.vertices[vertex])


def normalised(ring: Ring, values: Array) -> Array:
    """Shares of the whole along the first axis, from what a ring holds; zeros where all is zero."""
    if ring is not LINEAR:
        most = values.max(axis=0)
        values = np.exp(values - np.where(np.isneginf(most), 0.0, most))
    total = values.sum(axis=0)
    return np.asarray(values / np.where(total > 0, total, 1.0))


def reverse(found: Forward, wanted: frozenset[int] = frozenset()) -> Calibrated:
    """The pass in reverse; wanted: slots of factors whose adjoints are kept."""
    tape, ring = found.tape, found.ring
    adjoints: dict[int, Array] = {}
    for slot in tape.roots:
        adjoints[slot] = np.full(1, ring.one)
    vertices: dict[int, Array] = {}
    messages: list[Array] = [np.empty(0)] * len(tape.steps)
    slots: dict[int, Array] = {}
    for at in range(len(tape.steps) - 1, -1, -1):
        step = tape.steps[at]
        above = adjoints.pop(tape.factors + at)
        messages[at] = above
        operands = found.operands(step)
        needed = [slot >= tape.factors or slot in wanted for slot in step.inputs]
        needed[0] = True
        shape = step.runs.shape(step.out)
        above = above.reshape(*shape, above.shape[-1])
        got = others(ring, operands, (above, step.out), needed, step.runs.sizes)
        for slot, each in zip(step.inputs, got, strict=False):
            if each is None:
                continue
            if slot >= tape.factors:
                adjoints[slot] = each
            elif slot in wanted:
                slots[slot] = each
        assert got[0] is not None
        vertices[step.vertex] = ring.times((got[0], operands[0][1]), operands[0], (0,))
    return Calibrated(found, messages, vertices, slots)


def others(
    ring: Ring,
    operands: Sequence[Operand],
    above: Operand,
    needed: Sequence[bool],
    sizes: Sequence[int],
) -> list[Array | None]:
    """For each operand the product of all others and of what comes from above, over its labels.

    From products of all before and all after it; those not needed are None. sizes: of labels.
    """
    before: list[Operand | None] = [None]
    for operand in operands[:-1]:
        before.append(_product(ring, before[-1], operand))
    after: Operand = above
    found: list[Array | None] = []
    for at in range(len(operands) - 1, -1, -1):
        wanted = at >= len(needed) or needed[at]
        found.append(_meet(ring, before[at], after, operands[at][1], sizes) if wanted else None)
        if at:
            after = _product(ring, after, operands[at])
    return found[::-1]


def _product(ring: Ring, first: Operand | None, second: Operand) -> Operand:
    if first is None:
        return second
    labels: Labels = tuple(sorted({*first[1], *second[1]}))
    return ring.times(first, second, labels), labels


def _meet(
    ring: Ring, before: Operand | None, after: Operand, out: Labels, sizes: Sequence[int]
) -> Array:
    """The product over the labels of `out`, spread over those that neither of them has."""
    known = {*after[1], *(before[1] if before else ())}
    there = tuple(label for label in out if label in known)
    summed = ring.total(after, there) if before is None else ring.times(before, after, there)
    if there == out:
        return summed
    lanes = summed.shape[-1]
    shaped = summed.reshape(*(sizes[label] if label in there else 1 for label in out), lanes)
    return np.broadcast_to(shaped, (*(sizes[label] for label in out), lanes))
