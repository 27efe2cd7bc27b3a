"""The tape: which tables are multiplied at each step, and which vertex is then summed out.

A table is in a slot: those of the factors first (factors over the same vertices share one), then
the message of each step. Axes stand in the order of elimination, so the vertex that a step sums
out is the first axis of all its inputs, and a sum adds up whole blocks.
"""

import math
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.rings import Labels

Scope = tuple[int, ...]
PRODUCT = -1


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One contraction: the product of one or two inputs, summed over `vertex`.

    vertex: -1 where nothing is summed out yet. inputs: slots, the smallest table first. scope: the
    vertices of the product, the next to be summed out first. Neighbouring axes that are in the same
    inputs are merged to one label, that vertex alone being label 0; sizes: of each label. labels,
    shapes: of each input. out: labels of the message, made: its shape. read: the place of the input
    whose adjoint tells the vertex's marginal: a message where there is one, for that one is made
    anyway.
    """

    vertex: int
    inputs: tuple[int, ...]
    read: int
    scope: Scope
    sizes: tuple[int, ...]
    labels: tuple[Labels, ...]
    shapes: tuple[tuple[int, ...], ...]
    out: Labels
    made: tuple[int, ...]


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

    @cached_property
    def entries(self) -> int:
        """Entries of the products of all steps."""
        return sum(math.prod(step.sizes) for step in self.steps if step.vertex != PRODUCT)

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

    @cached_property
    def largest(self) -> int:
        """Entries of the product of the largest step."""
        return max((math.prod(step.sizes) for step in self.steps), default=1)

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
    most = max((len(step.sizes) for step in steps), default=1)
    inputs = np.full((len(steps), 2), -1, dtype=np.int64)
    sizes = np.ones((len(steps), most), dtype=np.int64)
    strides = np.full((len(steps), 3, most), -1, dtype=np.int64)
    for at, step in enumerate(steps):
        inputs[at, : len(step.inputs)] = step.inputs
        sizes[at, : len(step.sizes)] = step.sizes
        scopes = [*enumerate(step.labels), (2, step.out)]
        for place, scope in scopes:
            stride = 1
            for label in reversed(scope):
                strides[at, place, label] = stride
                stride *= step.sizes[label]
    entries = [math.prod(tape.sizes[v] for v in scope) for scope in tape.scopes]
    labels = [len(step.sizes) for step in steps]
    read = [step.read for step in steps]
    return TapeArrays(inputs, _ints(read), _ints(labels), sizes, strides, _ints(entries))


def _ints(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)
