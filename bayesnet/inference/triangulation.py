"""Triangulation and junction trees over vertices 0..n-1.

A tree comes from an elimination order. Greedy orders differ in what an added edge (a fill edge)
weighs: every edge the same (min-fill), or the product of its ends' sizes in bits (weighted
min-fill; Kjaerulff 1990, Koller & Friedman 2009 section 9.4.3), or that with the bits of each
vertex lessened by chance, which finds far cheaper trees in large networks than ties broken by
chance do. All weights are integers: what is added up edge by edge depends on no order.
"""

import heapq
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Rule = Literal["weighted_min_fill", "min_fill"]
RULES: tuple[Rule, ...] = ("weighted_min_fill", "min_fill")
UNIT = 1 << 16
"""What one bit weighs."""
SPREAD = 0.45
"""The share of its weight that a vertex loses by chance, at most."""
WORTH = 2000
"""Table entries in the tree that repay looking at one vertex once more."""
MOST_LOOKS = 50_000
"""Vertices looked at in one part, all tries together: about half a second."""


@dataclass(frozen=True)
class JunctionTree:
    """Cliques in an order with every parent before its children.

    cliques: vertices of each clique, the separator to the parent first and then the residual,
        both from last to first eliminated; so a message to the parent sums a suffix away.
    parents: index of each clique's parent, -1 for a root.
    separators: how many leading vertices of each clique make its separator.
    cost: total number of table entries.
    """

    cliques: tuple[tuple[int, ...], ...]
    parents: tuple[int, ...]
    separators: tuple[int, ...]
    cost: int


@dataclass(frozen=True)
class Elimination:
    """An elimination order, the neighbours of each vertex when it went, and the entries made."""

    order: tuple[int, ...]
    neighbours: tuple[tuple[int, ...], ...]
    cost: int


