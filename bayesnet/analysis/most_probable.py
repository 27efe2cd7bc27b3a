"""The k most probable joint states of chosen variables, all others summed out exactly.

Max-product on a tree in which the chosen variables are eliminated last, and Lawler's partition
(1972; for junction trees Nilsson 1998): each answer splits what remains into disjoint sets,
whose best members are found by one batch of propagations.
"""

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.errors import EvidenceError
from bayesnet.inference.plan import Plan
from bayesnet.inference.propagation import Cases, Collected, collect
from bayesnet.network import Array, Network


@dataclass(frozen=True)
class Explanation:
    """A joint state {variable: state} and its posterior probability."""

    states: Mapping[str, str]
    probability: float


def most_probable(
    network: Network, plan: Plan, cases: Cases, chosen: Sequence[int], k: int
) -> list[Explanation]:
    """The k best joint states of `chosen`, best first; fewer when fewer are possible.

    plan: made with `chosen` both kept and last. Raises EvidenceError for k below 1.
    """
    if k < 1:
        raise EvidenceError(f"k is {k}; ask for at least one explanation")
    vertices = [plan.vertex_of[variable] for variable in chosen]
    sizes = plan.program.lowered.sizes
    everything = collect(plan.program, cases).log_z[0]
    free = {vertex: np.ones((1, sizes[vertex])) for vertex in vertices}
    heap: list[tuple[float, int, tuple[int, ...], Mapping[int, Array]]] = []
    made = 0

    def add(masks: Mapping[int, Array]) -> None:
        nonlocal made
        count = max((len(mask) for mask in masks.values()), default=1)
        maximised = _maximised(plan, set(vertices))
        collected = collect(plan.program, cases, masks, maximised=maximised)
        scores = np.broadcast_to(collected.log_z, (count,))
        for row in np.flatnonzero(np.isfinite(scores)):
            states = _traced(plan, collected, vertices, int(row))
            own = {vertex: mask[row : row + 1] for vertex, mask in masks.items()}
            heapq.heappush(heap, (-float(scores[row]), made, states, own))
            made += 1

    add(free)
    found: list[Explanation] = []
    while heap and len(found) < k:
        cost, _, states, masks = heapq.heappop(heap)
        named = {
            network.variables[variable].name: network.variables[variable].states[state]
            for variable, state in zip(chosen, states, strict=True)
        }
        found.append(Explanation(named, math.exp(-cost - float(everything))))
        if len(found) < k and vertices:
            add(_partition(masks, vertices, states))
    return found


def _partition(
    masks: Mapping[int, Array], vertices: Sequence[int], states: Sequence[int]
) -> dict[int, Array]:
    """One row per part: the first i variables at their best states, the next one not at it."""
    parts = {vertex: np.repeat(mask, len(vertices), axis=0) for vertex, mask in masks.items()}
    for row in range(len(vertices)):
        for vertex, state in zip(vertices[:row], states[:row], strict=True):
            only = np.zeros_like(parts[vertex][row])
            only[state] = parts[vertex][row, state]
            parts[vertex][row] = only
        parts[vertices[row]][row, states[row]] = 0.0
    return parts


def _maximised(plan: Plan, vertices: set[int]) -> frozenset[int]:
    """The cliques whose residual variables are maximised over."""
    return frozenset(
        index
        for index, clique in enumerate(plan.program.cliques)
        if clique.vertices[-1] in vertices
    )


def _traced(plan: Plan, collected: Collected, vertices: Sequence[int], row: int) -> tuple[int, ...]:
    """States of the maximum, read from the roots down."""
    state: dict[int, int] = {}
    wanted = set(vertices)
    for index, clique in enumerate(plan.program.cliques):
        if clique.vertices[-1] not in wanted:
            continue
        table = collected.tables[index]
        shaped = table[row if len(table) > 1 else 0].reshape(clique.shape)
        count = plan.program.tree.separators[index]
        at = tuple(state[vertex] for vertex in clique.vertices[:count])
        best = np.unravel_index(int(np.argmax(shaped[at])), clique.shape[count:])
        state.update(zip(clique.vertices[count:], (int(each) for each in best), strict=True))
    return tuple(state[vertex] for vertex in vertices)
