"""Expected information of questions about the joint of some targets, exactly.

I(T; Q | e) = H(Q | e) - H(Q | D, e), where D are the targets that separate Q from all the others.
About each target by itself see `pairs`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.analysis.entropy import entropy
from bayesnet.analysis.pairs import pairs, problem_of
from bayesnet.analysis.questions import Question, plan_questions
from bayesnet.inference.cases import Case
from bayesnet.inference.posteriors import Posterior, conditional, posterior_of
from bayesnet.inference.problem import Planner
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

    wanted: further variables whose marginals will be read from the posterior. Nothing is told of
    an impossible case.
    """
    plans = plan_questions(planner.structure, case, targets, questions)
    kept = {v for plan in plans for v in plan.scope}.union(targets)
    posterior = posterior_of(planner, case, wanted, sorted(kept))
    bits: dict[int, float] = {}
    chances: dict[int, Array] = {}
    for plan in () if np.isneginf(posterior.log_z).any() else plans:
        told, chances[plan.variable] = _read(posterior, plan)
        bits[plan.variable] = max(0.0, told)
    return Asked(posterior, bits, chances)


def _read(posterior: Posterior, plan: Question) -> tuple[float, Array]:
    """Return a question's bits, and its posterior, (states,)."""
    joint = posterior.joint(plan.scope)[..., 0]
    if plan.boundary == (plan.variable,):
        return entropy(joint), joint
    boundary = len(plan.boundary)
    alone = joint.sum(axis=tuple(range(boundary, joint.ndim)))
    if plan.hanging:
        free, table = conditional(
            posterior.problem.structure, posterior.problem.case, plan.variable
        )
        answer = len(plan.scope)
        own = [*(plan.scope.index(v) for v in free), answer]
        operands: list[Any] = [joint, list(range(answer)), table, own, [*range(boundary), answer]]
        joint = np.asarray(np.einsum(*operands))
    chance = joint.sum(axis=tuple(range(boundary)))
    return entropy(alone) + entropy(chance) - entropy(joint), chance


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
    found = pairs(problem_of(planner, case, about, asked), about, asked)
    row = {target: at for at, target in enumerate(about)}
    column = {question: at for at, question in enumerate(asked)}
    rows = [at for at, target in enumerate(targets) if target in row]
    columns = [at for at, question in enumerate(questions) if question in column]
    own = [row[targets[at]] for at in rows], [column[questions[at]] for at in columns]
    bits[np.ix_(rows, columns)] = found.bits[np.ix_(*own)]
    return bits
