"""The most probable joint states of a few variables, found best first.

A state of some of the variables is at least as probable as each of its completions. So the most
probable one of all that are open is completed next, a few variables at a time, and what is
complete when its turn comes is the best of what is left. `most_probable` maximises over a tape
instead, which needs the variables last in the order: that is wide where they are many.
"""

import heapq
from collections.abc import Sequence
from itertools import product

import numpy as np

from bayesnet.analysis.supposed import Event, chances_of
from bayesnet.inference.problem import Problem

AT_ONCE = 4
"""Variables that are fixed in one step: 16 lanes of the tape where each has two states."""


def combinations(
    problem: Problem, variables: Sequence[int], k: int
) -> list[tuple[dict[int, int], float]]:
    """Find the k most probable joint states of free variables, ({variable: code}, P), best first.

    The problem must be possible and made for these variables. Fewer where fewer are possible; of
    equal ones the first found.
    """
    calibrated, sizes = problem.calibrated, problem.structure.sizes
    surest = {v: float(calibrated.marginal(v)[:, 0].max()) for v in variables}
    # What is least sure goes first: the rest then hardly lowers a bound.
    order = sorted(variables, key=surest.__getitem__)
    heap: list[tuple[float, int, dict[int, int]]] = [(-1.0, 0, {})]
    found: list[tuple[dict[int, int], float]] = []
    made = 0
    while heap and len(found) < k:
        cost, _, states = heapq.heappop(heap)
        if len(states) == len(order):
            found.append((states, -cost))
            continue
        following = order[len(states) : len(states) + AT_ONCE]
        choices = product(*(range(sizes[v]) for v in following))
        parts = [{**states, **dict(zip(following, codes, strict=True))} for codes in choices]
        events = tuple(_event(part, sizes) for part in parts)
        for part, chance in zip(parts, chances_of(problem, events).tolist(), strict=True):
            if chance > 0.0:
                made += 1
                heapq.heappush(heap, (-chance, made, part))
    return found


def _event(states: dict[int, int], sizes: Sequence[int]) -> Event:
    return {v: np.eye(sizes[v])[code] for v, code in states.items()}
