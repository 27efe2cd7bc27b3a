"""Expected information of questions about targets, exactly.

About the joint of the targets, I(T; Q | e) = H(Q | e) - H(Q | D, e), where D are the targets that
separate Q from all the others; about each target by itself, from the posteriors given each of
its states.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from bayesnet.analysis.entropy import entropy, mean_entropy
from bayesnet.analysis.questions import Question, answers, plan_questions
from bayesnet.analysis.sweep import Swept, sweep
from bayesnet.inference.cases import Case
from bayesnet.inference.matrix_products import product
from bayesnet.inference.posteriors import Posterior, posterior_of
from bayesnet.inference.problem import Planner, Problem, blocks
from bayesnet.inference.structure import Structure
from bayesnet.inference.tuning import CORE_ENTRIES
from bayesnet.network import Array


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
    """Compute the posterior of a case, and the expected information of each question.

    wanted: further variables whose marginals will be read from the posterior, which is of no
    meaning where the case is impossible.
    """
    plans = plan_questions(planner.structure, case, targets, questions)
    kept = {v for plan in plans for v in plan.scope}.union(targets)
    core = core_of(planner.structure, case, targets)
    free = [v for v in targets if v not in case.hard]
    posterior = posterior_of(planner, case, wanted, sorted(kept), core=core)
    return Asked(posterior, *read_questions(Reading(posterior, plans, frozenset(free))))


def core_of(structure: Structure, case: Case, targets: Sequence[int]) -> frozenset[int]:
    """Return the free targets if their joint is small enough to be the tape's core; or none."""
    free = frozenset(v for v in targets if v not in case.hard)
    entries = math.prod(structure.sizes[v] for v in free)
    return free if entries <= CORE_ENTRIES else frozenset()


def read_questions(reading: "Reading") -> tuple[dict[int, float], dict[int, Array]]:
    """(bits about the joint of the targets, chances) by question; nothing if impossible."""
    bits: dict[int, float] = {}
    chances: dict[int, Array] = {}
    if np.isneginf(reading.posterior.log_z).any():
        return bits, chances
    for plan in reading.plans:
        told, chance = reading.read(plan, reading.targets)
        bits[plan.variable] = max(0.0, told)
        chances[plan.variable] = chance
    return bits, chances


