"""What is read from the core: the joint of the causes, when it is small enough to be a table.

Variants of the case that change the core's one-vertex weights alone go through two matrix
products of fixed shape, all together; others change the table first. Events about the causes are
sums of the table, so that nothing below the core is run again for them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesnet.inference.beliefs import Beliefs
from bayesnet.inference.matrix_products import product
from bayesnet.inference.passes import Forward
from bayesnet.inference.problem import Problem
from bayesnet.inference.rings import LINEAR, Operand, contract, multiplied
from bayesnet.inference.sums import Sums, indicators
from bayesnet.inference.tape import Scope, Step
from bayesnet.inference.tuning import CORE_LANES, SUPPOSED_AT_ONCE
from bayesnet.network import Array

Event = Mapping[int, Array]
Weights = Sequence[Array]
"""Of each core vertex the weights of its states."""


@dataclass(frozen=True, eq=False)
class Read:
    """What some variants come to.

    z: the probability of each, but for factors of no vertex, shape (variants,). marginals:
    {core vertex: not normalised, shape (variants, states)}.
    """

    z: Array
    marginals: Mapping[int, Array]


@dataclass(frozen=True, eq=False)
class Core:
    """The core of a problem that was run in plain numbers."""

    problem: Problem

    @cached_property
    def forward(self) -> Forward:
        """The pass up to the core."""
        return self.problem.forward

    @property
    def step(self) -> Step:
        """The step of the core."""
        return self.forward.tape.steps[-1]

    @cached_property
    def wide(self) -> dict[int, Array]:
        """The inputs over several vertices, by slot, in the shape of the step."""
        return {slot: table for (slot, scope), table in self._inputs() if len(scope) > 1}

    @cached_property
    def weights(self) -> list[list[int]]:
        """Of each core vertex the slots that are over it alone."""
        found: dict[int, list[int]] = {v: [] for v in self.step.scope}
        for slot in self.step.inputs:
            scope = self.forward.tape.scopes[slot]
            if len(scope) == 1:
                found[scope[0]].append(slot)
        return list(found.values())

    def _inputs(self) -> Sequence[tuple[tuple[int, Scope], Array]]:
        tape = self.forward.tape
        return [((slot, tape.scopes[slot]), self.forward.tables[slot]) for slot in self.step.inputs]

    @cached_property
    def table(self) -> Array:
        """The product of the inputs over several vertices, as (rows, columns)."""
        return self.multiplied(self.wide)

    def multiplied(self, tables: Mapping[int, Array]) -> Array:
        """Multiply tables over several vertices, by slot, to one of shape (rows, columns)."""
        runs, tape = self.step.runs, self.forward.tape
        every = tuple(range(len(runs.sizes)))
        operands: list[Operand] = []
        for slot, table in tables.items():
            labels = runs.labels(tape.scopes[slot])
            operands.append((table.reshape(*runs.shape(labels), 1), labels))
        if not operands:
            operands = [(np.ones([*runs.sizes, 1]), every)]
        values, labels = multiplied(LINEAR, operands, runs.sizes)
        if labels != every:
            shape = [runs.sizes[label] if label in labels else 1 for label in every]
            values = np.broadcast_to(values.reshape(*shape, 1), (*runs.sizes, 1))
        return np.ascontiguousarray(values).reshape(self._split())

    def _split(self) -> tuple[int, int]:
        sizes = [self.forward.tape.sizes[v] for v in self.step.scope]
        half = len(sizes) // 2
        return math.prod(sizes[:half]), math.prod(sizes[half:])

    @cached_property
    def base(self) -> list[Array]:
        """Of each core vertex the product of all that is over it alone."""
        tape, found = self.forward.tape, []
        for vertex, slots in zip(self.step.scope, self.weights, strict=True):
            product = np.ones(tape.sizes[vertex])
            for slot in slots:
                product = product * self.forward.tables[slot].reshape(-1)
            found.append(product)
        return found

    def read(self, table: Array, weights: Sequence[Weights]) -> Read:
        """Variants of the one-vertex weights beside one table, CORE_LANES at a time.

        One variant by itself goes alone. A full block always has as many rows, for a row's bits
        may depend on how many rows a matrix product has.
        """
        sizes = [self.forward.tape.sizes[v] for v in self.step.scope]
        half = len(sizes) // 2
        lanes = 1 if len(weights) == 1 else CORE_LANES
        z, marginals = [], []
        for start in range(0, len(weights), lanes):
            some = list(weights[start : start + lanes])
            count = len(some)
            some += [some[-1]] * (lanes - count)
            rows = _crossed([np.array([w[at] for w in some]) for at in range(half)], lanes)
            columns = _crossed(
                [np.array([w[at] for w in some]) for at in range(half, len(sizes))], lanes
            )
            right = product(rows, table) * columns
            left = product(columns, table.T) * rows
            z.append(right.sum(axis=1)[:count])
            both = (
                product(left, indicators(tuple(sizes[:half]))),
                product(right, indicators(tuple(sizes[half:]))),
            )
            marginals.append(np.concatenate(both, axis=1)[:count])
        joined = np.split(np.concatenate(marginals), np.cumsum(sizes)[:-1], axis=1)
        return Read(np.concatenate(z), dict(zip(self.step.scope, joined, strict=True)))

    def changed(self, tables: Mapping[int, Array]) -> Array:
        """Return the table, (rows, columns), with some inputs replaced, in their own shape."""
        wide = {slot: table for slot, table in tables.items() if slot in self.wide}
        if not wide:
            return self.table
        if any((self.wide[slot] == 0).any() for slot in wide):
            return self.multiplied({**self.wide, **wide})
        runs, tape = self.step.runs, self.forward.tape
        operands = []
        for slot, table in wide.items():
            labels = runs.labels(tape.scopes[slot])
            ratio = (table.reshape(-1) / self.wide[slot].reshape(-1)).reshape(
                *runs.shape(labels), 1
            )
            operands.append((ratio, labels))
        ratio, labels = multiplied(LINEAR, operands, runs.sizes)
        every = tuple(range(len(runs.sizes)))
        whole = (self.table.reshape(*runs.sizes, 1), every)
        return contract(LINEAR, [(ratio, labels), whole], every).reshape(self._split())

    def supposing(self, beliefs: Beliefs, events: Sequence[Event]) -> dict[int, Array]:
        """{slot of a factor: P(its scope, event | case)}, shape (states..., 1 + events).

        Nothing is supposed in the first lane. From the core down, each step's belief goes with
        what the events are given the vertices that it shares with the step above.
        """
        forward, tape = self.forward, self.forward.tape
        of_core = _Events(self, events)
        chances = of_core.of(())
        found = {slot: of_core.of(tape.scopes[slot]) for slot in self.step.inputs}
        for at in range(len(tape.steps) - 2, -1, -1):
            step, slot = tape.steps[at], tape.factors + at
            above = found.pop(slot, None)
            if above is None:
                # A part of the network that the core is not in.
                above = beliefs.marginal(at, step.scope[1:]) * chances
            lanes = _Below(beliefs, at, above, events)
            found.update((each, lanes.of(tape.scopes[each])) for each in step.inputs)
        assert not any(slot >= forward.tape.factors for slot in found)
        return found

    def chances(self, events: Sequence[Event]) -> Array:
        """P(event | case) of each event."""
        return _Events(self, events).of(())[1:]


@dataclass(frozen=True, eq=False)
class _Events:
    """Sums of the core's posterior with events about its vertices."""

    core: Core
    events: Sequence[Event]

    def of(self, scope: Scope) -> Array:
        """P(scope, event | case), shape (states..., 1 + events); nothing is supposed first."""
        sums = self.core.forward.core
        shape = [sums.sizes[v] for v in scope]
        found = np.empty((math.prod(shape), len(self.events) + 1))
        found[:, 0] = sums.to(scope).reshape(-1)
        singles = [lane for lane, each in enumerate(self.events) if len(each) == 1]
        own = np.empty((len(found), len(singles)))
        sums.holding(scope, [next(iter(self.events[at].items())) for at in singles], own)
        found[:, [lane + 1 for lane in singles]] = own
        for lane, event in enumerate(self.events):
            if len(event) != 1:
                found[:, lane + 1] = self._several(event, scope).reshape(-1)
        return found.reshape(*shape, -1)

    def _several(self, event: Event, scope: Scope) -> Array:
        """For an event about several vertices: the part of the table where it holds, summed."""
        sums = self.core.forward.core
        masked = {v: states for v, states in event.items() if states.sum() != 1.0}
        taken = {v: int(states.argmax()) for v, states in event.items() if v not in masked}
        part = sums.table[..., 0][tuple(taken.get(v, slice(None)) for v in sums.scope)]
        left = [v for v in sums.scope if v not in taken]
        for vertex, states in masked.items():
            part = part * states.reshape([-1 if v == vertex else 1 for v in left])
        gone = tuple(at for at, v in enumerate(left) if v not in scope)
        values = part.sum(axis=gone) if gone else part
        found = np.zeros([sums.sizes[v] for v in scope])
        found[tuple(taken.get(v, slice(None)) for v in scope)] = values
        return found


