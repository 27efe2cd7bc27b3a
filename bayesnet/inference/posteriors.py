"""Posteriors and joints of one case: what is in the tape, and the leaves that hang from it.

A wanted leaf that nobody observed changes nothing else, so it is no part of the tape; it is read
from the joint of its parents or, where that would be too large, as the mean of a product.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bayesnet.inference.beliefs import Beliefs
from bayesnet.inference.cases import Case
from bayesnet.inference.family_factors import NO_SIGNS
from bayesnet.inference.noisy_sources import full_table, sources
from bayesnet.inference.passes import Calibrated, Extra
from bayesnet.inference.problem import Planner, Problem, blocks
from bayesnet.inference.structure import Structure
from bayesnet.inference.tuning import HANGING_ENTRIES, KEPT_TABLE, SIGNED_FROM
from bayesnet.network import Array, Table


@dataclass(frozen=True, eq=False)
class Posterior:
    """What a case makes of the variables that its problem was made for.

    hanging: leaves outside the tape whose parents are in it or observed. extra: further weights
    of vertices, by lane; without any there is one lane, the case itself.
    """

    problem: Problem
    hanging: tuple[int, ...]
    extra: Extra = field(default_factory=dict)

    def supposing(self, extra: Extra) -> "Posterior":
        """Return the same problem with further weights of vertices, shape (states, lanes)."""
        return Posterior(self.problem, self.hanging, extra)

    @cached_property
    def calibrated(self) -> Calibrated:
        """Both passes; no lane may be impossible if its posterior is to mean anything."""
        return (
            self.problem.variants(self.extra).reversed() if self.extra else self.problem.calibrated
        )

    @cached_property
    def log_z(self) -> Array:
        """Natural log of each lane's probability, shape (lanes,); -inf where it is impossible."""
        forward = self.problem.variants(self.extra) if self.extra else self.problem.forward
        return np.asarray(forward.log_z + self.problem.log_constant, dtype=np.float64)

    @cached_property
    def beliefs(self) -> Beliefs:
        """Joints of variables in the tape."""
        return Beliefs(self.calibrated)

    def joint(self, variables: Sequence[int]) -> Array:
        """Joint posterior of variables in the tape, an axis each in the order given, then lanes."""
        return self.beliefs.joint(tuple(variables))

    def marginals(self, variables: Sequence[int]) -> dict[int, Array]:
        """Posteriors of free variables, in the tape or hanging from it, shape (states, lanes)."""
        hanging = set(self.hanging)
        leaves = self._leaves([v for v in variables if v in hanging])
        return {v: leaves[v] if v in leaves else self.calibrated.marginal(v) for v in variables}

    def _leaves(self, variables: Sequence[int]) -> dict[int, Array]:
        structure, case = self.problem.structure, self.problem.case
        found: dict[int, Array] = {}
        wide = []
        for variable in variables:
            too_wide = hanging_entries(structure, case, variable) > HANGING_ENTRIES
            if too_wide or self.problem.signed:
                wide.append(variable)
                continue
            free, table = conditional(structure, case, variable)
            if not free:
                found[variable] = _shares(table[:, None])
                continue
            joint = self.joint(free)
            flat = table.reshape(-1, table.shape[-1])
            found[variable] = _shares(np.einsum("fl,fs->sl", joint.reshape(len(flat), -1), flat))
        found.update(self._means(wide))
        return found

    def _means(self, variables: Sequence[int]) -> dict[int, Array]:
        """Noisy-MAX leaves: P(at most a state) is the mean of a product over the parents."""
        sizes, lanes = self.problem.structure.sizes, len(self.log_z)
        below = {v: np.ones((sizes[v], lanes)) for v in variables}
        # Of all leaves together, since one of two states fills one lane of many.
        asked = [
            (v, state, lane)
            for v in variables
            for state in range(sizes[v] - 1)
            for lane in range(lanes)
        ]
        for block in blocks(len(asked), self.problem.lanes):
            means = self._at_most(asked[block]).tolist()
            for (v, state, lane), mean in zip(asked[block], means, strict=True):
                below[v][state, lane] = mean
        found = {}
        for v, each in below.items():
            values = np.maximum(0.0, np.diff(each, axis=0, prepend=0.0))
            found[v] = _shares(values)[self.problem.structure.turn(v)]
        return found

    def _at_most(self, asked: Sequence[tuple[int, int, int]]) -> Array:
        """P(leaf <= state) in a lane, for each (leaf, state, lane) of some: shape (asked,)."""
        structure, hard, columns = (
            self.problem.structure,
            self.problem.case.hard,
            self.problem.lanes,
        )
        of = np.zeros(columns, dtype=np.intp)
        of[: len(asked)] = [lane for _, _, lane in asked]
        extra = {v: weights[:, of] for v, weights in self.extra.items()}
        scale = np.ones(columns)
        for at, (variable, state, _) in enumerate(asked):
            leak, links = structure.at_most(variable)
            scale[at] = leak[state]
            for parent, link in links.items():
                if parent in hard:
                    scale[at] *= link[hard[parent], state]
                    continue
                if parent not in extra:
                    extra[parent] = np.ones((structure.sizes[parent], columns))
                extra[parent][:, at] *= link[:, state]
        raised = self.problem.variants(extra).log_z + self.problem.log_constant
        # Where signs cancel to nothing, what is left may be just below it.
        raised = np.where(np.isnan(raised), -np.inf, raised)
        means = scale * np.exp(np.broadcast_to(raised, columns) - self.log_z[of])
        return np.asarray(means[: len(asked)])


