"""A case with each of some events supposed: all that one pass each way tells of its tables."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesnet.analysis.variants import Variant
from bayesnet.inference.passes import Calibrated, Forward, normalised, reverse
from bayesnet.inference.problem import Problem, blocks
from bayesnet.network import Array

Event = Mapping[int, Array]
"""{variable: 1 or 0 for each of its states}: all of the variables in states that have a 1."""


@dataclass(frozen=True, eq=False)
class Told:
    """What the pass tells of some lanes, the lanes first.

    log_z: see `Forward`. posteriors: {slot of a factor: shares of its entries, in the order of its
    scope}. shares: P(variant, event) over P(case), shape (lanes, variants).
    """

    log_z: Array
    posteriors: Mapping[int, Array]
    shares: Array


@dataclass(frozen=True, eq=False)
class Supposed:
    """The case, and with each of some events supposed, in lanes of its tape; it must be possible.

    events: about free variables that the problem was made for. variants: that change one table.
    """

    problem: Problem
    events: tuple[Event, ...]
    variants: tuple[Variant, ...] = ()

    @cached_property
    def chances(self) -> Array:
        """P(event | case), shape (events,)."""
        return _chances(self._told.log_z[1:] - self._told.log_z[0])

    @property
    def posteriors(self) -> Mapping[int, Array]:
        """{slot of a factor: posterior of its entries, (1 + events, *shape)}, the case first."""
        return self._told.posteriors

    def joints(self, targets: Sequence[int]) -> dict[Variant, Array]:
        """P(variant) and P(target, variant) over P(case), shape (1 + targets' states,).

        All states of the targets but the first ones have to be among the events.
        """
        shares = self._told.shares
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
        return dict(zip(self.variants, np.concatenate(rows).T, strict=True))

    @cached_property
    def _told(self) -> Told:
        """The pass in blocks of as many lanes as memory allows."""
        every: tuple[Event, ...] = ({}, *self.events)
        # Side by side go those that change the tape from about the same step on.
        home = self.problem.tape.home
        order = sorted(
            range(len(every)), key=lambda at: min((home[v] for v in every[at]), default=-1)
        )
        width = self.problem.width(len(every))
        parts = [
            self._told_of([every[at] for at in order[some]]) for some in blocks(len(every), width)
        ]
        back = np.argsort(order)
        return Told(
            np.concatenate([each.log_z for each in parts])[back],
            {
                slot: np.concatenate([each.posteriors[slot] for each in parts])[back]
                for slot in parts[0].posteriors
            },
            np.concatenate([each.shares for each in parts])[back],
        )

    def _told_of(self, events: Sequence[Event]) -> Told:
        problem, lanes = self.problem, len(events)
        found = problem.variants(_weights(problem, events))
        wanted = frozenset(range(found.tape.factors))
        calibrated = reverse(found, wanted, (), problem.calibrated)
        shares = np.zeros((lanes, len(self.variants)))
        of_parts = _parts_beside(found)
        for at, variant in enumerate(self.variants):
            logs = _log_of(calibrated, of_parts, variant) - problem.forward.log_z
            # Where signs cancel to nothing, what is left may be just below it.
            shares[:, at] = variant.scale * np.exp(np.nan_to_num(logs, nan=-np.inf))
        log_z = np.broadcast_to(found.log_z, lanes)
        return Told(log_z, dict(_posteriors(calibrated, lanes)), shares)


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


def _log_of(calibrated: Calibrated, beside: Mapping[int, Array], variant: Variant) -> Array:
    """Log of what is left of a variant, but for its scale, shape (lanes or 1,)."""
    found = calibrated.forward
    tape, ring = found.tape, found.ring
    if not variant.tables:
        return found.log_z
    ((slot, table),) = variant.tables.items()
    own, adjoint = ring.of(table).reshape(-1, 1), calibrated.slots[slot]
    root = tape.factors + tape.component[tape.consumer[slot]]
    whole = ring.times((adjoint.reshape(len(own), -1), (0,)), (own, (0,)), ())
    return found.log(whole) + beside[root]


def _posteriors(calibrated: Calibrated, lanes: int) -> Iterator[tuple[int, Array]]:
    """Yield the slots of factors, each with the posterior of its entries, (lanes, *shape)."""
    forward = calibrated.forward
    tape = forward.tape
    for slot, adjoint in calibrated.slots.items():
        shape = [tape.sizes[v] for v in tape.scopes[slot]]
        table = forward.tables[slot].reshape(math.prod(shape), -1)
        own = adjoint.reshape(math.prod(shape), -1)
        both = own * table if forward.ring.plain else own + table
        shares = normalised(forward.ring, both).reshape(*shape, -1)
        turned = shares.transpose(len(shape), *np.argsort(tape.orders[slot]))
        yield slot, np.broadcast_to(turned, (lanes, *turned.shape[1:]))
