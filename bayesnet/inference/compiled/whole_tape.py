"""Passes over a whole tape in one compiled call, in place of one call a step.

A case's tape has some hundred steps of some hundred entries, so that it is the calls that take the
time. Larger tapes go step by step.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import overload

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.compiled.products import Compiled
from bayesnet.inference.compiled.walk import Pass, mark, up
from bayesnet.inference.compiled.walk_back import Back, down, lost, mark_back
from bayesnet.inference.compiled.walk_products import NOTHING, Ints, Room, Steps
from bayesnet.inference.passes import Calibrated, Extra, Forward, Tables, run_again, run_forward
from bayesnet.inference.rings import Linear, Ring
from bayesnet.inference.tape import Tape
from bayesnet.inference.tuning import WHOLE_ENTRIES, WHOLE_NUMBERS
from bayesnet.network import Array

Flags = NDArray[np.bool_]
EMPTY, ONE = np.zeros(0), np.ones(1)
NOWHERE: Ints = np.zeros(0, dtype=np.int64)


def run(tape: Tape, tables: Tables, ring: Linear) -> Forward:
    """Run the pass forward of a case as it is."""
    if type(ring) is not Compiled or tape.entries > WHOLE_ENTRIES or not tape.steps:
        return run_forward(tape, tables, {}, ring)
    entries = tape.arrays.entries
    at = _begins(entries)
    own = np.empty(int(entries.sum()))
    for slot, each in enumerate(tables):
        own[at[slot] : at[slot] + entries[slot]] = ring.product(each).reshape(-1)
    fresh = np.ones(len(entries), dtype=np.bool_)
    made = Pass(own, at, fresh, EMPTY, NOWHERE, 1, EMPTY, _no_weights(tape))
    return _up(tape, ring, made, {}, None)


@dataclass(frozen=True, eq=False)
class Slots(Sequence[Array]):
    """Numbers of the slots of a pass, each of shape (entries, lanes or 1), made when read.

    before: those that it has in common with a pass that is known.
    """

    made: Pass
    entries: Ints
    before: "Slots | None"
    _read: dict[int, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.entries)

    @overload
    def __getitem__(self, slot: int) -> Array: ...
    @overload
    def __getitem__(self, slot: slice) -> Sequence[Array]: ...
    def __getitem__(self, slot: int | slice) -> Array | Sequence[Array]:
        if isinstance(slot, slice):
            return [self[at] for at in range(*slot.indices(len(self)))]
        at = range(len(self))[slot]
        if not self.made.fresh[at]:
            assert self.before is not None
            return self.before[at]
        found = self._read.get(at)
        if found is None:
            begins, lanes = int(self.made.at[at]), self.made.lanes
            ends = begins + int(self.entries[at]) * lanes
            found = self._read[at] = self.made.own[begins:ends].reshape(-1, lanes)
        return found


@dataclass(frozen=True, eq=False)
class WholeForward(Forward):
    """A tape after the pass forward; slots: of all tables. base: the pass this is a variant of."""

    slots: Slots
    base: "WholeForward | None"

    def again(self, changed: Mapping[int, Array], extra: Extra) -> Forward:
        """Run the pass again with some factors' tables changed and further weights."""
        if self.base is not None:
            return run_again(self, changed, extra)
        tape, entries = self.tape, self.tape.arrays.entries
        lanes = max((each.shape[-1] for each in (*changed.values(), *extra.values())), default=1)
        fresh = np.zeros(len(entries), dtype=np.bool_)
        fresh[list(changed)] = True
        weights, weighted = _weights(tape, extra, lanes)
        mark(_steps(tape), fresh, weighted)
        own = np.where(fresh, entries, 0)
        if int(own.sum()) * lanes > WHOLE_NUMBERS:
            return run_again(self, changed, extra)
        at = _begins(own) * lanes
        numbers = np.empty(int(own.sum()) * lanes)
        for slot, table in changed.items():
            begins, ends = int(at[slot]), int(at[slot] + own[slot] * lanes)
            numbers[begins:ends].reshape(-1, lanes)[:] = table.reshape(int(own[slot]), -1)
        before = self.slots.made
        made = Pass(numbers, at, fresh, before.own, before.at, lanes, weights, weighted)
        return _up(tape, self.ring, made, extra, self)

    def reversed(
        self,
        wanted: AbstractSet[int] = frozenset(),
        read: Iterable[int] | None = None,
        known: Calibrated | None = None,
    ) -> Calibrated:
        """Run the pass in reverse, see `reverse`."""
        before = (
            known if isinstance(known, WholeCalibrated) and known.forward is self.base else None
        )
        tape, steps, made = self.tape, _steps(self.tape), self.slots.made
        entries, lanes = tape.arrays.entries, made.lanes
        needed = np.ones(len(entries), dtype=np.bool_)
        if before is not None:
            needed[:] = False
            needed[list(tape.slots_above(tape.home if read is None else read, wanted))] = True
        fresh = np.full(len(entries), before is None)
        mark_back(steps, fresh, made.weighted, made.fresh, before is None)
        own = np.where(fresh & needed, entries, 0)
        at = _begins(own) * lanes
        numbers = np.empty(int(own.sum()) * lanes)
        for root in tape.roots:
            if fresh[root]:
                numbers[at[root] : at[root] + lanes] = 1.0
        old, old_at = (EMPTY, NOWHERE)
        if before is not None:
            old, old_at = before.adjoints.made.own, before.adjoints.made.at
        adjoints = Pass(numbers, at, fresh, old, old_at, lanes, EMPTY, made.weighted)
        back = self._back(needed, fresh, read, before is None)
        down(steps, made, adjoints, back, _room(tape, lanes))
        slots = Slots(adjoints, entries, None if before is None else before.adjoints)
        messages = _Part(slots, tape.factors)
        return WholeCalibrated(
            self, messages, (), {slot: slots[slot] for slot in wanted}, slots, back, before
        )

    def _back(self, needed: Flags, fresh: Flags, read: Iterable[int] | None, all_new: bool) -> Back:
        """Lay out the marginals that are made: of vertices that a change reaches."""
        tape, lanes = self.tape, self.slots.made.lanes
        at = np.full(len(tape.steps), NOTHING, dtype=np.int64)
        begins = 0
        for vertex in tape.home if read is None else read:
            home = tape.home[vertex]
            step = tape.steps[home]
            slot = step.inputs[step.read]
            if at[home] == NOTHING and (all_new or fresh[slot] or self.slots.made.fresh[slot]):
                at[home] = begins
                begins += tape.sizes[vertex] * lanes
        return Back(needed, np.empty(begins), at)