def members(mask: int) -> Iterator[int]:
    """The vertices in a mask, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def mask_of(vertices: Iterable[int]) -> int:
    """The mask of some vertices."""
    mask = 0
    for vertex in vertices:
        mask |= 1 << vertex
    return mask


def moralise(count: int, scopes: Iterable[Iterable[int]]) -> list[int]:
    """Adjacency masks of the graph in which each scope is a clique."""
    adjacent = [0] * count
    for scope in scopes:
        join(adjacent, scope)
    return adjacent


def join(adjacent: list[int], scope: Iterable[int]) -> None:
    """Add edges between all vertices of a scope to adjacency masks."""
    mask = mask_of(scope)
    for vertex in members(mask):
        adjacent[vertex] |= mask & ~(1 << vertex)


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


def eliminate(
    sizes: Sequence[int],
    scopes: Iterable[Sequence[int]],
    weights: Sequence[int],
    last: int = 0,
    stop_over: float = math.inf,
) -> Elimination | None:
    """Greedy elimination: next goes whose fill edges weigh least, then who makes fewest entries.

    weights: of each vertex; an edge weighs the product of its ends' weights.
    last: mask of vertices that go only after all others.
    Returns None once the entries exceed `stop_over`.
    """
    graph = _Shrinking(sizes, scopes, weights)
    fill, entries = graph.fill, graph.entries
    current = [(last >> v & 1, fill[v], entries[v], v) for v in range(len(sizes))]
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
        for other in graph.remove(vertex):
            late, old_fill, old_entries, _ = current[other]
            if fill[other] != old_fill or entries[other] != old_entries:
                current[other] = (late, fill[other], entries[other], other)
                heapq.heappush(heap, current[other])
    return Elimination(tuple(order), tuple(tuple(graph.adjacent[v]) for v in order), cost)


def best_elimination(
    sizes: Sequence[int],
    scopes: Iterable[Sequence[int]],
    rules: Sequence[Rule] = RULES,
    repeats: int = 0,
    last: int = 0,
) -> Elimination:
    """The cheapest of several greedy eliminations; the same arguments give the same answer.

    Vertices whose neighbours are all connected go first, at no loss; then each connected part is
    searched by itself, by the rules and then by chance, for as long as its cost makes the search
    worth while.
    repeats: how many propagations beyond the first a cheaper tree should repay.
    """
    graph = _Shrinking(sizes, scopes, [1] * len(sizes))
    order = _without_fill(graph, last)
    neighbours = [tuple(graph.adjacent[vertex]) for vertex in order]
    cost = sum(graph.entries[vertex] for vertex in order)
    for part in _parts(graph, order):
        found = _best_of_part(graph, part, rules, repeats, last)
        order.extend(part[at] for at in found.order)
        neighbours.extend(tuple(part[at] for at in around) for around in found.neighbours)
        cost += found.cost
    if last:
        ranked = sorted(range(len(order)), key=lambda at: last >> order[at] & 1)
        order = [order[at] for at in ranked]
        neighbours = [neighbours[at] for at in ranked]
    return Elimination(tuple(order), tuple(neighbours), cost)


def _without_fill(graph: _Shrinking, last: int) -> list[int]:
    """Eliminates what can go without a fill edge, except `last`; returns it in order."""
    order: list[int] = []
    gone = [bool(last >> vertex & 1) for vertex in range(len(graph.sizes))]
    ready = [v for v in range(len(gone) - 1, -1, -1) if not graph.fill[v]]
    while ready:
        vertex = ready.pop()
        if not gone[vertex]:
            gone[vertex] = True
            order.append(vertex)
            ready.extend(other for other in graph.remove(vertex) if not graph.fill[other])
    return order


def _parts(graph: _Shrinking, gone: Iterable[int]) -> list[list[int]]:
    """The connected parts of what is left, each ascending."""
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
    graph: _Shrinking, part: Sequence[int], rules: Sequence[Rule], repeats: int, last: int
) -> Elimination:
    """Over the part's own numbering 0..len(part)-1."""
    inside = {vertex: at for at, vertex in enumerate(part)}
    sizes = [graph.sizes[vertex] for vertex in part]
    edges = [(inside[v], inside[other]) for v in part for other in graph.adjacent[v] if v < other]
    late = mask_of(at for at, vertex in enumerate(part) if last >> vertex & 1)
    best = eliminate(sizes, edges, rule_weights(sizes, rules[0]), late)
    assert best is not None
    tries = 1
    while tries * len(part) <= min(MOST_LOOKS, (1 + repeats) * best.cost // WORTH):
        by_rule = tries < len(rules)
        weights = rule_weights(sizes, rules[tries]) if by_rule else chance_weights(sizes, tries)
        best = eliminate(sizes, edges, weights, late, best.cost) or best
        tries += 1
    return best


def rule_weights(sizes: Sequence[int], rule: Rule) -> list[int]:
    """Weights of vertices for `eliminate`."""
    if rule == "min_fill":
        return [1] * len(sizes)
    return [round(UNIT * math.log2(size)) for size in sizes]


def chance_weights(sizes: Sequence[int], seed: int) -> list[int]:
    """Weights by size, each lessened by chance; the same seed gives the same weights."""
    chance = random.Random(seed)
    return [round(UNIT * math.log2(size) * (1.0 - SPREAD * chance.random())) for size in sizes]


def junction_tree(sizes: Sequence[int], elimination: Elimination, last: int = 0) -> JunctionTree:
    """The tree of maximal cliques; a clique never mixes residual vertices in and out of `last`."""
    position = {vertex: at for at, vertex in enumerate(elimination.order)}
    cliques: list[list[int]] = []
    parents: list[int] = []
    separators: list[int] = []
    home: dict[int, int] = {}
    for at in range(len(elimination.order) - 1, -1, -1):
        vertex = elimination.order[at]
        around = sorted(elimination.neighbours[at], key=position.__getitem__, reverse=True)
        parent = home[around[-1]] if around else -1
        kind = last >> vertex & 1
        if (
            parent >= 0
            and len(cliques[parent]) == len(around)
            and last >> cliques[parent][-1] & 1 == kind
        ):
            cliques[parent].append(vertex)
            home[vertex] = parent
            continue
        home[vertex] = len(cliques)
        cliques.append([*around, vertex])
        parents.append(parent)
        separators.append(len(around))
    cost = sum(math.prod(sizes[vertex] for vertex in clique) for clique in cliques)
    return JunctionTree(tuple(map(tuple, cliques)), tuple(parents), tuple(separators), cost)
