"""Joint draws of some variables given a case: exact, from a tape run forward.

Backwards over the tape, each vertex is drawn given those that are summed out after it: of what
its step multiplies, the slice at their states is its distribution (forward filtering, backward
sampling).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.cases import Case
from bayesnet.inference.passes import Forward, normalised
from bayesnet.inference.problem import Planner
from bayesnet.inference.tape import Step


def posterior_draws(
    planner: Planner, case: Case, variables: Sequence[int], count: int, rng: np.random.Generator
) -> NDArray[np.intp]:
    """Draw the states of free variables together, shape (variables, count).

    The case must be possible.

    >>> import bayesnet
    >>> from bayesnet import Table, Variable
    >>> family = Table("rain", (), np.array([0.0, 1.0]))
    >>> network = bayesnet.Network((Variable("rain", ("no", "yes")),), (family,))
    >>> planner = network.compile().inference.planner
    >>> posterior_draws(planner, Case({}, {}), [0], 3, np.random.default_rng(1)).tolist()
    [[1, 1, 1]]
    """
    forward = planner.problem(case, sorted(variables)).forward
    states: dict[int, NDArray[np.intp]] = {}
    for step in reversed(forward.tape.steps):
        if step.vertex in forward.tape.home:
            states[step.vertex] = _drawn(forward, step, states, count, rng)
    return np.array([states[v] for v in variables], dtype=np.intp).reshape(len(variables), count)


def _drawn(
    forward: Forward,
    step: Step,
    states: dict[int, NDArray[np.intp]],
    count: int,
    rng: np.random.Generator,
) -> NDArray[np.intp]:
    """Draw the vertex of a step, given the states of those that are summed out after it."""
    tape, ring = forward.tape, forward.ring
    size = tape.sizes[step.vertex]
    weights = np.full((size, count), ring.one)
    for slot in step.inputs:
        shaped = forward.tables[slot].reshape(*(tape.sizes[v] for v in tape.scopes[slot]))
        others: tuple[Any, ...] = tuple(states[v] for v in tape.scopes[slot][1:])
        own = shaped[(slice(None), *others)] if others else shaped[:, None]
        weights = weights * own if ring.plain else weights + own
    upto = np.cumsum(normalised(ring, weights), axis=0)
    chance = rng.random(count) * upto[-1]
    return np.asarray(np.minimum((chance >= upto).sum(axis=0), size - 1), dtype=np.intp)
