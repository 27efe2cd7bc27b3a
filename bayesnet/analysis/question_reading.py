"""What each question would tell about the joint of some targets, read off one calibrated tree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.analysis.entropy import entropies, row_entropies
from bayesnet.analysis.question_plans import Hanging, Inside, Leaf, Outside, QuestionPlan, Target
from bayesnet.inference.clique_tree import Codes
from bayesnet.inference.joints import Wanted
from bayesnet.inference.plans import Plans
from bayesnet.inference.posterior import Posterior
from bayesnet.network import Array, Network, NoisyMax, maximum_of

Found = tuple[Array, Array]
"""A question's posterior, shape (cases or 1, states), and its entropy given the targets, in bits,
shape (cases or 1,)."""


@dataclass(frozen=True, eq=False)
class Reading:
    """Of some questions their posteriors, shape (cases or 1, states) each, and their bits.

    bits: shape (questions, cases or 1).
    """

    questions: tuple[int, ...]
    chances: tuple[Array, ...]
    bits: Array


def read_questions(planning: Plans, posterior: Posterior, plans: Sequence[QuestionPlan]) -> Reading:
    """What each question is worth, from one calibrated tree."""
    joints = list(dict.fromkeys(joint for plan in plans for joint in plan.joints))
    inside = [plan for plan in plans if isinstance(plan, Inside)]
    for_entropy = {joint for plan in inside for joint in plan.joints}
    readers: dict[Wanted, list[QuestionPlan]] = {}
    for plan in plans:
        if not isinstance(plan, Inside | Target):
            readers.setdefault(plan.joints[0], []).append(plan)
    kept: dict[Wanted, Array] = {}
    found: dict[int, Found] = {}
    for wanted, joint in zip(joints, posterior.joints(joints), strict=True):
        if wanted in for_entropy:
            kept[wanted] = entropies(joint)
        for plan in readers.get(wanted, ()):
            found[plan.question] = _read(planning, plan, joint, posterior.cases.codes)
    for plan in inside:
        both, without = (kept[joint] for joint in plan.joints)
        found[plan.question] = posterior.marginal(plan.question), both - without
    for plan in plans:
        if isinstance(plan, Target):
            found[plan.question] = posterior.marginal(plan.question), np.zeros(1)
    return _reading(found, len(posterior.collected.log_z))


def _read(planning: Plans, plan: QuestionPlan, joint: Array, codes: Codes) -> Found:
    if isinstance(plan, Leaf):
        return _read_leaf(planning, plan, joint, codes)
    assert isinstance(plan, Outside)
    return _read_outside(planning, plan, joint, codes)


def _reading(found: Mapping[int, Found], cases: int) -> Reading:
    """From each question's posterior and its entropy given the targets."""
    chances = tuple(chance for chance, _ in found.values())
    lost = np.empty((len(found), cases))
    for row, (_, each) in zip(lost, found.values(), strict=True):
        row[:] = each
    bits = np.maximum(0.0, row_entropies(stacked(chances, cases)) - lost)
    return Reading(tuple(found), chances, bits)


def stacked(chances: Sequence[Array], cases: int) -> Array:
    """Distributions of several variables, shape (variables, cases, most states), 0 beyond."""
    most = max((each.shape[-1] for each in chances), default=1)
    out = np.zeros((len(chances), cases, most))
    for row, each in zip(out, chances, strict=True):
        row[:, : each.shape[-1]] = each
    return out


def _read_leaf(planning: Plans, plan: Leaf, joint: Array, codes: Codes) -> Found:
    """Its posterior and its expected entropy in one product."""
    weights = joint.reshape(len(joint), 1, -1)
    read = (weights @ _answers(planning, plan, codes))[:, 0]
    return read[:, :-1], read[:, -1]


def _read_outside(planning: Plans, plan: Outside, joint: Array, codes: Codes) -> Found:
    """By its table given its parents, those that are no targets summed out."""
    answers = _answers(planning, plan, codes)[..., :-1]
    axes, own, left = plan.labels
    sizes = [joint.shape[label] for label in own[1:-1]]
    operands: list[Any] = [joint, axes, answers.reshape(len(answers), *sizes, -1), own, left]
    rows = np.einsum(*operands).reshape(len(joint), -1, answers.shape[-1])
    return rows.sum(axis=1), entropies(rows) - entropies(rows.sum(axis=2))


def _answers(planning: Plans, plan: Hanging, codes: Codes) -> Array:
    """P(question | what it hangs from), and the entropy of each row as a last column.

    Shape (cases or 1, states of what it hangs from, states + 1).
    """
    own = dict.fromkeys(p for v in (plan.question, *plan.barren) for p in planning.parents[v])
    seen = [p for p in own if p not in plan.free and p not in plan.barren]

    def answers(states: tuple[int, ...]) -> Array:
        known = dict(zip(seen, states, strict=True))
        table = _folded(planning, plan, known)
        rows = table.reshape(-1, table.shape[-1])
        return np.column_stack([rows, row_entropies(rows)])

    def remembered(states: tuple[int, ...]) -> Array:
        key = ("answers", plan.question, plan.free, plan.barren, states)
        return planning.remembered(key, lambda: answers(states))

    if not seen or codes.shape[1] == 1:
        return remembered(tuple(codes[seen, 0].tolist()))[None]
    kinds, which = np.unique(codes[seen], axis=1, return_inverse=True)
    return np.array([remembered(tuple(kind)) for kind in kinds.T.tolist()])[which]


def _folded(planning: Plans, plan: Hanging, known: Mapping[int, int]) -> Array:
    """P(question | what it hangs from), what is between summed out; shape (free..., states)."""

    def table_of(variable: int) -> tuple[Array, list[int]]:
        own = planning.parents[variable]
        unseen = [p for p in own if p not in known]
        return conditional_table(planning.solved, own, variable, unseen, known), [*unseen, variable]

    table, axes = table_of(plan.question)
    for variable in reversed(plan.barren):
        factor, scope = table_of(variable)
        kept = [v for v in dict.fromkeys((*scope, *axes)) if v not in (variable, plan.question)]
        label = {v: at for at, v in enumerate(dict.fromkeys((*axes, *scope)))}
        operands: list[Any] = [table, [label[v] for v in axes], factor, [label[v] for v in scope]]
        axes = [*kept, plan.question]
        table = np.einsum(*operands, [label[v] for v in axes])
    return table.transpose([axes.index(v) for v in (*plan.free, plan.question)])


def conditional_table(
    network: Network,
    own: Sequence[int],
    question: int,
    free: Sequence[int],
    codes: Mapping[int, int],
) -> Array:
    """P(question | its free parents), observed parents at their states; shape (free..., states)."""
    family = network.families[question]
    if isinstance(family, NoisyMax):
        values = family.leak[family.order]
        for parent, link in zip(own, family.links, strict=True):
            rising = link[:, family.order]
            if parent in free:
                values = maximum_of(values[..., None, :], rising)
            else:
                values = maximum_of(values, np.broadcast_to(rising[codes[parent]], values.shape))
        return values[..., family.order]
    at = tuple(slice(None) if parent in free else codes[parent] for parent in own)
    return np.asarray(family.values[at])
