"""The tape run forward, and generically in reverse.

Forward, each step's message is the product of its inputs summed over its vertex. In reverse, the
adjoint of a slot (what its entries are multiplied by in the whole) is the adjoint of the message
that it goes into times the other inputs: no division, so a zero is no special case (Darwiche
2003, J ACM 50:280-305, for circuits). The lanes are variants of one case, each a column.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesnet.inference.rings import (
    MAXIMA,
    Labels,
    Linear,
    Operand,
    Ring,
    contract,
)
from bayesnet.inference.sums import sum_axis
from bayesnet.inference.tape import Step, Tape
from bayesnet.inference.tuning import SAFE
from bayesnet.network import Array

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
            total = total + self.log_of(slot)
        return total

    def log_of(self, root: int) -> Array:
        """Log of what is left in a root, shape (lanes or 1,)."""
        return self.ring.log(self.tables[root].reshape(-1))

    def again(self, changed: Mapping[int, Array], extra: Extra) -> "Forward":
        """Run the pass again, see `run_again`."""
        return run_again(self, changed, extra)

    def reversed(
        self,
        wanted: AbstractSet[int] = frozenset(),
        read: Iterable[int] | None = None,
        known: "Calibrated | None" = None,
    ) -> "Calibrated":
        """Run the pass in reverse, see `reverse`."""
        return reverse(self, wanted, read, known)

    def popularity(self, step: Step) -> dict[int, int]:
        """In how many inputs of a step each of its vertices is."""
        scopes = [self.tape.scopes[slot] for slot in step.inputs]
        return {v: sum(v in scope for scope in scopes) for v in step.scope}

    def operands(self, step: Step) -> list[Operand]:
        """List the inputs of a step, the first with the extra weights of its vertex."""
        found: list[Operand] = []
        for slot, labels, shape in zip(step.inputs, step.labels, step.shapes, strict=True):
            table = self.tables[slot]
            found.append((table.reshape(*shape, table.shape[-1]), labels))
        found[0] = self.weighted(step, found[0])
        return found

    def weighted(self, step: Step, operand: Operand) -> Operand:
        """Multiply a table by the extra weights of a step's vertex."""
        if step.vertex not in self.extra:
            return operand
        labels = operand[1]
        return self.ring.times(operand, (self.extra[step.vertex], (0,)), labels), labels


def run_forward(
    tape: Tape,
    tables: Tables,
    extra: Extra,
    ring: Ring,
    maximised: AbstractSet[int] = frozenset(),
) -> Forward:
    """Run the pass forward in a ring; vertices that are maximised want logarithms."""
    held = [ring.product(each) for each in tables]
    found = Forward(tape, ring, held, {v: ring.of(values) for v, values in extra.items()})
    for step in tape.steps:
        own = MAXIMA if step.vertex in maximised else ring
        held.append(contract(own, found.operands(step), step.out))
    return found


def run_again(known: Forward, changed: Mapping[int, Array], extra: Extra) -> Forward:
    """Run a pass again with some factors' tables changed and further weights.

    A message that neither reaches is the one that is known.
    """
    tape, ring = known.tape, known.ring
    held = list(known.tables[: tape.factors])
    for slot, table in changed.items():
        held[slot] = ring.of(table)
    found = Forward(tape, ring, held, {v: ring.of(values) for v, values in extra.items()})
    for at, step in enumerate(tape.steps):
        message = known.tables[tape.factors + at]
        if step.vertex in extra or any(held[i] is not known.tables[i] for i in step.inputs):
            message = contract(ring, found.operands(step), step.out)
        held.append(message)
    return found


Run = Callable[[Tape, Tables, Linear], Forward]
"""Runs the pass forward of a case as it is, in plain numbers."""


def step_by_step(tape: Tape, tables: Tables, ring: Linear) -> Forward:
    """Run the pass forward of a case as it is, one step after the other."""
    return run_forward(tape, tables, {}, ring)


