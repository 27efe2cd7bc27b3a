"""Posteriors and joints of one case: what is in the tape, and the leaves that hang from it.

A wanted leaf that nobody observed changes nothing else, so it is no part of the tape; it is read
from the joint of its parents or, where that would be too large, as the mean of a product.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesnet.network import Array, Table
from bayesnet.tape.joints import Joints
from bayesnet.tape.noisy import full_table, mixed, sources
from bayesnet.tape.passes import Extra
from bayesnet.tape.problem import Planner, Problem, blocks
from bayesnet.tape.cases import Case
from bayesnet.tape.structure import Structure
from bayesnet.tape.tuning import HANGING_ENTRIES, LANES


@dataclass(frozen=True, eq=False)
class Posterior:
    """What a case makes of the variables that its problem was made for.

    hanging: leaves outside the tape whose parents are in it or observed.
    """

    problem: Problem
    hanging: tuple[int, ...]

    @property
    def log_z(self) -> float:
        """Natural log of the probability of the case; -inf where it is impossible."""
        return self.problem.log_z

    @cached_property
    def joints(self) -> Joints:
        """Joints of variables in the tape."""
        return Joints(self.problem.calibrated)

    def marginal(self, variable: int) -> Array:
        """Posterior of a variable in the tape, shape (states,)."""
        return np.asarray(self.problem.calibrated.marginal(variable)[:, 0])

    def joint(self, variables: Sequence[int]) -> Array:
        """Joint posterior of variables in the tape, an axis each in the order given."""
        return np.asarray(self.joints.joint(tuple(variables))[..., 0])

    def marginals(self, variables: Sequence[int]) -> dict[int, Array]:
        """Posteriors of free variables, in the tape or hanging from it."""
        leaves = self.leaves([v for v in variables if v in set(self.hanging)])
        return {v: leaves[v] if v in leaves else self.marginal(v) for v in variables}

    def leaves(self, variables: Sequence[int]) -> dict[int, Array]:
        """Posteriors of hanging leaves."""
        structure, case = self.problem.structure, self.problem.case
        found: dict[int, Array] = {}
        wide = []
        for variable in variables:
            if hanging_entries(structure, case, variable) > HANGING_ENTRIES:
                wide.append(variable)
                continue
            free, table = conditional(structure, case, variable)
            weights = self.joint(free).reshape(-1, 1)
            found[variable] = _shares((weights * table.reshape(len(weights), -1)).sum(axis=0))
        found.update(self._means(wide))
        return found

    def _means(self, variables: Sequence[int]) -> dict[int, Array]:
        """Noisy-MAX leaves: P(at most a state) is the mean of a product over the parents."""
        structure, case = self.problem.structure, self.problem.case
        steps = [(v, s) for v in variables for s in range(structure.sizes[v] - 1)]
        below: dict[tuple[int, int], float] = {}
        for block in blocks(len(steps), LANES):
            some = steps[block]
            extra, scale = _products(structure, case, some)
            log_z = self.problem.variants(extra).log_z - self.problem.forward.log_z
            below.update(zip(some, (np.exp(log_z)[: len(some)] * scale).tolist(), strict=True))
        found = {}
        for variable in variables:
            states = range(structure.sizes[variable] - 1)
            cumulative = np.array([*(below[variable, s] for s in states), 1.0])
            values = np.maximum(0.0, np.diff(cumulative, prepend=0.0))
            found[variable] = _shares(values)[structure.turn(variable)]
        return found


def _products(
    structure: Structure, case: Case, steps: Sequence[tuple[int, int]]
) -> tuple[Extra, Array]:
    """Of (leaf, state) pairs P(leaf <= state | parents): weights of free parents, and the rest.

    Always LANES columns, so that a column's bits do not depend on how many there are.
    """
    extra: dict[int, Array] = {}
    scale = np.ones(len(steps))
    for lane, (variable, state) in enumerate(steps):
        leak, *links = structure.arrays[variable]
        scale[lane] = leak[: state + 1].sum()
        for parent, link in zip(structure.parents[variable], links, strict=True):
            weights = link[:, : state + 1].sum(axis=1)
            if parent in case.hard:
                scale[lane] *= weights[case.hard[parent]]
                continue
            if parent not in extra:
                extra[parent] = np.ones((len(weights), LANES))
            extra[parent][:, lane] *= weights
    return extra, scale


def _shares(values: Array) -> Array:
    return np.asarray(values / values.sum())


def hanging_entries(structure: Structure, case: Case, variable: int) -> int:
    """Entries of P(variable | free parents)."""
    free = (v for v in (*structure.parents[variable], variable) if v not in case.hard)
    return math.prod(structure.sizes[v] for v in free)


def conditional(structure: Structure, case: Case, variable: int) -> tuple[tuple[int, ...], Array]:
    """(free parents, P(variable | them) with an axis for each and the last for its states)."""
    parents = structure.parents[variable]
    family = structure.families[variable]
    free = tuple(parent for parent in parents if parent not in case.hard)
    if isinstance(family, Table):
        index = tuple(case.hard.get(parent, slice(None)) for parent in parents)
        return free, family.values[index]
    known = [case.hard.get(parent) for parent in parents]
    table = full_table(sources(structure.arrays[variable], known, -1))
    return free, table[..., structure.turn(variable)]


def posterior_of(
    planner: Planner,
    case: Case,
    wanted: Sequence[int],
    kept: Sequence[int] = (),
    meeting: Sequence[tuple[int, ...]] = (),
) -> Posterior:
    """The posterior of a case.

    wanted: variables whose marginals will be read. kept: variables that have to be in the tape,
    for joints; meeting: sets of them that had better meet in one step.
    """
    structure = planner.structure
    free = [v for v in wanted if v not in case.hard]
    inside = [v for v in kept if v not in case.hard]
    relevant = structure.ancestors([*case.hard, *case.soft, *free, *inside])
    inner = {parent for v in relevant for parent in structure.parents[v]}
    inner.update(case.soft, inside)
    hanging = tuple(v for v in dict.fromkeys(free) if v not in inner)
    ghosts = list(meeting)
    needed = {*inside, *(v for v in free if v in inner)}
    for leaf in hanging:
        own = tuple(p for p in structure.parents[leaf] if p not in case.hard)
        needed.update(own)
        if isinstance(structure.families[leaf], Table):
            ghosts.append(own)
    problem = planner.problem(case, sorted(needed), [each for each in ghosts if len(each) > 1])
    return Posterior(problem, hanging)