@dataclass(frozen=True, eq=False)
class _Below:
    """Sums of the belief of a step below the core with events about vertices of the core.

    above: P(what its message is over, event | case). Events about one vertex that the step has
    itself are told from its belief, so only the others go along as lanes where that is large.
    """

    beliefs: Beliefs
    at: int
    above: Array
    events: Sequence[Event]

    @cached_property
    def own(self) -> dict[int, int]:
        """{lane: the one vertex, of this step, that its event is about}; only where it pays."""
        scope = self.beliefs.calibrated.forward.tape.steps[self.at].scope
        belief = self.beliefs.belief(self.at)
        if belief.table.size * len(self.events) <= SUPPOSED_AT_ONCE:
            return {}
        single = {lane: next(iter(e)) for lane, e in enumerate(self.events, 1) if len(e) == 1}
        return {0: -1, **{lane: v for lane, v in single.items() if v in scope}}

    @cached_property
    def others(self) -> list[int]:
        """The lanes that go along."""
        return [lane for lane in range(len(self.events) + 1) if lane not in self.own]

    @cached_property
    def along(self) -> Sums:
        """The belief with each of those lanes."""
        belief = self.beliefs.belief(self.at)
        out = self.beliefs.marginal(self.at, belief.scope[1:])
        above = self.above[..., self.others]
        ratio = np.divide(above, out, out=np.zeros(above.shape), where=out > 0)
        table = belief.table * ratio[None]
        return Sums(table, belief.scope, belief.sizes, belief.popularity)

    def of(self, scope: Scope) -> Array:
        """P(scope, event | case), shape (states..., 1 + events)."""
        along = self.along.to(scope)
        if not self.own:
            return along
        belief = self.beliefs.belief(self.at)
        shape = [belief.sizes[v] for v in scope]
        found = np.empty((math.prod(shape), len(self.events) + 1))
        found[:, self.others] = along.reshape(len(found), -1)
        found[:, 0] = belief.to(scope).reshape(-1)
        lanes = [lane for lane in self.own if lane]
        own = np.empty((len(found), len(lanes)))
        belief.holding(scope, [next(iter(self.events[at - 1].items())) for at in lanes], own)
        found[:, lanes] = own
        return found.reshape(*shape, -1)


def _crossed(factors: Sequence[Array], lanes: int) -> Array:
    """Products of weights over all joint states, from (lanes, states) of each vertex."""
    found = np.ones((lanes, 1))
    for each in factors:
        found = (found[:, :, None] * each[:, None, :]).reshape(lanes, -1)
    return found
