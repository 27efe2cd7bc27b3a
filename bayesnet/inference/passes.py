"""The tape run forward, and generically in reverse.

Forward, each step's message is the product of its inputs summed over its vertex. In reverse, the
adjoint of a slot (what its entries are multiplied by in the whole) is the adjoint of the message
that it goes into times the other inputs: no division, so a zero is no special case (Darwiche
2003, J ACM 50:280-305, for circuits). The lanes are variants of one case, each a column.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesnet.inference.rings import (
    LINEAR,
    LOGARITHMS,
    MAXIMA,
    Labels,
    Operand,
    Ring,
    contract,
    multiplied,
)
from bayesnet.inference.sums import Sums
from bayesnet.inference.tape import CORE, Scope, Step, Tape
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
            table = self.tables[slot]
            total = total + self._log(table.reshape(table.shape[-1]))
        return total

    @cached_property
    def core(self) -> Sums:
        """The posterior of all vertices of the core together, and its sums."""
        step = self.tape.steps[-1]
        values, _ = self.core_product
        flat = normalised(self.ring, values.reshape(-1, values.shape[-1]))
        table = flat.reshape(*(self.tape.sizes[v] for v in step.scope), -1)
        return Sums(table, step.scope, self.tape.sizes, self.popularity(step))

    def popularity(self, step: Step) -> dict[int, int]:
        """In how many inputs of a step each of its vertices is."""
        scopes = [self.tape.scopes[slot] for slot in step.inputs]
        return {v: sum(v in scope for scope in scopes) for v in step.scope}

    @cached_property
    def core_product(self) -> Operand:
        """The product of all inputs of the core."""
        step = self.tape.steps[-1]
        return multiplied(self.ring, self.operands(step), step.runs.sizes)

    def _log(self, value: Array) -> Array:
        if not self.ring.plain:
            return value
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(value)

    def operands(self, step: Step) -> list[Operand]:
        """List the inputs of a step, the extra weights of its vertex last."""
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
    """Run the pass forward in a ring; vertices that are maximised want logarithms."""
    held = [ring.product(each) for each in tables]
    found = Forward(tape, ring, held, {v: ring.of(values) for v, values in extra.items()})
    for step in tape.steps:
        if step.vertex == CORE:
            held.append(ring.total(found.core_product, ()))
            continue
        own = MAXIMA if step.vertex in maximised else ring
        held.append(contract(own, found.operands(step), step.out))
    return found


def forward(tape: Tape, tables: Tables, extra: Extra | None = None) -> Forward:
    """Run the pass forward in plain numbers, or on logarithms where a lane is too improbable."""
    found = run_forward(tape, tables, extra or {}, LINEAR)
    if is_safe(found):
        return found
    return run_forward(tape, tables, extra or {}, LOGARITHMS)


def is_safe(found: Forward) -> bool:
    """Whether plain numbers tell everything: each part of the network is probable enough."""
    factors = found.tape.factors
    return all(
        bool((found.tables[slot] >= SAFE).all()) for slot in found.tape.roots if slot >= factors
    )


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A tape after both passes.

    messages: adjoint of each step's message, by step. firsts: of each step the adjoint of its
    first input. slots: adjoints of the factors that were wanted. All in the shapes of the steps.
    """

    forward: Forward
    messages: Sequence[Array]
    firsts: Sequence[Array]
    slots: Mapping[int, Array]

    def marginal(self, vertex: int) -> Array:
        """Return the posterior of a vertex, shape (states, lanes or 1)."""
        forward = self.forward
        at = forward.tape.home[vertex]
        step = forward.tape.steps[at]
        if step.vertex == CORE:
            return forward.core.to((vertex,))
        operands = forward.operands(step)
        out = step.runs.labels([vertex])
        both = forward.ring.times((self.firsts[at], operands[0][1]), operands[0], out)
        return normalised(forward.ring, both)

    def whole(self, at: int) -> Array:
        """Multiply everything over the scope of a step, in its merged shape, then lanes or 1."""
        step = self.forward.tape.steps[at]
        above = self.messages[at]
        shaped = above.reshape(*step.runs.shape(step.out), above.shape[-1])
        operands = [*self.forward.operands(step), (shaped, step.out)]
        return contract(self.forward.ring, operands, tuple(range(len(step.runs.sizes))))


def normalised(ring: Ring, values: Array) -> Array:
    """Shares of the whole along the first axis, from what a ring holds; zeros where all is zero."""
    if not ring.plain:
        most = values.max(axis=0)
        values = np.exp(values - np.where(np.isneginf(most), 0.0, most))
    total = values.sum(axis=0)
    return np.asarray(values / np.where(total > 0, total, 1.0), dtype=np.float64)


def reverse(
    found: Forward,
    wanted: AbstractSet[int] = frozenset(),
    core: Callable[[Scope], Array] | None = None,
) -> Calibrated:
    """Run the pass in reverse.

    wanted: slots of factors whose adjoints are kept. core: the posterior of some vertices of the
    core for each lane, where lanes begin there; shape (states..., lanes).
    """
    of_core = core or (lambda scope: found.core.to(scope))
    tape, ring = found.tape, found.ring
    adjoints: dict[int, Array] = {slot: np.full(1, ring.one) for slot in tape.roots}
    firsts: list[Array] = [np.empty(0)] * len(tape.steps)
    messages: list[Array] = [np.empty(0)] * len(tape.steps)
    slots: dict[int, Array] = {}
    for at in range(len(tape.steps) - 1, -1, -1):
        step = tape.steps[at]
        above = messages[at] = adjoints.pop(tape.factors + at)
        if step.vertex == CORE:
            # The core has too many inputs to multiply all but each of them.
            for slot in step.inputs:
                if slot >= tape.factors or slot in wanted:
                    over = _over(found, slot, of_core(tape.scopes[slot]))
                    (adjoints if slot >= tape.factors else slots)[slot] = over
            continue
        needed = [slot >= tape.factors or slot in wanted for slot in step.inputs]
        needed[0] = True
        shaped = above.reshape(*step.runs.shape(step.out), above.shape[-1])
        got = others(ring, found.operands(step), (shaped, step.out), needed, step.runs.sizes)
        for slot, each in zip(step.inputs, got, strict=False):
            if each is not None:
                (adjoints if slot >= tape.factors else slots)[slot] = each
        assert got[0] is not None
        firsts[at] = got[0]
    return Calibrated(found, messages, firsts, slots)


def _over(found: Forward, slot: int, posterior: Array) -> Array:
    """Return a core input's adjoint: the posterior of its vertices over it, 0 where that is 0."""
    table = found.tables[slot].reshape(*posterior.shape[:-1], 1)
    if found.ring.plain:
        return np.divide(posterior, table, out=np.zeros(posterior.shape), where=table > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(posterior) - table
    return np.where(np.isnan(ratio), -np.inf, ratio)


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
    """Multiply to the labels of `out`, then lanes, spread over those that neither operand has."""
    known = {*after[1], *(before[1] if before else ())}
    there = tuple(label for label in out if label in known)
    summed = ring.total(after, there) if before is None else ring.times(before, after, there)
    if there == out:
        return summed
    lanes = summed.shape[-1]
    shaped = summed.reshape(*(sizes[label] if label in there else 1 for label in out), lanes)
    return np.broadcast_to(shaped, (*(sizes[label] for label in out), lanes))
