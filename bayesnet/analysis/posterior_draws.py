"""Joint draws of some variables given a case: exact, from a tape run forward.

Backwards over the tape, each vertex is drawn given those that are summed out after it: of what
its step multiplies, the slice at their states is its distribution (forward filtering, backward
sampling). What nothing is known of or below needs no place in the tape: it is drawn after its
parents, from its family. What is rare and matters can be drawn more often than it comes, each draw
weighing so much less (importance sampling).
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.cases import Case
from bayesnet.inference.passes import Forward, normalised
from bayesnet.inference.problem import Planner
from bayesnet.inference.structure import Structure
from bayesnet.inference.tape import Step
from bayesnet.network import Array

if TYPE_CHECKING:
    # Slow to import, and a diagnosis that leaves much to ask draws nothing.
    from numpy.random import Generator

OFTENER = 20.0
"""How many times as often rare states are drawn at most,"""
RARE = 0.02
"""and up to which chance of them all."""

States = NDArray[np.intp]
"""A variable's state in each draw, shape (draws,)."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Joint draws: states, shape (variables, draws), and what each counts for, shape (draws,).

    The weights are 1 on average.
    """

    states: States
    weights: Array


def posterior_draws(
    planner: Planner,
    case: Case,
    variables: Sequence[int],
    count: int,
    rng: "Generator",
    rare: Sequence[int] = (),
) -> Draws:
    """Draw the states of free variables together.

    The case must be possible. rare: variables whose states but the first are drawn more often than
    they come; without any, all weights are 1.

    >>> import bayesnet
    >>> from bayesnet import Table, Variable
    >>> family = Table("rain", (), np.array([0.0, 1.0]))
    >>> network = bayesnet.Network((Variable("rain", ("no", "yes")),), (family,))
    >>> planner = network.compile().inference.planner
    >>> posterior_draws(planner, Case({}, {}), [0], 3, np.random.default_rng(1)).states.tolist()
    [[1, 1, 1]]
    """
    structure = planner.structure
    told = structure.ancestors([*case.hard, *case.soft])
    below = _untold(structure, variables, told)
    above = {*variables, *(p for v in below for p in structure.parents[v])} & told
    forward = planner.problem(case, sorted(above.difference(case.hard))).forward
    steps = [s for s in reversed(forward.tape.steps) if s.vertex in forward.tape.home]
    vertices = [*(step.vertex for step in steps), *below]
    marks = dict(zip(vertices, rng.random((len(vertices), count)), strict=True))
    states = {v: np.full(count, code, dtype=np.intp) for v, code in case.hard.items()}
    weights = np.ones(count)

    def draw(variable: int, chances: Array) -> None:
        own = _oftener(chances) if variable in rare else chances
        states[variable] = found = _states(own, marks[variable])
        if variable in rare:
            at = found, np.arange(count)
            weights[:] *= chances[at] / own[at]

    needed = _needed(forward, above)
    for step in steps:
        if step.vertex in needed:
            draw(step.vertex, _chances(forward, step, states, count))
    for variable in below:
        chances = given_parents(structure, variable, states)
        draw(variable, np.broadcast_to(chances.T, (chances.shape[1], count)))
    return Draws(np.array([states[v] for v in variables]).reshape(len(variables), count), weights)


def _oftener(chances: Array) -> Array:
    """Raise the chances of all states but the first, shape (states, draws); columns add up to 1."""
    others = chances[1:].sum(axis=0)
    raised = np.maximum(others, np.minimum(OFTENER * others, RARE))
    times = np.divide(raised, others, out=np.ones_like(others), where=others > 0)
    return np.vstack([1.0 - raised, chances[1:] * times])


def _untold(
    structure: Structure, variables: Sequence[int], told: AbstractSet[int]
) -> Sequence[int]:
    """List what of some variables and their ancestors nothing is known below, parents first."""
    found: dict[int, None] = {}
    waiting = list(variables)
    while waiting:
        variable = waiting[-1]
        before = [p for p in structure.parents[variable] if p not in told and p not in found]
        if variable in told:
            waiting.pop()
        elif before:
            waiting.extend(before)
        else:
            found[waiting.pop()] = None
    return list(found)


def given_parents(structure: Structure, variable: int, states: Mapping[int, States]) -> Array:
    """P(state | drawn parents) of a variable, shape (draws, states); (1, states) without parents.

    states: of each parent in each draw.
    """
    if not structure.arrays[variable]:
        at = tuple(states[parent] for parent in structure.parents[variable])
        return np.atleast_2d(structure.table(variable)[at])
    leak, links = structure.at_most(variable)
    below = np.array(leak, dtype=np.float64)[None, :]
    for parent, link in links.items():
        below = below * link[states[parent]]
    below[:, 1:] -= below[:, :-1].copy()
    return np.asarray(below[:, structure.turn(variable)])


def _chances(forward: Forward, step: Step, states: Mapping[int, States], count: int) -> Array:
    """P(vertex of a step | those that are summed out after it), shape (states, draws)."""
    tape, ring = forward.tape, forward.ring
    weights = np.full((tape.sizes[step.vertex], count), ring.one)
    for slot in step.inputs:
        shaped = forward.tables[slot].reshape(*(tape.sizes[v] for v in tape.scopes[slot]))
        others: tuple[Any, ...] = tuple(states[v] for v in tape.scopes[slot][1:])
        own = shaped[(slice(None), *others)] if others else shaped[:, None]
        weights = weights * own if ring.plain else weights + own
    return normalised(ring, weights)


def _needed(forward: Forward, variables: AbstractSet[int]) -> set[int]:
    """Return some variables, and what has to be drawn before them."""
    found, tape = set(variables), forward.tape
    for step in tape.steps:
        if step.vertex in found:
            found.update(v for slot in step.inputs for v in tape.scopes[slot])
    return found


def _states(chances: Array, marks: Array) -> States:
    """Return the states in which marks from 0 to 1 fall, by chances of shape (states, draws)."""
    upto = np.cumsum(chances, axis=0)
    passed = marks * upto[-1] >= upto[:-1]
    return np.asarray(passed.sum(axis=0), dtype=np.intp)
