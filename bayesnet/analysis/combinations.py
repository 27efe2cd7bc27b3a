"""The most probable joint states of a few variables, found best first.

A state of some of the variables is at least as probable as each of its completions, and as all of
them together. So the one in which the others are as they surely are is looked at by itself, and
what is left bounds all others: where the most probable of all that is open is complete, it is the
best of what is left. `most_probable` maximises over a tape instead, which needs the variables last
in the order: that is wide where they are many.
"""

import heapq
from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from bayesnet.analysis.supposed import Event, chances_of
from bayesnet.inference.problem import Problem

AT_ONCE = 3
"""Variables that are fixed in one step."""
ROUNDED = 1e-15
"""Share of a chance that is kept for what is left of it, since a difference loses its digits."""

States = Mapping[int, int]
"""{variable: code of its state}"""


def combinations(
    problem: Problem, variables: Sequence[int], k: int
) -> list[tuple[dict[int, int], float]]:
    """Find the k most probable joint states of free variables, ({variable: code}, P), best first.

    The problem must be possible and made for these variables. Fewer where fewer are possible; of
    equal ones the first found.
    """
    calibrated, sizes = problem.calibrated, problem.structure.sizes
    marginals = {v: calibrated.marginal(v)[:, 0] for v in variables}
    # What is least sure goes first: the rest then hardly lowers a bound.
    order = sorted(variables, key=lambda v: float(marginals[v].max()))
    surest = {v: int(marginals[v].argmax()) for v in order}
    (chance,) = chances_of(problem, (_event(surest, sizes),)).tolist()
    heap: list[tuple[float, int, States]] = [(-chance, 0, surest)] if chance > 0.0 else []
    if order:
        heap.append((-_left(1.0, chance), 1, {}))
    heapq.heapify(heap)
    found: list[tuple[dict[int, int], float]] = []
    made = 1
    while heap and len(found) < k:
        cost, _, states = heapq.heappop(heap)
        if len(states) == len(order):
            found.append((dict(states), -cost))
            continue
        for part, bound in _parted(problem, order, surest, states):
            made += 1
            heapq.heappush(heap, (-bound, made, part))
    return found


def _parted(
    problem: Problem, order: Sequence[int], surest: States, states: States
) -> list[tuple[States, float]]:
    """Fix the next few variables in each way: what is complete with its chance, else its bound.

    That in which all others are as they surely are has been listed with `states`.
    """
    sizes = problem.structure.sizes
    following = order[len(states) : len(states) + AT_ONCE]
    choices = product(*(range(sizes[v]) for v in following))
    parts = [{**states, **dict(zip(following, codes, strict=True))} for codes in choices]
    wholes = [{**surest, **part} for part in parts]
    events = tuple(_event(each, sizes) for each in (*parts, *wholes))
    chances = chances_of(problem, events).tolist()
    found: list[tuple[States, float]] = []
    listed = {**surest, **states}
    for part, whole, of_part, of_whole in zip(
        parts, wholes, chances[: len(parts)], chances[len(parts) :], strict=True
    ):
        if whole != listed and of_whole > 0.0:
            found.append((whole, of_whole))
        if len(part) < len(order) and of_part > 0.0:
            found.append((part, _left(of_part, of_whole)))
    return found


def _left(chance: float, taken: float) -> float:
    return max(chance - taken, ROUNDED * chance)


def _event(states: States, sizes: Sequence[int]) -> Event:
    return {v: np.eye(sizes[v])[code] for v, code in states.items()}
