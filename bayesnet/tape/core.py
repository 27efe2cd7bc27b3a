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

from bayesnet.network import Array
from bayesnet.tape.passes import Calibrated, Forward, reverse
from bayesnet.tape.problem import Problem
from bayesnet.tape.rings import LINEAR, Operand, contract, multiplied
from bayesnet.tape.tape import Scope, Step
from bayesnet.tape.tuning import CORE_LANES

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
        """The product of tables over several vertices, by slot, as (rows, columns)."""
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
        """Variants of the one-vertex weights beside one table, CORE_LANES at a time."""
        scope = self.step.scope
        sizes = [self.forward.tape.sizes[v] for v in scope]
        half = len(sizes) // 2
        z, marginals = [], []
        for start in range(0, len(weights), CORE_LANES):
            some = list(weights[start : start + CORE_LANES])
            count = len(some)
            # A full block always: a row's bits depend on how many rows a product has.
            some += [some[-1]] * (CORE_LANES - count)
            rows = _crossed([np.array([w[at] for w in some]) for at in range(half)])
            columns = _crossed([np.array([w[at] for w in some]) for at in range(half, len(sizes))])
            right = (rows @ table) * columns
            left = (columns @ table.T) * rows
            z.append(right.sum(axis=1)[:count])
            own = [*_marginals(left, sizes[:half]), *_marginals(right, sizes[half:])]
            marginals.append([each[:count] for each in own])
        joined = [np.concatenate(each) for each in zip(*marginals, strict=True)]
        return Read(np.concatenate(z), dict(zip(scope, joined, strict=True)))

    def changed(self, tables: Mapping[int, Array]) -> Array:
        """The table with some of its inputs replaced, in their own shape."""
        wide = {slot: table for slot, table in tables.items() if slot in self.wide}
        if not wide:
            return self.table
        if any((self.wide[slot] == 0).any() for slot in wide):
            return self.multiplied({**self.wide, **wide})
        runs, tape = self.step.runs, self.forward.tape
        operands = []
        for slot, table in wide.items():
            labels = runs.labels(tape.scopes[slot])
            ratio = (table.reshape(-1) / self.wide[slot].reshape(-1)).reshape(*runs.shape(labels), 1)
            operands.append((ratio, labels))
        ratio, labels = multiplied(LINEAR, operands, runs.sizes)
        every = tuple(range(len(runs.sizes)))
        whole = (self.table.reshape(*runs.sizes, 1), every)
        return contract(LINEAR, [(ratio, labels), whole], every).reshape(self._split())

    def supposing(self, events: Sequence[Event], wanted: frozenset[int]) -> Calibrated:
        """The pass in reverse with a lane for the case itself and one for each event.

        A lane's adjoints are of P(event, case), over P(case).
        """
        return reverse(self.forward, wanted, _Events(self, events).of)

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
        own = sums.to(scope).reshape(shape)
        single = {next(iter(each)) for each in self.events if len(each) == 1}
        pairs = sums.with_each(scope, sorted(single - set(scope)))
        lanes = [own]
        for event in self.events:
            if len(event) > 1:
                lanes.append(self._several(event, scope))
                continue
            ((vertex, states),) = event.items()
            if vertex in scope:
                at = [-1 if v == vertex else 1 for v in scope]
                lanes.append(own * states.reshape(at))
            else:
                lanes.append((pairs[vertex] * states).sum(axis=-1).reshape(shape))
        return np.stack(lanes, axis=-1)

    def _several(self, event: Event, scope: Scope) -> Array:
        """For an event about several vertices: the part of the table where it holds, summed."""
        sums = self.core.forward.core
        allowed = [
            np.flatnonzero(event[v]) if v in event else np.arange(sums.sizes[v])
            for v in sums.scope
        ]
        part = sums.table[..., 0][np.ix_(*allowed)]
        gone = tuple(at for at, v in enumerate(sums.scope) if v not in scope)
        found = np.zeros([sums.sizes[v] for v in scope])
        kept = [allowed[at] for at, v in enumerate(sums.scope) if v in scope]
        values = part.sum(axis=gone)
        if not scope:
            return np.asarray(values)
        found[np.ix_(*kept)] = values
        return found


def _crossed(factors: Sequence[Array]) -> Array:
    """Products of weights over all joint states, from (lanes, states) of each vertex."""
    found = np.ones((CORE_LANES, 1))
    for each in factors:
        found = (found[:, :, None] * each[:, None, :]).reshape(CORE_LANES, -1)
    return found


def _marginals(values: Array, sizes: Sequence[int]) -> list[Array]:
    """From (lanes, joint states) to (lanes, states) of each vertex."""
    shaped = values.reshape(-1, *sizes)
    return [
        shaped.sum(axis=tuple(a for a in range(1, shaped.ndim) if a != at + 1))
        for at in range(len(sizes))
    ]
