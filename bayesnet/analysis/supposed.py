"""A case with each of some events supposed: all that one pass each way tells of its tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.variants import Variant
from bayesnet.inference.passes import Forward
from bayesnet.inference.problem import Problem, blocks
from bayesnet.inference.rings import Ring
from bayesnet.inference.tape import Tape
from bayesnet.network import Array

Event = Mapping[int, Array]
"""{variable: 1 or 0 for each of its states}: all of the variables in states that have a 1."""


@dataclass(frozen=True, eq=False)
class Told:
    """What the pass tells of some lanes.

    log_z: see `Forward`, shape (lanes,). adjoints: of the slots of factors, in order, as `ring`
    holds them. wholes: {root: what is left in it}, likewise. beside: {root: log of all that is left
    in the other roots}.
    """

    log_z: Array
    tape: Tape
    ring: Ring
    adjoints: Sequence[Array]
    wholes: Mapping[int, Array]
    beside: Mapping[int, Array]


@dataclass(frozen=True, eq=False)
class Supposed:
    """The case, and with each of some events supposed, in lanes of its tape; it must be possible.

    events: about free variables that the problem was made for.
    """

    problem: Problem
    events: tuple[Event, ...]

    @cached_property
    def chances(self) -> Array:
        """P(event | case), shape (events,)."""
        log_z = np.concatenate([each.log_z for each in self._told])[self._back]
        return _chances(log_z[1:] - log_z[0])

    @property
    def by_entry(self) -> Array:
        """Derivative of log P(case), and with each event, by each entry of the slots of factors.

        Slot after slot, shape (entries, 1 + events); zeros where an event is impossible.
        """
        return np.concatenate([_by_entry(each) for each in self._told], axis=1)[:, self._back]

    def joints(self, variants: Sequence[Variant], targets: Sequence[int]) -> dict[Variant, Array]:
        """P(variant) and P(target, variant) over P(case), shape (1 + targets' states,).

        variants: that change one table. All states of the targets but the first ones have to be
        among the events.
        """
        before = self.problem.forward.log_z
        parts = [_shares(each, variants, before) for each in self._told]
        shares = np.concatenate(parts)[self._back]
        lane_of = {
            (variable, int(states.argmax())): lane
            for lane, event in enumerate(self.events, start=1)
            for variable, states in event.items()
            if len(event) == 1 and states.sum() == 1.0
        }
        rows = [shares[:1]]
        for target in targets:
            states = range(1, self.problem.structure.sizes[target])
            others = shares[[lane_of[target, state] for state in states]]
            rows += [shares[:1] - others.sum(axis=0), others]
        return dict(zip(variants, np.concatenate(rows).T, strict=True))

    @cached_property
    def _order(self) -> Sequence[int]:
        """The lanes, those side by side that change the tape from about the same step on."""
        every: tuple[Event, ...] = ({}, *self.events)
        home = self.problem.tape.home
        return sorted(
            range(len(every)), key=lambda at: min((home[v] for v in every[at]), default=-1)
        )

    @cached_property
    def _back(self) -> NDArray[np.intp]:
        """Where the case and each event are among the lanes."""
        return np.argsort(self._order)

    @cached_property
    def _told(self) -> Sequence[Told]:
        """The pass in blocks of as many lanes as memory allows."""
        every: tuple[Event, ...] = ({}, *self.events)
        width = self.problem.width(len(every))
        return [
            _told_of(self.problem, [every[at] for at in self._order[some]])
            for some in blocks(len(every), width)
        ]


def _told_of(problem: Problem, events: Sequence[Event]) -> Told:
    """Run both passes with some events supposed; of them what factors are told is kept."""
    found = problem.variants(_weights(problem, events))
    factors = range(found.tape.factors)
    slots = found.reversed(frozenset(factors), (), problem.calibrated).slots
    log_z = np.broadcast_to(found.log_z, len(events))
    wholes = {root: found.tables[root].reshape(-1) for root in found.tape.roots}
    adjoints = [slots[slot].reshape(-1, slots[slot].shape[-1]) for slot in factors]
    return Told(log_z, found.tape, found.ring, adjoints, wholes, _parts_beside(found))


def _by_entry(told: Told) -> Array:
    """Return the derivative of log P of each lane by the entries of factors, (entries, lanes)."""
    lanes, tape = len(told.log_z), told.tape
    found = [
        each if each.shape[1] == lanes else np.broadcast_to(each, (len(each), lanes))
        for each in told.adjoints
    ]
    if not found:
        return np.zeros((0, lanes))
    roots = [tape.factors + tape.component[tape.consumer[at]] for at in range(tape.factors)]
    names = list(told.wholes)
    wholes = np.array([np.broadcast_to(told.wholes[root], lanes) for root in names])
    own = np.repeat([names.index(root) for root in roots], [len(each) for each in found])
    return told.ring.share(np.concatenate(found), wholes[own])


def _shares(told: Told, variants: Sequence[Variant], before: Array) -> Array:
    """P(variant, event) over P(case), (lanes, variants); before: log of what is left now."""
    shares = np.zeros((len(told.log_z), len(variants)))
    for at, variant in enumerate(variants):
        logs = _log_of(told, variant) - before
        # Where signs cancel to nothing, what is left may be just below it.
        shares[:, at] = variant.scale * np.exp(np.nan_to_num(logs, nan=-np.inf))
    return shares


def chances_of(problem: Problem, events: Sequence[Event]) -> Array:
    """P(event | case) of events about free variables of a possible problem, and nothing else."""
    width = problem.width(len(events))
    parts = [
        np.broadcast_to(problem.variants(_weights(problem, events[some])).log_z, len(events[some]))
        for some in blocks(len(events), width)
    ]
    return _chances(np.concatenate([np.zeros(0), *parts]) - problem.forward.log_z)


def _chances(logs: Array) -> Array:
    # Where signs cancel to nothing, what is left may be just below it.
    return np.asarray(np.exp(np.minimum(np.nan_to_num(logs, nan=-np.inf), 0.0)), dtype=np.float64)


def _weights(problem: Problem, events: Sequence[Event]) -> dict[int, Array]:
    """{variable: weight of each state in the lane of each event, shape (states, events)}."""
    sizes = problem.structure.sizes
    found = {v: np.ones((sizes[v], len(events))) for each in events for v in each}
    for lane, event in enumerate(events):
        for variable, states in event.items():
            found[variable][:, lane] *= states
    return found


def _parts_beside(found: Forward) -> dict[int, Array]:
    """{root: log of all that is left in the other roots}, shape (lanes or 1,) each."""
    logs = {root: found.log_of(root) for root in found.tape.roots}
    before, behind = [np.zeros(1)], [np.zeros(1)]
    for root in found.tape.roots:
        before.append(before[-1] + logs[root])
    for root in reversed(found.tape.roots):
        behind.append(behind[-1] + logs[root])
    return {
        root: before[at] + behind[len(logs) - 1 - at] for at, root in enumerate(found.tape.roots)
    }


def _log_of(told: Told, variant: Variant) -> Array:
    """Log of what is left of a variant, but for its scale, shape (lanes or 1,)."""
    tape, ring = told.tape, told.ring
    if not variant.tables:
        return told.log_z
    ((slot, table),) = variant.tables.items()
    own = ring.of(table).reshape(-1, 1)
    root = tape.factors + tape.component[tape.consumer[slot]]
    whole = ring.times((told.adjoints[slot], (0,)), (own, (0,)), ())
    return ring.log(whole) + told.beside[root]
