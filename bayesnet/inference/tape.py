"""The tape: which tables are multiplied at each step, and which vertex is then summed out.

A table is in a slot: those of the factors first (factors over the same vertices share one), then
the message of each step. Axes stand in the order of elimination, so the vertex that a step sums
out is the first axis of all its inputs, and a sum adds up whole blocks.
"""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bayesnet.inference.elimination_order import NONE, Elimination, best_elimination
from bayesnet.inference.rings import Labels, Merged, merged
from bayesnet.inference.tuning import MOST_LOOKS

Scope = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One contraction: the product of its inputs, summed over `vertex`.

    inputs: slots, the smallest tables first. scope: the vertices of the product, `vertex` first.
    runs: how neighbouring axes are merged, `vertex` alone being label 0. labels, shapes: of each
    input. out: labels of the message.
    """

    vertex: int
    inputs: tuple[int, ...]
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

    @property
    def factors(self) -> int:
        """How many slots hold factors."""
        return len(self.orders)

    @property
    def entries(self) -> int:
        """Entries of the products of all steps."""
        return sum(math.prod(step.runs.sizes) for step in self.steps)

    @property
    def largest(self) -> int:
        """Entries of the product of the largest step."""
        return max((math.prod(step.runs.sizes) for step in self.steps), default=1)

    def sorted_scope(self, vertices: AbstractSet[int] | Sequence[int]) -> Scope:
        """Vertices in the order of elimination."""
        return tuple(sorted(vertices, key=self.position.__getitem__))


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
    making = _Making(sizes, position)
    orders = []
    for scope in scopes:
        place_of = {v: at for at, v in enumerate(scope)}
        turned = sorted(scope, key=position.__getitem__)
        orders.append(tuple(place_of[v] for v in turned))
        making.place(tuple(turned))
    for vertex in order:
        making.step(vertex)
    home = {step.vertex: at for at, step in enumerate(making.steps)}
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

    def __init__(self, sizes: Sequence[int], position: dict[int, int]) -> None:
        self.sizes, self.position = sizes, position
        self.scopes: list[Scope] = []
        self.consumer: list[int] = []
        self.roots: list[int] = []
        self.steps: list[Step] = []
        self.waiting: dict[int, list[int]] = {}

    def place(self, scope: Scope) -> None:
        """Add a slot for a table of this scope."""
        slot = len(self.scopes)
        self.scopes.append(scope)
        self.consumer.append(-1)
        if not scope:
            self.roots.append(slot)
        else:
            self.waiting.setdefault(scope[0], []).append(slot)

    def step(self, vertex: int) -> None:
        """Add the step that sums a vertex out; nothing where no table has it."""
        inputs = self.waiting.pop(vertex, None)
        if inputs is None:
            return
        inputs.sort(key=lambda slot: (self._entries(self.scopes[slot]), slot))
        for slot in inputs:
            self.consumer[slot] = len(self.steps)
        scopes = [self.scopes[slot] for slot in inputs]
        everything = {v for s in scopes for v in s}.union((vertex,))
        scope = tuple(sorted(everything, key=self.position.__getitem__))
        out = scope[1:]
        runs = merged(scope, [*scopes, out], self.sizes)
        labels = tuple(runs.labels(each) for each in scopes)
        shapes = tuple(map(runs.shape, labels))
        self.steps.append(
            Step(vertex, tuple(inputs), scope, runs, labels, shapes, runs.labels(out))
        )
        self.place(out)

    def _entries(self, scope: Scope) -> int:
        return math.prod(self.sizes[v] for v in scope)
