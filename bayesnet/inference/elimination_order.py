"""In which order the vertices of a graph are eliminated.

Greedy orders differ in what an added edge (a fill edge) weighs: every edge the same (min-fill),
or the product of its ends' sizes in bits (weighted min-fill; Kjaerulff 1990, Koller & Friedman
2009 section 9.4.3), or that with the bits of each vertex lessened by chance, which finds far
cheaper orders in large networks than ties broken by chance do. The same arguments always give
the same order.
"""

import heapq
import math
import random
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bayesnet.inference.tuning import GIVE_UP, MOST_LOOKS, SPREAD, UNIT, WORTH

RULES = ("weighted", "plain")
NONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Elimination:
    """An elimination order and the number of table entries that it makes."""

    order: tuple[int, ...]
    cost: int


class _Shrinking:
    """A graph that loses vertex after vertex, and what eliminating each would take.

    An edge weighs the product of its ends' weights. fill: total weight of the edges missing
    between a vertex's neighbours. entries: of the table that eliminating it makes.
    heaviness: total weight of its neighbours.
    """

    def __init__(
        self, sizes: Sequence[int], scopes: Iterable[Sequence[int]], weights: Sequence[int]
    ) -> None:
        self.sizes, self.weights = sizes, weights
        self.adjacent: list[set[int]] = [set() for _ in sizes]
        self.entries = list(sizes)
        self.heaviness = [0] * len(sizes)
        self.fill = [0] * len(sizes)
        for scope in scopes:
            self.connect(scope)

    def connect(self, scope: Sequence[int]) -> set[int]:
        """Add the edges missing within a scope; returns whose fill that changed."""
        touched: set[int] = set()
        for at, first in enumerate(scope):
            there = self.adjacent[first]
            for second in scope[at + 1 :]:
                if second not in there:
                    touched |= self._add_edge(first, second)
        touched.update(scope)
        return touched

    def remove(self, vertex: int) -> set[int]:
        """Eliminate a vertex; returns whose fill or entries that changed."""
        around = self.adjacent[vertex]
        touched = self.connect(tuple(around))
        weight, total = self.weights[vertex], self.heaviness[vertex]
        for other in around:
            self.adjacent[other].remove(vertex)
            self.heaviness[other] -= weight
            self.entries[other] //= self.sizes[vertex]
            # By now all of `around` are its neighbours; the vertex had no edge to the rest.
            rest = self.heaviness[other] - (total - self.weights[other])
            self.fill[other] -= weight * rest
        touched.discard(vertex)
        return touched

    def _add_edge(self, first: int, second: int) -> set[int]:
        common = self.adjacent[first] & self.adjacent[second]
        one, two = self.weights[first], self.weights[second]
        shared = 0
        for vertex in common:
            self.fill[vertex] -= one * two
            shared += self.weights[vertex]
        self.fill[first] += two * (self.heaviness[first] - shared)
        self.fill[second] += one * (self.heaviness[second] - shared)
        self.heaviness[first] += two
        self.heaviness[second] += one
        self.entries[first] *= self.sizes[second]
        self.entries[second] *= self.sizes[first]
        self.adjacent[first].add(second)
        self.adjacent[second].add(first)
        return common


def best_elimination(
    sizes: Sequence[int],
    scopes: Iterable[Sequence[int]],
    last: AbstractSet[int] = NONE,
    looks: int = MOST_LOOKS,
) -> Elimination:
    """Find the cheapest of several greedy eliminations of vertices 0..len(sizes)-1.

    scopes: sets of vertices that some table is over. last: vertices that go after all others.
    Vertices whose neighbours are all connected go first, at no loss; then each connected part is
    searched by itself, by the rules and then by chance, for as long as its cost makes the search
    worth while. looks: at how many vertices and edges a search may look; 0 takes the first order
    found.
    """
    graph = _Shrinking(sizes, scopes, [1] * len(sizes))
    order = _without_fill(graph, last)
    cost = sum(graph.entries[vertex] for vertex in order)
    for part in _parts(graph, order):
        found = _best_of_part(graph, part, last, looks)
        order.extend(part[at] for at in found.order)
        cost += found.cost
    if last:
        order.sort(key=last.__contains__)
    return Elimination(tuple(order), cost)


