"""The k most probable joint states of chosen variables, all others summed out exactly.

A tape in which the chosen variables come last and are maximised over, on logarithms, so that no
state is lost however improbable; and Lawler's partition (1972; for junction trees Nilsson 1998):
each answer splits what remains into disjoint sets, whose best members are found together.
"""

import heapq
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bayesnet.errors import EvidenceError
from bayesnet.inference.cases import Case
from bayesnet.inference.passes import Forward, run_forward
from bayesnet.inference.problem import Planner, Problem, blocks
from bayesnet.inference.rings import LOGARITHMS
from bayesnet.network import Array, Network

Masks = dict[int, Array]
"""{variable: 1 or 0 for each state that is open, shape (states, sets)}"""


@dataclass(frozen=True)
class Explanation:
    """A joint state {variable: state} and its posterior probability."""

    states: Mapping[str, str]
    probability: float


def most_probable(
    planner: Planner, case: Case, chosen: Sequence[int], k: int
) -> list[tuple[tuple[int, ...], float]]:
    """Find the k best joint states of `chosen` with their log posteriors, best first.

    Fewer when fewer are possible. The case must be possible. Raises EvidenceError for k below 1.
    """
    if k < 1:
        raise EvidenceError(f"k is {k}; ask for at least one explanation")
    problem = planner.problem(case, sorted(chosen), last=frozenset(chosen))
    everything = run_forward(problem.tape, problem.tables, {}, LOGARITHMS).log_z[0]
    search = _Search(problem, tuple(chosen))
    search.add({v: np.ones((problem.structure.sizes[v], 1)) for v in chosen})
    found: list[tuple[tuple[int, ...], float]] = []
    while search.heap and len(found) < k:
        cost, _, states, masks = heapq.heappop(search.heap)
        found.append((states, -cost - float(everything)))
        if len(found) < k and chosen:
            search.add(_partition(masks, chosen, states))
    return found


@dataclass(frozen=True, eq=False)
class _Search:
    """The best member of each set that is still open, best first."""

    problem: Problem
    chosen: tuple[int, ...]
    heap: list[tuple[float, int, tuple[int, ...], Masks]] = field(default_factory=list)
    made: list[None] = field(default_factory=list)

    def add(self, masks: Masks) -> None:
        """Add the best member of each set, one set a column, to the heap; none if impossible."""
        count = max((mask.shape[1] for mask in masks.values()), default=1)
        for block in blocks(count, self.problem.lanes if count > 1 else 1):
            part = {v: mask[:, block] for v, mask in masks.items()}
            extra = {v: _padded(mask, self.problem.lanes) for v, mask in part.items()}
            forward = self._maximum(extra if count > 1 else part)
            scores = np.broadcast_to(forward.log_z, max(1, forward.log_z.size))
            for column in range(block.stop - block.start):
                if np.isneginf(scores[column % len(scores)]):
                    continue
                states = _traced(forward, self.chosen, column)
                own = {v: mask[:, column : column + 1] for v, mask in part.items()}
                score = float(scores[column % len(scores)])
                heapq.heappush(self.heap, (-score, len(self.made), states, own))
                self.made.append(None)

    def _maximum(self, extra: Masks) -> Forward:
        problem, chosen = self.problem, frozenset(self.chosen)
        return run_forward(problem.tape, problem.tables, extra, LOGARITHMS, chosen)


def _padded(mask: Array, lanes: int) -> Array:
    found = np.ones((len(mask), lanes))
    found[:, : mask.shape[1]] = mask
    return found


def _partition(masks: Masks, chosen: Sequence[int], states: Sequence[int]) -> Masks:
    """One set a variable: the ones before at their best states, this one not at it."""
    parts = {v: np.repeat(mask, len(chosen), axis=1) for v, mask in masks.items()}
    for at, (variable, state) in enumerate(zip(chosen, states, strict=True)):
        mask = parts[variable]
        only = mask[state, at + 1 :].copy()
        mask[:, at + 1 :] = 0.0
        mask[state, at + 1 :] = only
        mask[state, at] = 0.0
    # A set with nothing left in it has no best member.
    open_to = np.flatnonzero(np.all([mask.any(axis=0) for mask in parts.values()], axis=0))
    return {v: mask[:, open_to] for v, mask in parts.items()}


def _traced(forward: Forward, chosen: Sequence[int], lane: int) -> tuple[int, ...]:
    """States of the maximum in one lane, read from the last step back."""
    tape, wanted = forward.tape, set(chosen)
    state: dict[int, int] = {}
    for step in reversed(tape.steps):
        if step.vertex not in wanted:
            continue
        total = np.zeros(tape.sizes[step.vertex])
        pieces = [(forward.tables[slot], tape.scopes[slot]) for slot in step.inputs]
        if step.vertex in forward.extra:
            pieces.append((forward.extra[step.vertex], (step.vertex,)))
        for table, scope in pieces:
            shaped = table.reshape(*(tape.sizes[v] for v in scope), table.shape[-1])
            at = lane if table.shape[-1] > 1 else 0
            index: tuple[Any, ...] = (slice(None), *(state[v] for v in scope[1:]), at)
            total = total + shaped[index]
        state[step.vertex] = int(total.argmax())
    return tuple(state[variable] for variable in chosen)


def named(
    network: Network, chosen: Sequence[int], found: tuple[tuple[int, ...], float]
) -> Explanation:
    """Turn an explanation in indices, (states, log posterior), into one in names."""
    codes, log_posterior = found
    variables = [network.variables[v] for v in chosen]
    states = {each.name: each.states[code] for each, code in zip(variables, codes, strict=True)}
    return Explanation(states, math.exp(log_posterior))