@dataclass(frozen=True, eq=False)
class WholeCalibrated(Calibrated):
    """A tape after both passes; before: the passes for what this is a variant of."""

    adjoints: Slots
    back: Back
    before: "WholeCalibrated | None"

    def marginal(self, vertex: int) -> Array:
        """Return the posterior of a vertex, shape (states, lanes or 1)."""
        tape = self.forward.tape
        begins = int(self.back.marginal_at[tape.home[vertex]])
        if begins == NOTHING:
            assert self.before is not None
            return self.before.marginal(vertex)
        states, lanes = tape.sizes[vertex], self.adjoints.made.lanes
        return self.back.marginals[begins : begins + states * lanes].reshape(states, lanes)

    @property
    def lost_to_signs(self) -> float:
        """How many roundings have moved P(case), see `Calibrated.lost_to_signs`."""
        tape, made = self.forward.tape, self.adjoints.made
        assert isinstance(self.forward.tables, Slots)
        numbers = self.forward.tables.made
        ends = np.array(tape.component, dtype=np.int64) + tape.factors
        whole = numbers.own[numbers.at[ends]]
        bare = numbers._replace(own=np.abs(numbers.own))
        return math.sqrt(lost(_steps(tape), bare, made, whole, _room(tape, 1)))


@dataclass(frozen=True, eq=False)
class _Part(Sequence[Array]):
    """The slots from one on."""

    slots: Slots
    first: int

    def __len__(self) -> int:
        return len(self.slots) - self.first

    @overload
    def __getitem__(self, at: int) -> Array: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Array]: ...
    def __getitem__(self, at: int | slice) -> Array | Sequence[Array]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        return self.slots[self.first + range(len(self))[at]]


def _up(
    tape: Tape, ring: Ring, made: Pass, extra: Extra, base: WholeForward | None
) -> WholeForward:
    """Fill in the messages of a pass."""
    up(_steps(tape), made, _room(tape, made.lanes))
    slots = Slots(made, tape.arrays.entries, None if base is None else base.slots)
    return WholeForward(tape, ring, slots, extra, slots, base)


def _steps(tape: Tape) -> Steps:
    arrays = tape.arrays
    return Steps(
        arrays.inputs, arrays.read, arrays.labels, arrays.sizes, arrays.strides, tape.factors
    )


def _room(tape: Tape, lanes: int) -> Room:
    digits = np.empty((3, tape.arrays.sizes.shape[1]), dtype=np.int64)
    most = int(tape.arrays.entries.max()) * lanes
    return Room(digits, np.empty(tape.largest * lanes), np.empty(most), np.empty(most), ONE)


def _begins(entries: Ints) -> Ints:
    """Return where each slot begins."""
    return np.asarray(np.cumsum(entries) - entries, dtype=np.int64)


def _no_weights(tape: Tape) -> Ints:
    return np.full(len(tape.steps), NOTHING, dtype=np.int64)


def _weights(tape: Tape, extra: Extra, lanes: int) -> tuple[Array, Ints]:
    """Lay out the further weights of vertices, and say where those of each step begin."""
    at, begins, parts = _no_weights(tape), 0, [EMPTY]
    for vertex, weights in extra.items():
        if vertex in tape.home:
            at[tape.home[vertex]] = begins
            parts.append(np.broadcast_to(weights, (len(weights), lanes)).reshape(-1))
            begins += len(weights) * lanes
    return np.concatenate(parts), at
