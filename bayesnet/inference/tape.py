"""The tape: which tables are multiplied at each step, and which vertex is then summed out.

A step multiplies two tables. Before a vertex is summed out, those of its tables that stay small
are multiplied first, so that what is large is touched once forward and twice in reverse.

A table is in a slot: those of the factors first (factors over the same vertices share one), then
the message of each step. Axes stand in the order of elimination, so the vertex that a step sums
out is the first axis of all its inputs, and a sum adds up whole blocks.
"""

import math
from bisect import insort
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.elimination_order import NONE, Elimination, best_elimination
from bayesnet.inference.rings import Labels, Merged, merged
from bayesnet.inference.tuning import MOST_LOOKS, MOST_PAIRED

Scope = tuple[int, ...]
PRODUCT = -1


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One contraction: the product of one or two inputs, summed over `vertex`.

    vertex: -1 where nothing is summed out yet. inputs: slots, the smallest table first. scope: the
    vertices of the product, the next to be summed out first. runs: how neighbouring axes are
    merged, that vertex alone being label 0. labels, shapes: of each input. out: labels of the
    message. read: the place of the input whose adjoint tells the vertex's marginal, a message where
    there is one, whose adjoint is made anyway.
    """

    vertex: int
    inputs: tuple[int, ...]
    read: int
    scope: Scope
    runs: Merged
    labels: tuple[Labels, ...]
    shapes: tuple[tuple[int, ...], ...]
    out: Labels


@dataclass(frozen=True, eq=False)
class Tape:
    """A compiled order of elimination.

    sizes: of each vertex. scopes: of each slot, in the order of elimination. orders: how the axes
    of each factor's own scope have to be turned for that. roots: slots with nothing left to sum.
    home: the step that sums each vertex out. consumer: the step that takes each slot, -1 for a
    root. component: the last step that each step's message goes into. position: of each vertex
    in the order of elimination.
    """

    sizes: tuple[int, ...]
    scopes: tuple[Scope, ...]
    orders: tuple[tuple[int, ...], ...]
    steps: tuple[Step, ...]
    roots: tuple[int, ...]
    home: dict[int, int]
    consumer: tuple[int, ...]
    component: tuple[int, ...]
    position: dict[int, int]

    @cached_property
    def arrays(self) -> "TapeArrays":
        """The steps as arrays."""
        return _arrays(self)

    @property
    def factors(self) -> int:
        """How many slots hold factors."""
        return len(self.orders)

    @property
    def entries(self) -> int:
        """Entries of the products of all steps."""
        return sum(math.prod(step.runs.sizes) for step in self.steps if step.vertex != PRODUCT)

    def slots_above(self, vertices: Iterable[int], slots: AbstractSet[int]) -> set[int]:
        """Return some slots, and the messages at or above them and where some vertices go."""
        found = {*slots, *(self.factors + self.home[v] for v in vertices)}
        for at, step in enumerate(self.steps):
            if not found.isdisjoint(step.inputs):
                found.add(self.factors + at)
        return found

    def above(self, at: int) -> int:
        """Return the step that sums a vertex out of what a step hands on; -1 at the end."""
        above = self.consumer[self.factors + at]
        while above >= 0 and self.steps[above].vertex == PRODUCT:
            above = self.consumer[self.factors + above]
        return above

    @property
    def largest(self) -> int:
        """Entries of the product of the largest step."""
        return max((math.prod(step.runs.sizes) for step in self.steps), default=1)

    def sorted_scope(self, vertices: AbstractSet[int] | Sequence[int]) -> Scope:
        """Vertices in the order of elimination."""
        return tuple(sorted(vertices, key=self.position.__getitem__))


@dataclass(frozen=True, eq=False)
class TapeArrays:
    """The steps of a tape as arrays, for what runs all of them in one call.

    inputs: slots of each step, shape (steps, 2), -1 for no second one. labels: how many each step
    has. sizes: of its labels, (steps, labels), 1 beyond. strides: of both inputs and of the message
    along each label, in entries, (steps, 3, labels), -1 where it has no such label. entries: of
    each slot. read: see `Step`.
    """

    inputs: NDArray[np.int64]
    read: NDArray[np.int64]
    labels: NDArray[np.int64]
    sizes: NDArray[np.int64]
    strides: NDArray[np.int64]
    entries: NDArray[np.int64]


def _arrays(tape: Tape) -> TapeArrays:
    steps = tape.steps
    most = max((len(step.runs.sizes) for step in steps), default=1)
    inputs = np.full((len(steps), 2), -1, dtype=np.int64)
    sizes = np.ones((len(steps), most), dtype=np.int64)
    strides = np.full((len(steps), 3, most), -1, dtype=np.int64)
    for at, step in enumerate(steps):
        inputs[at, : len(step.inputs)] = step.inputs
        sizes[at, : len(step.runs.sizes)] = step.runs.sizes
        scopes = [*enumerate(step.labels), (2, step.out)]
        for place, scope in scopes:
            stride = 1
            for label in reversed(scope):
                strides[at, place, label] = stride
                stride *= step.runs.sizes[label]
    entries = [math.prod(tape.sizes[v] for v in scope) for scope in tape.scopes]
    labels = [len(step.runs.sizes) for step in steps]
    read = [step.read for step in steps]
    return TapeArrays(inputs, _ints(read), _ints(labels), sizes, strides, _ints(entries))


def _ints(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


def eliminated(
    sizes: Sequence[int],
    scopes: Sequence[Scope],
    ghosts: Sequence[Scope] = (),
    last: AbstractSet[int] = NONE,
    looks: int = MOST_LOOKS,
) -> tuple[tuple[int, ...], int]:
    """(order of the vertices that are in some scope, entries that it makes).

    ghosts: sets of vertices that should be together in some product, with no table of their own.
    """
    used = sorted({v for scope in (*scopes, *ghosts) for v in scope} | last)
    inside = {vertex: at for at, vertex in enumerate(used)}
    found: Elimination = best_elimination(
        [sizes[v] for v in used],
        [tuple(inside[v] for v in scope) for scope in (*scopes, *ghosts)],
        frozenset(inside[v] for v in last),
        looks,
    )
    return tuple(used[at] for at in found.order), found.cost


def tape_of(
    sizes: Sequence[int],
    scopes: Sequence[Scope],
    order: Sequence[int],
) -> Tape:
    """Lay out the tape for factors over some scopes."""
    position = {vertex: at for at, vertex in enumerate(order)}
    making = _Making(sizes, position, len(scopes))
    orders = []
    for scope in scopes:
        place_of = {v: at for at, v in enumerate(scope)}
        turned = sorted(scope, key=position.__getitem__)
        orders.append(tuple(place_of[v] for v in turned))
        making.place(tuple(turned))
    for vertex in order:
        making.step(vertex)
    home = {step.vertex: at for at, step in enumerate(making.steps) if step.vertex != PRODUCT}
    return Tape(
        tuple(sizes),
        tuple(making.scopes),
        tuple(orders),
        tuple(making.steps),
        tuple(making.roots),
        home,
        tuple(making.consumer),
        tuple(_components(making.consumer, len(orders))),
        position,
    )


def _components(consumer: Sequence[int], factors: int) -> list[int]:
    """Of each step the one at the end of its way."""
    found = list(range(len(consumer) - factors))
    for at in range(len(found) - 1, -1, -1):
        above = consumer[factors + at]
        if above >= 0:
            found[at] = found[above]
    return found


class _Making:
    """Lays out steps; each slot waits at the vertex of its scope that goes first."""

    def __init__(self, sizes: Sequence[int], position: dict[int, int], factors: int) -> None:
        self.sizes, self.position, self.factors = sizes, position, factors
        self.scopes: list[Scope] = []
        self.consumer: list[int] = []
        self.roots: list[int] = []
        self.steps: list[Step] = []
        self.waiting: dict[int, list[int]] = {}

    def place(self, scope: Scope) -> None:
        """Add a slot for a table of this scope, which waits for its first vertex."""
        slot = self._slot(scope)
        if not scope:
            self.roots.append(slot)
        else:
            self.waiting.setdefault(scope[0], []).append(slot)

    def step(self, vertex: int) -> None:
        """Add the steps that sum a vertex out; nothing where no table has it."""
        inputs = self.waiting.pop(vertex, None)
        if inputs is None:
            return
        inputs.sort(key=self._size)
        while len(inputs) > 2:
            first = inputs.pop(0)
            near = range(min(len(inputs), MOST_PAIRED))
            _, place = min((self._entries(self._union([first, inputs[at]])), at) for at in near)
            pair = [first, inputs.pop(place)]
            scope = self._add(PRODUCT, vertex, pair)
            insort(inputs, self._slot(scope), key=self._size)
        self.place(self._add(vertex, vertex, inputs))

    def _slot(self, scope: Scope) -> int:
        self.scopes.append(scope)
        self.consumer.append(-1)
        return len(self.scopes) - 1

    def _add(self, summed: int, first: int, inputs: list[int]) -> Scope:
        """Add a step; returns the scope of its message."""
        for slot in inputs:
            self.consumer[slot] = len(self.steps)
        scopes = [self.scopes[slot] for slot in inputs]
        scope = self._union(inputs)
        out = scope if summed == PRODUCT else scope[1:]
        runs = merged(scope, [*scopes, out, (first,)], self.sizes)
        labels = tuple(runs.labels(each) for each in scopes)
        shapes = tuple(map(runs.shape, labels))
        read = next((at for at, slot in enumerate(inputs) if slot >= self.factors), 0)
        self.steps.append(
            Step(summed, tuple(inputs), read, scope, runs, labels, shapes, runs.labels(out))
        )
        return out

    def _union(self, slots: Sequence[int]) -> Scope:
        """All vertices of some slots, in the order of elimination."""
        every = {v for slot in slots for v in self.scopes[slot]}
        return tuple(sorted(every, key=self.position.__getitem__))

    def _size(self, slot: int) -> tuple[int, int]:
        return self._entries(self.scopes[slot]), slot

    def _entries(self, scope: Scope) -> int:
        return math.prod(self.sizes[v] for v in scope)