def _without_fill(graph: _Shrinking, last: AbstractSet[int]) -> list[int]:
    """Eliminates what can go without a fill edge, except `last`; returns it in order."""
    order: list[int] = []
    gone = [vertex in last for vertex in range(len(graph.sizes))]
    ready = [v for v in range(len(gone) - 1, -1, -1) if not graph.fill[v]]
    while ready:
        vertex = ready.pop()
        if not gone[vertex]:
            gone[vertex] = True
            order.append(vertex)
            ready.extend(other for other in sorted(graph.remove(vertex)) if not graph.fill[other])
    return order


def _parts(graph: _Shrinking, gone: Iterable[int]) -> list[list[int]]:
    """Return the connected parts of what is left, each ascending."""
    seen = set(gone)
    parts: list[list[int]] = []
    for start in range(len(graph.sizes)):
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for vertex in part:
            new = graph.adjacent[vertex] - seen
            seen |= new
            part.extend(new)
        parts.append(sorted(part))
    return parts


def _best_of_part(
    graph: _Shrinking, part: Sequence[int], last: AbstractSet[int], looks: int
) -> Elimination:
    """Over the part's own numbering 0..len(part)-1."""
    inside = {vertex: at for at, vertex in enumerate(part)}
    sizes = [graph.sizes[vertex] for vertex in part]
    edges = [
        (inside[v], inside[other]) for v in part for other in sorted(graph.adjacent[v]) if v < other
    ]
    late = frozenset(at for at, vertex in enumerate(part) if vertex in last)
    best = _greedy(sizes, edges, _rule_weights(sizes, RULES[0]), late)
    assert best is not None
    tries = 1
    while (
        tries * len(part) <= best.cost // WORTH
        and tries * (len(part) + len(edges)) <= looks
        and best.cost < GIVE_UP
    ):
        by_rule = tries < len(RULES)
        weights = _rule_weights(sizes, RULES[tries]) if by_rule else _chance_weights(sizes, tries)
        best = _greedy(sizes, edges, weights, late, best.cost) or best
        tries += 1
    return best


def _greedy(
    sizes: Sequence[int],
    scopes: Iterable[Sequence[int]],
    weights: Sequence[int],
    last: AbstractSet[int],
    stop_over: float = math.inf,
) -> Elimination | None:
    """Next goes whose fill edges weigh least, then who makes fewest entries.

    Returns None once the entries exceed `stop_over`. Over GIVE_UP the cost is what it is so far,
    for no machine will run what is to come.
    """
    graph = _Shrinking(sizes, scopes, weights)
    fill, entries = graph.fill, graph.entries
    current = [(v in last, fill[v], entries[v], v) for v in range(len(sizes))]
    heap = list(current)
    heapq.heapify(heap)
    order: list[int] = []
    cost = 0
    while heap:
        entry = heapq.heappop(heap)
        vertex = entry[3]
        if current[vertex] is not entry:
            continue
        cost += entries[vertex]
        if cost > stop_over:
            return None
        order.append(vertex)
        if cost > GIVE_UP:
            gone = set(order)
            return Elimination((*order, *(v for v in range(len(sizes)) if v not in gone)), cost)
        for other in graph.remove(vertex):
            late, old_fill, old_entries, _ = current[other]
            if fill[other] != old_fill or entries[other] != old_entries:
                current[other] = (late, fill[other], entries[other], other)
                heapq.heappush(heap, current[other])
    return Elimination(tuple(order), cost)


def _rule_weights(sizes: Sequence[int], rule: str) -> list[int]:
    if rule == "plain":
        return [1] * len(sizes)
    return [round(UNIT * math.log2(size)) for size in sizes]


def _chance_weights(sizes: Sequence[int], seed: int) -> list[int]:
    """Weights by size, each lessened by chance; the same seed gives the same weights."""
    chance = random.Random(seed)
    return [round(UNIT * math.log2(size) * (1.0 - SPREAD * chance.random())) for size in sizes]
