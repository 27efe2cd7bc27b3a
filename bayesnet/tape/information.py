"""Expected information of questions about targets, exactly.

About the joint of the targets, I(T; Q | e) = H(Q | e) - H(Q | D, e), where D are the targets that
separate Q from all the others; about each target by itself, from the posteriors given each of
its states.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from bayesnet.network import Array
from bayesnet.tape.bits import entropy, mean_entropy
from bayesnet.tape.cases import Case
from bayesnet.tape.posteriors import Posterior, posterior_of
from bayesnet.tape.problem import Planner, Problem, blocks
from bayesnet.tape.questions import Question, answers, plan_questions
from bayesnet.tape.structure import Structure
from bayesnet.tape.sweep import Swept, sweep
from bayesnet.tape.tuning import CORE_ENTRIES


@dataclass(frozen=True, eq=False)
class Asked:
    """One posterior and what was read from it.

    bits, chances: of each unobserved question, what it is worth about the joint of the targets,
    and the posterior of its answers, shape (states,).
    """

    posterior: Posterior
    bits: Mapping[int, float]
    chances: Mapping[int, Array]


def ask(
    planner: Planner,
    case: Case,
    targets: Sequence[int],
    questions: Sequence[int],
    wanted: Sequence[int] = (),
) -> Asked:
    """The posterior of a case, and what each question is worth.

    wanted: further variables whose marginals will be read from the posterior, which is of no
    meaning where the case is impossible.
    """
    plans = plan_questions(planner.structure, case, targets, questions)
    kept = {v for plan in plans for v in plan.scope}.union(targets)
    core = core_of(planner.structure, case, targets)
    posterior = posterior_of(planner, case, wanted, sorted(kept), core=core)
    return Asked(posterior, *read_questions(posterior, plans, targets))


def core_of(structure: Structure, case: Case, targets: Sequence[int]) -> frozenset[int]:
    """The free targets, where their joint is small enough to be the tape's core; else nothing."""
    free = frozenset(v for v in targets if v not in case.hard)
    entries = math.prod(structure.sizes[v] for v in free)
    return free if entries <= CORE_ENTRIES else frozenset()


def ask_again(asked: Asked, targets: Sequence[int], questions: Sequence[int]) -> dict[int, float]:
    """{question: bits about the joint of some of the targets}, from the same posterior."""
    problem = asked.posterior.problem
    inside, gone = problem.factors.inside, problem.factors.absorbed.keys()
    plans = plan_questions(problem.structure, problem.case, targets, questions, inside, gone)
    return read_questions(asked.posterior, plans, targets)[0]


def read_questions(
    posterior: Posterior, plans: Sequence[Question], targets: Sequence[int]
) -> tuple[dict[int, float], dict[int, Array]]:
    """(bits about the joint of the targets, chances) by question; nothing if impossible."""
    bits: dict[int, float] = {}
    chances: dict[int, Array] = {}
    if np.isneginf(posterior.log_z).any():
        return bits, chances
    reading = _Reading(posterior, tuple(plans), frozenset(targets))
    for plan in plans:
        told, chance = reading.read(plan)
        bits[plan.variable] = max(0.0, told)
        chances[plan.variable] = chance
    return bits, chances