def _shares(values: Array) -> Array:
    """Shares along the first axis; an impossible lane has none."""
    total = values.sum(axis=0)
    return np.asarray(values / np.where(total > 0, total, 1.0))


def hanging_entries(structure: Structure, case: Case, variable: int) -> int:
    """Entries of P(variable | free parents)."""
    free = (v for v in (*structure.parents[variable], variable) if v not in case.hard)
    return math.prod(structure.sizes[v] for v in free)


def conditional(structure: Structure, case: Case, variable: int) -> tuple[tuple[int, ...], Array]:
    """(free parents, P(variable | them) with an axis for each and the last for its states)."""
    parents, hard = structure.parents[variable], case.hard
    free = tuple(parent for parent in parents if parent not in hard)
    if structure.entries(variable) <= KEPT_TABLE:
        return free, structure.table(variable)[tuple(hard.get(p, slice(None)) for p in parents)]
    known = [hard.get(parent) for parent in parents]
    table = full_table(sources(structure.arrays[variable], known, -1))
    return free, table[..., structure.turn(variable)]


@dataclass(frozen=True)
class Outline:
    """What a posterior has to hold.

    needed: free variables of the tape. ghosts: sets of them that had better meet in one step.
    hanging: wanted leaves outside it.
    """

    needed: tuple[int, ...]
    ghosts: tuple[tuple[int, ...], ...]
    hanging: tuple[int, ...]


def outline(
    structure: Structure,
    case: Case,
    wanted: Sequence[int],
    kept: Sequence[int] = (),
    meeting: Sequence[tuple[int, ...]] = (),
) -> Outline:
    """Outline what `posterior_of` will hold for the same arguments."""
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
    meet = tuple(each for each in ghosts if len(each) > 1)
    return Outline(tuple(sorted(needed)), meet, hanging)


def posterior_of(
    planner: Planner,
    case: Case,
    wanted: Sequence[int],
    kept: Sequence[int] = (),
    meeting: Sequence[tuple[int, ...]] = (),
) -> Posterior:
    """Make the posterior of a case; its passes are run when they are read.

    wanted: variables whose marginals will be read. kept: variables that have to be in the tape,
    for joints; meeting: sets of them that had better meet in one step.
    """
    found = outline(planner.structure, case, wanted, kept, meeting)
    # A joint is put together from conditional posteriors, which signs may cancel to nothing.
    tables = any(isinstance(planner.structure.families[v], Table) for v in found.hanging)
    signed_from = NO_SIGNS if kept or tables else SIGNED_FROM
    problem = planner.problem(case, found.needed, found.ghosts, signed_from=signed_from)
    return Posterior(problem, found.hanging)
