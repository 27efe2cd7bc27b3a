"""Triangulation and junction trees over vertices 0..n-1.

Vertex sets are bit masks in Python integers: a set operation is one machine-level
call however many vertices there are, which keeps planning a query in milliseconds.
"""

import heapq
import math
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Rule = Literal["min_weight", "min_fill", "weighted_min_fill"]
RULES: tuple[Rule, ...] = ("min_weight", "min_fill", "weighted_min_fill")


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
    neighbours: tuple[int, ...]
    cost: float


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


def eliminate(
    sizes: Sequence[int],
    scopes: Iterable[Iterable[int]],
    rule: Rule,
    last: int = 0,
    tie_breaker: random.Random | None = None,
    stop_over: float = math.inf,
) -> Elimination | None:
    """Greedy elimination by one rule; None once the entries exceed `stop_over`.

    last: mask of vertices that go only after all others.
    Rules and their comparison: Kjaerulff (1990), Koller & Friedman (2009) section 9.4.3.
    """
    adjacent = moralise(len(sizes), scopes)
    logs = [math.log2(size) for size in sizes]
    noise = [tie_breaker.random() if tie_breaker else 0.0 for _ in sizes]

    def score(vertex: int) -> tuple[bool, float, float, float, int]:
        around = adjacent[vertex]
        weight = logs[vertex]
        for other in members(around):
            weight += logs[other]
        late = bool(last >> vertex & 1)
        if rule == "min_weight":
            return late, weight, 0.0, noise[vertex], vertex
        fill = _fill(adjacent, around, logs if rule == "weighted_min_fill" else None)
        return late, fill, weight, noise[vertex], vertex

    current = [score(vertex) for vertex in range(len(sizes))]
    heap = list(current)
    heapq.heapify(heap)
    order: list[int] = []
    neighbours: list[int] = []
    cost = 0.0
    gone = 0
    while heap:
        entry = heapq.heappop(heap)
        vertex = entry[-1]
        if gone >> vertex & 1 or current[vertex] != entry:
            continue
        around = adjacent[vertex]
        cost += 2.0 ** (logs[vertex] + sum(logs[other] for other in members(around)))
        if cost > stop_over:
            return None
        gone |= 1 << vertex
        order.append(vertex)
        neighbours.append(around)
        touched = around
        for other in members(around):
            new = around & ~adjacent[other] & ~(1 << other)
            adjacent[other] = (adjacent[other] | around) & ~(1 << other) & ~(1 << vertex)
            if new and rule != "min_weight":
                touched |= adjacent[other]
        for other in members(touched & ~gone):
            fresh = score(other)
            if fresh != current[other]:
                current[other] = fresh
                heapq.heappush(heap, fresh)
    return Elimination(tuple(order), tuple(neighbours), cost)


def _fill(adjacent: Sequence[int], around: int, logs: Sequence[float] | None) -> float:
    total = 0.0
    for vertex in members(around):
        missing = around & ~adjacent[vertex] & ~(1 << vertex)
        if logs is None:
            total += missing.bit_count()
        else:
            total += sum(logs[vertex] * logs[other] for other in members(missing))
    return total / 2


def junction_tree(sizes: Sequence[int], elimination: Elimination, last: int = 0) -> JunctionTree:
    """The tree of maximal cliques; a clique never mixes residual vertices in and out of `last`."""
    position = {vertex: at for at, vertex in enumerate(elimination.order)}
    cliques: list[list[int]] = []
    parents: list[int] = []
    separators: list[int] = []
    home: dict[int, int] = {}
    for at in range(len(elimination.order) - 1, -1, -1):
        vertex = elimination.order[at]
        around = sorted(members(elimination.neighbours[at]), key=position.__getitem__, reverse=True)
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


def best_elimination(
    sizes: Sequence[int],
    scopes: Sequence[Sequence[int]],
    rules: Sequence[Rule] = RULES,
    restarts: int = 0,
    last: int = 0,
) -> Elimination:
    """The cheapest of several greedy eliminations; the same arguments give the same answer.

    restarts: further tries per rule with ties broken at random (fixed seed).
    """
    found: list[Elimination] = []
    seeds: list[random.Random | None] = [None]
    seeds.extend(random.Random(seed) for seed in range(1, restarts + 1))
    for seed in seeds:
        for rule in rules:
            limit = min((each.cost for each in found), default=math.inf)
            tried = eliminate(sizes, scopes, rule, last, seed, limit)
            if tried is not None:
                found.append(tried)
    return min(found, key=lambda each: each.cost)