@dataclass(frozen=True, eq=False)
class _Reading:
    """Questions read from one posterior, those below a core of targets in one sweep."""

    posterior: Posterior
    plans: tuple[Question, ...]
    targets: frozenset[int]

    @cached_property
    def swept(self) -> dict[int, Swept]:
        """What is below the core, by vertex; nothing where the core holds more than targets."""
        core = self.posterior.problem.tape.core
        if not core or not self.targets.issuperset(core):
            return {}
        asked = {plan.variable for plan in self.plans if not plan.hanging}
        asked.update(v for plan in self.plans for v in self._others(plan))
        parts = sweep(self.posterior.beliefs, asked - set(core))
        return {vertex: part for part in parts for vertex in part.columns}

    @cached_property
    def lost(self) -> dict[int, float]:
        """{vertex below the core: its entropy given the core, in bits}."""
        found: dict[int, float] = {}
        for part in {id(part): part for part in self.swept.values()}.values():
            found.update(part.lost(list(part.columns)))
        return found

    def _others(self, plan: Question) -> list[int]:
        """What a hanging question hangs from beside targets."""
        return [v for v in plan.free if v not in self.targets] if plan.hanging else []

    def read(self, plan: Question) -> tuple[float, Array]:
        """What one question is worth, and the posterior of its answers."""
        if plan.boundary == (plan.variable,):
            chance = self.posterior.joint(plan.scope)[..., 0]
            return entropy(chance), chance
        if not plan.hanging and plan.variable in self.swept:
            chance = self.posterior.calibrated.marginal(plan.variable)[:, 0]
            return entropy(chance) - self.lost[plan.variable], chance
        others = self._others(plan)
        if plan.hanging and (not others or (len(others) == 1 and others[0] in self.swept)):
            weights, rows = self._hanging(plan, others)
            chance = np.einsum("d,ds->s", weights, rows)
            return entropy(chance) - mean_entropy(weights, rows), chance
        return _by_joint(self.posterior, plan)

    def _hanging(self, plan: Question, others: Sequence[int]) -> tuple[Array, Array]:
        """(P(some targets), P(answer | them)), which separate the question from all the others."""
        problem = self.posterior.problem
        table = answers(problem.structure, problem.case, problem.factors.absorbed, plan)
        if not others:
            weights = self.posterior.joint(plan.free)
            return weights.reshape(-1), table.reshape(-1, table.shape[-1])
        part, tape, other = self.swept[others[0]], problem.tape, others[0]
        own = tape.sorted_scope(plan.free)[1:]
        shared = [v for v in part.separator if v in own]
        rest = [v for v in part.separator if v not in own]
        apart = [v for v in own if v not in part.separator]
        count = math.prod(tape.sizes[v] for v in shared)
        given = part.given(other).reshape(*(tape.sizes[v] for v in part.separator), -1)
        order = [part.separator.index(v) for v in (*shared, *rest)]
        left = given.transpose(*order, -1).reshape(count, -1, given.shape[-1])
        order = [plan.free.index(v) for v in (*shared, other, *apart)]
        right = table.transpose(*order, -1).reshape(count, given.shape[-1], -1)
        rows = (left @ right).reshape(-1, table.shape[-1])
        return self.posterior.joint((*shared, *rest, *apart)).reshape(-1), rows


def _by_joint(posterior: Posterior, plan: Question) -> tuple[float, Array]:
    """The same from the joint of the question and what separates it."""
    joint = posterior.joint(plan.scope)[..., 0]
    boundary = len(plan.boundary)
    if not plan.hanging:
        chance = joint.sum(axis=tuple(range(boundary)))
        return entropy(joint.sum(axis=-1)) + entropy(chance) - entropy(joint), chance
    problem = posterior.problem
    table = answers(problem.structure, problem.case, problem.factors.absorbed, plan)
    label = {v: at for at, v in enumerate(plan.scope)}
    own, answer = [label[v] for v in plan.free], len(label)
    operands: list[Any] = [joint, list(range(len(label))), table, [*own, answer]]
    both = np.asarray(np.einsum(*operands, [*range(boundary), answer]))
    chance = both.sum(axis=tuple(range(boundary)))
    alone = joint.sum(axis=tuple(range(boundary, joint.ndim)))
    return entropy(alone) + entropy(chance) - entropy(both), chance


def information_each(
    planner: Planner, case: Case, targets: Sequence[int], questions: Sequence[int]
) -> Array:
    """I(target; question | case) in bits for each pair, shape (targets, questions).

    A target asked about itself tells its entropy; what is observed tells nothing and has nothing
    to be told. The case must be possible.
    """
    bits = np.zeros((len(targets), len(questions)))
    about = [t for t in dict.fromkeys(targets) if t not in case.hard]
    asked = [q for q in dict.fromkeys(questions) if q not in case.hard]
    posterior = posterior_of(planner, case, asked, about)
    chances = {t: posterior.marginals([t])[t][:, 0] for t in about}
    pairs = [(t, s) for t in about for s in np.flatnonzero(chances[t]).tolist()]
    lost = {t: np.zeros(len(asked)) for t in about}
    mixed = {t: [np.zeros(planner.structure.sizes[q]) for q in asked] for t in about}
    for block in blocks(len(pairs), posterior.problem.lanes):
        some = pairs[block]
        given = posterior.supposing(supposed(posterior.problem, some)).marginals(asked)
        for lane, (target, state) in enumerate(some):
            weight = chances[target][state]
            for at, question in enumerate(asked):
                # What the supposition does not reach has one lane for all.
                chance = given[question][:, lane % given[question].shape[1]]
                lost[target][at] += weight * entropy(chance)
                mixed[target][at] += weight * chance
    place = {question: at for at, question in enumerate(asked)}
    for row, target in enumerate(targets):
        for column, question in enumerate(questions):
            if target in lost and question in place:
                at = place[question]
                bits[row, column] = max(0.0, entropy(mixed[target][at]) - lost[target][at])
    return bits


def supposed(problem: Problem, pairs: Sequence[tuple[int, int]]) -> dict[int, Array]:
    """Weights that suppose one (variable, state) in each lane, a full block of lanes."""
    sizes = problem.structure.sizes
    extra = {v: np.ones((sizes[v], problem.lanes)) for v, _ in pairs}
    for lane, (variable, state) in enumerate(pairs):
        extra[variable][:, lane] = 0.0
        extra[variable][state, lane] = 1.0
    return extra