def is_safe(found: Forward) -> bool:
    """Whether plain numbers tell everything: each part of the network is probable enough."""
    factors = found.tape.factors
    return all(
        bool((found.tables[slot] >= SAFE).all()) for slot in found.tape.roots if slot >= factors
    )


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A tape after both passes.

    messages: adjoint of each step's message, by step. readings: of each step that of the input that
    its vertex is read from (`Step.read`). slots: adjoints of the factors that were wanted. All in
    the shapes of the steps.
    """

    forward: Forward
    messages: Sequence[Array]
    readings: Sequence[Array]
    slots: Mapping[int, Array]

    def marginal(self, vertex: int) -> Array:
        """Return the posterior of a vertex, shape (states, lanes or 1)."""
        forward = self.forward
        at = forward.tape.home[vertex]
        step, states = forward.tape.steps[at], forward.tape.sizes[vertex]
        table = forward.tables[step.inputs[step.read]]
        both = forward.ring.times(
            (self.readings[at].reshape(states, -1, self.readings[at].shape[-1]), (0, 1)),
            (table.reshape(states, -1, table.shape[-1]), (0, 1)),
            (0,),
        )
        # Where signs cancel to nothing, what is left may be just below it.
        return np.maximum(normalised(forward.ring, both), 0.0)

    @property
    def lost_to_signs(self) -> float:
        """How many roundings have moved P(case), relative to it, where terms cancel; one lane.

        Of each entry of a step what its terms come to without their signs, weighted by what it is
        multiplied by in the whole; roundings are as often up as down, so that these add up as the
        root of their squares (Higham & Mary 2019, SIAM J Sci Comput 41:A2815-A2835). Added up as
        they are they say a hundred times more than what doubles lose against longer numbers.
        """
        found, tape = self.forward, self.forward.tape
        signs = [bool((table < 0).any()) for table in found.tables]
        parts = [np.zeros(0)]
        for at, step in enumerate(tape.steps):
            terms = found.tables[tape.factors + at]
            if any(signs[slot] for slot in step.inputs):
                bare = [(np.abs(table), labels) for table, labels in found.operands(step)]
                terms = contract(found.ring, bare, step.out)
            whole = found.tables[tape.factors + tape.component[at]].item()
            parts.append(terms.reshape(-1) * self.messages[at].reshape(-1) / whole)
        moved = np.concatenate(parts)
        return math.sqrt(sum_axis(moved * moved, 0)) if len(moved) else 0.0

    def whole(self, at: int) -> Array:
        """Multiply everything over the scope of a step, in its merged shape, then lanes or 1."""
        step = self.forward.tape.steps[at]
        above = self.messages[at]
        shaped = above.reshape(*step.made, above.shape[-1])
        operands = [*self.forward.operands(step), (shaped, step.out)]
        return contract(self.forward.ring, operands, tuple(range(len(step.sizes))))


def normalised(ring: Ring, values: Array) -> Array:
    """Shares of the whole along the first axis, from what a ring holds; zeros where all is zero."""
    if not ring.plain:
        most = values.max(axis=0)
        values = np.exp(values - np.where(np.isneginf(most), 0.0, most))
    total = sum_axis(values, 0)
    return np.asarray(values / np.where(total > 0, total, 1.0), dtype=np.float64)


def reverse(
    found: Forward,
    wanted: AbstractSet[int] = frozenset(),
    read: Iterable[int] | None = None,
    known: Calibrated | None = None,
) -> Calibrated:
    """Run the pass in reverse.

    wanted: slots of factors whose adjoints are kept. read: vertices whose marginals will be read,
    all by default; where there is nothing to be read or kept below a message it is left.
    known: both passes for what `found` is a variant of, with the adjoints of all messages; one
    that the change does not reach is taken from there.
    """
    tape, ring = found.tape, found.ring
    kept = {*wanted, *range(tape.factors, tape.factors + len(tape.steps))}
    if read is not None:
        kept = tape.slots_above(read, wanted)
    if known and known.forward.ring is not ring:
        known = None
    adjoints: dict[int, Array] = {slot: np.full(1, ring.one) for slot in tape.roots}
    if known:
        adjoints |= {s: known.messages[s - tape.factors] for s in tape.roots if s >= tape.factors}
    readings: list[Array] = [np.empty(0)] * len(tape.steps)
    messages: list[Array] = [np.empty(0)] * len(tape.steps)
    slots: dict[int, Array] = {}
    homes = set(map(tape.home.__getitem__, tape.home if read is None else read))
    for at in range(len(tape.steps) - 1, -1, -1):
        step = tape.steps[at]
        if tape.factors + at not in kept:
            continue
        above = messages[at] = adjoints.pop(tape.factors + at)
        for place, slot in enumerate(step.inputs):
            told = at in homes and place == step.read
            if slot not in kept and not told:
                continue
            if known and slot >= tape.factors and _is_known(found, known, at, place, above):
                own = known.messages[slot - tape.factors]
            else:
                own = _adjoint(found, step, place, above)
            if slot in kept:
                (adjoints if slot >= tape.factors else slots)[slot] = own
            if told:
                readings[at] = own
    return Calibrated(found, messages, readings, slots)


def _is_known(found: Forward, known: Calibrated, at: int, place: int, above: Array) -> bool:
    """Whether nothing is changed that the adjoint of a step's input is made of."""
    step = found.tape.steps[at]
    others = (slot for each, slot in enumerate(step.inputs) if each != place)
    return (
        above is known.messages[at]
        and step.vertex not in found.extra
        and all(found.tables[slot] is known.forward.tables[slot] for slot in others)
    )


def _adjoint(found: Forward, step: Step, place: int, above: Array) -> Array:
    """Compute the adjoint of a step's input from that of its message."""
    labels = step.labels[place]
    shaped = above.reshape(*step.made, above.shape[-1]), step.out
    operands = found.operands(step)
    other = operands[1 - place] if len(operands) > 1 else None
    own = _meet(found.ring, other, shaped, labels, step.sizes)
    return found.weighted(step, (own, labels))[0] if place == 0 else own


def _meet(
    ring: Ring, first: Operand | None, second: Operand, out: Labels, sizes: Sequence[int]
) -> Array:
    """Multiply to the labels of `out`, then lanes, spread over those that neither operand has."""
    known = {*second[1], *(first[1] if first else ())}
    there = tuple(label for label in out if label in known)
    summed = ring.times(first, second, there) if first else ring.total(second, there)
    if there == out:
        return summed
    lanes = summed.shape[-1]
    shaped = summed.reshape(*(sizes[label] if label in there else 1 for label in out), lanes)
    return np.broadcast_to(shaped, (*(sizes[label] for label in out), lanes))