@dataclass(frozen=True, eq=False)
class Reading:
    """Questions read from one posterior, those below a core in one sweep.

    targets: those that the plans are for, all in the core where there is one.
    """

    posterior: Posterior
    plans: tuple[Question, ...]
    targets: frozenset[int]
    _products: dict[tuple[tuple[int, ...], frozenset[int]], tuple[Array, Array]] = field(
        default_factory=dict
    )

    @cached_property
    def core(self) -> frozenset[int]:
        """The core; nothing where a target is not in it."""
        core = frozenset(self.posterior.problem.tape.core)
        return core if self.targets <= core else frozenset()

    def about(self, targets: Sequence[int]) -> dict[int, float]:
        """{question: bits about the joint of some of the targets}."""
        some = frozenset(targets)
        return {plan.variable: max(0.0, self.read(plan, some)[0]) for plan in self.plans}

    @cached_property
    def swept(self) -> dict[int, Swept]:
        """What is below the core, by vertex."""
        if not self.core:
            return {}
        asked = {plan.variable for plan in self.plans if not plan.hanging}
        asked.update(v for plan in self.plans for v in self._others(plan))
        parts = sweep(self.posterior.beliefs, asked - self.core)
        return {vertex: part for part in parts for vertex in part.rows}

    @cached_property
    def lost(self) -> dict[int, float]:
        """{vertex below the core: its entropy given the core, in bits}."""
        found: dict[int, float] = {}
        for part in {id(part): part for part in self.swept.values()}.values():
            found.update(part.lost(list(part.rows)))
        return found

    def _others(self, plan: Question) -> list[int]:
        """List what a hanging question hangs from outside the core (without one: the targets)."""
        inside = self.core or self.targets
        return [v for v in plan.free if v not in inside] if plan.hanging else []

    def read(self, plan: Question, targets: frozenset[int]) -> tuple[float, Array]:
        """Return a question's bits about all targets or some, and its posterior, (states,)."""
        if plan.variable in targets:
            chance = self.posterior.joint((plan.variable,))[..., 0]
            return entropy(chance), chance
        every = targets == (self.core or self.targets)
        if every and not plan.hanging and plan.variable in self.swept:
            chance = self.posterior.calibrated.marginal(plan.variable)[:, 0]
            return entropy(chance) - self.lost[plan.variable], chance
        found = self._separated(plan)
        if found is None or not (every or self.core):
            return _by_joint(self.posterior, self._replanned(plan, targets))
        scope, rows = found
        if not every:
            both = self._with_targets(plan, scope, rows, targets)
            chance = both.sum(axis=0)
            return entropy(both.sum(axis=1)) + entropy(chance) - entropy(both), chance
        weights = self.posterior.joint(scope).reshape(-1)
        chance = np.einsum("d,ds->s", weights, rows)
        return entropy(chance) - mean_entropy(weights, rows), chance

    def _replanned(self, plan: Question, targets: frozenset[int]) -> Question:
        """Plan a question for some of the targets."""
        if targets == self.targets:
            return plan
        problem = self.posterior.problem
        inside, gone = problem.factors.inside, problem.factors.absorbed.keys()
        again = plan_questions(
            problem.structure, problem.case, targets, [plan.variable], inside, gone
        )
        return again[0]

    def _separated(self, plan: Question) -> tuple[tuple[int, ...], Array] | None:
        """Return (vertices that separate a question from targets, P(answer | them)) or None."""
        if not plan.hanging:
            if plan.variable not in self.swept:
                return None
            part = self.swept[plan.variable]
            return part.separator, part.chances.T
        others = self._others(plan)
        if not others or (len(others) == 1 and others[0] in self.swept):
            return self._hanging(plan, others)
        return None

    def _with_targets(
        self, plan: Question, scope: tuple[int, ...], rows: Array, targets: frozenset[int]
    ) -> Array:
        """P(targets, answer), shape (joint states of the targets, answers)."""
        if plan.hanging:
            return product(self._beside(scope, targets), rows)
        part = self.swept[plan.variable]
        key = (part.separator, targets)
        if key not in self._products:
            weights = self._beside(scope, targets)
            told = product(weights, part.chances.T)
            self._products[key] = told, weights.sum(axis=1, keepdims=True)
        joint, total = self._products[key]
        some = joint[:, part.rows[plan.variable]]
        last = np.maximum(0.0, total - some.sum(axis=1, keepdims=True))
        return np.concatenate([some, last], axis=1)

    def _beside(self, scope: tuple[int, ...], targets: frozenset[int]) -> Array:
        """P(targets, scope), shape (joint states of the targets, of the scope)."""
        sizes = self.posterior.problem.tape.sizes
        apart = tuple(sorted(targets.difference(scope)))
        entries = math.prod(sizes[v] for v in scope)
        joint = self.posterior.joint((*scope, *apart)).reshape(entries, -1)
        code = np.zeros([1] * len(scope), dtype=np.intp)
        count = 1
        for at, vertex in enumerate(scope):
            if vertex in targets:
                shape = [-1 if other == at else 1 for other in range(len(scope))]
                code = code + count * np.arange(sizes[vertex]).reshape(shape)
                count *= sizes[vertex]
        code = np.broadcast_to(code, [sizes[v] for v in scope]).reshape(-1)
        weights = np.zeros((count, joint.shape[1], entries))
        weights[code, :, np.arange(entries)] = joint
        return weights.reshape(-1, entries)

    def _hanging(self, plan: Question, others: Sequence[int]) -> tuple[tuple[int, ...], Array]:
        """Do what `_separated` does for a hanging question with at most one vertex below core."""
        problem = self.posterior.problem
        table = answers(problem.structure, problem.case, problem.factors.absorbed, plan)
        if not others:
            return plan.free, table.reshape(-1, table.shape[-1])
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
        return (*shared, *rest, *apart), rows


def _by_joint(posterior: Posterior, plan: Question) -> tuple[float, Array]:
    """Do what `Reading.read` does, from the joint of the question and what separates it."""
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
