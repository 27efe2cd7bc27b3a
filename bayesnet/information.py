"""Expected information of each question about the joint of some targets, exactly.

For a question Q and targets T, I(T; Q | e) = I(D; Q | e), where D are the targets that separate
Q from all the others; so a leaf whose parents are targets needs only its parents' joint, and
every question is answered from one calibrated tree.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.evidence import MISSING, Observed
from bayesnet.graph import join, mask_of, members, moralise
from bayesnet.joints import Wanted
from bayesnet.network import Array, Network, NoisyMax, maximum_of
from bayesnet.plan import Request, ancestors
from bayesnet.posterior import Posterior

if TYPE_CHECKING:
    from bayesnet.engine import Engine


SMALLEST = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class QuestionPlan:
    """How one question is read off: the joint that is needed, and what it holds.

    joint: for a question inside the tree itself and then the separating targets; for one outside
    the separating targets and then those of its unobserved parents (`free_parents`) that are
    none. separated: number of separating targets.
    """

    question: int
    joint: Wanted
    separated: int
    free_parents: tuple[int, ...] | None


@dataclass(frozen=True, eq=False)
class Asked:
    """One calibrated tree and what was read from it.

    request: what the tree keeps. bits, chances: of each unobserved question, what it is worth
    and the posterior of its answers, shape (states,).
    """

    request: Request
    posterior: Posterior
    bits: Mapping[str, float]
    chances: Mapping[str, Array]


def information(
    engine: "Engine", targets: Sequence[int], questions: Sequence[int], observed: Observed
) -> dict[str, float]:
    """{question: I(targets; question | evidence) in bits}; observed questions are worth 0."""
    bits = ask(engine, targets, questions, observed).bits
    names = engine.network.names
    return {names[q]: bits.get(names[q], 0.0) for q in questions}


def ask(
    engine: "Engine",
    targets: Sequence[int],
    questions: Sequence[int],
    observed: Observed,
    wanted: Sequence[int] = (),
) -> Asked:
    """The posterior of one case and what each question is worth, from one propagation.

    wanted: further variables whose marginals will be read from the posterior.
    """
    seen = frozenset(int(v) for v in np.flatnonzero(observed.codes[:, 0] != MISSING))
    soft = frozenset(observed.likelihoods)
    key = ("questions", seen, soft, tuple(targets), tuple(questions))
    plans = engine.remembered(
        key, lambda: plan_questions(engine.parents, seen, soft, targets, questions)
    )
    kept = sorted(
        {v for plan in plans for v in (*plan.joint.leading, *plan.joint.others)}
        | (set(targets) - seen)
    )
    request = Request(wanted=tuple(wanted), kept=tuple(kept))
    posterior = engine.posterior(observed, request)
    read = read_questions(engine, posterior, plans)
    names = engine.network.names
    return Asked(
        request,
        posterior,
        {names[v]: bits for v, (bits, _) in read.items()},
        {names[v]: chances for v, (_, chances) in read.items()},
    )


def plan_questions(
    parents: Sequence[Sequence[int]],
    seen: frozenset[int],
    soft: frozenset[int],
    targets: Sequence[int],
    questions: Sequence[int],
) -> tuple[QuestionPlan, ...]:
    """What each unobserved question needs, by separation in the moral ancestral graph."""
    aims = set(targets) - seen
    inner = ancestors(parents, seen | soft | aims)
    moral = moralise(len(parents), [(*parents[v], v) for v in inner])
    closed, stops = mask_of(seen), mask_of(aims)
    plans: list[QuestionPlan] = []
    for question in questions:
        if question in seen:
            continue
        if question in aims:
            plans.append(QuestionPlan(question, Wanted((question,)), 1, None))
            continue
        free = tuple(p for p in parents[question] if p not in seen)
        if question not in inner and aims.issuperset(free):
            plans.append(QuestionPlan(question, Wanted(free), len(free), free))
            continue
        adjacent = list(moral)
        for v in ancestors(parents, [question]) - inner:
            join(adjacent, (*parents[v], v))
        boundary = _boundary(adjacent, closed, stops, question)
        if question in inner:
            joint = Wanted((question,), boundary)
            plans.append(QuestionPlan(question, joint, len(boundary), None))
        else:
            rest = tuple(p for p in free if p not in boundary)
            joint = Wanted((*boundary, *rest))
            plans.append(QuestionPlan(question, joint, len(boundary), free))
    return tuple(plans)


def read_questions(
    engine: "Engine", posterior: Posterior, plans: Sequence[QuestionPlan]
) -> dict[int, tuple[float, Array]]:
    """{question: (bits, its posterior, shape (states,))} from one calibrated tree."""
    by_joint: dict[Wanted, list[QuestionPlan]] = {}
    for plan in plans:
        by_joint.setdefault(plan.joint, []).append(plan)
    codes = posterior.cases.codes[:, 0]
    targets: dict[tuple[int, ...], float] = {}
    found: dict[int, tuple[float, Array]] = {}
    joints = posterior.joints(list(by_joint))
    for same, joint in zip(by_joint.values(), joints, strict=True):
        for plan in same:
            if plan.free_parents is None:
                found[plan.question] = _read_inner(plan, joint[0], targets)
            else:
                found[plan.question] = _read_outer(engine, plan, joint[0], codes)
    return found


def _read_outer(
    engine: "Engine", plan: QuestionPlan, joint: Array, codes: NDArray[np.intp]
) -> tuple[float, Array]:
    """Of a question outside the tree, by its table given its parents."""
    answers = _answers(engine, plan, codes)
    if plan.joint.leading == plan.free_parents and plan.separated == len(plan.free_parents):
        weights = joint.ravel()
        chances = weights @ answers.table
        bits = entropy(chances) - float(weights @ answers.entropies)
        return max(0.0, bits), chances
    rows = _predicted(plan, joint, answers.shaped)
    return mutual_information(rows), rows.sum(axis=0)


def _read_inner(
    plan: QuestionPlan, joint: Array, targets: dict[tuple[int, ...], float]
) -> tuple[float, Array]:
    """Of a question inside the tree; one that is itself a target tells its own entropy.

    targets: entropies of sets of targets, which many questions share; added to.
    """
    if plan.separated and not plan.joint.others:
        return max(0.0, entropy(joint)), joint
    rows = joint.reshape(len(joint), -1)
    chances = rows.sum(axis=1)
    if plan.joint.others not in targets:
        targets[plan.joint.others] = entropy(rows.sum(axis=0))
    bits = entropy(chances) + targets[plan.joint.others] - entropy(rows)
    return max(0.0, bits), chances


@dataclass(frozen=True, eq=False)
class Answers:
    """P(question | its unobserved parents): shaped, as rows, and each row's entropy in bits."""

    shaped: Array
    table: Array
    entropies: Array


def _answers(engine: "Engine", plan: QuestionPlan, codes: NDArray[np.intp]) -> Answers:
    assert plan.free_parents is not None
    free = plan.free_parents
    own = engine.parents[plan.question]
    seen = tuple((p, int(codes[p])) for p in own if p not in free)

    def make() -> Answers:
        shaped = conditional_table(engine.network, own, plan.question, free, dict(seen))
        table = shaped.reshape(-1, shaped.shape[-1])
        return Answers(shaped, table, _surprise(table).sum(axis=1))

    return engine.remembered(("answers", plan.question, free, seen), make)


def entropy(distribution: Array) -> float:
    """Entropy of one distribution, an array of any shape, in bits."""
    return float(_surprise(distribution).sum())


def _surprise(p: Array) -> Array:
    """-p log2 p of each entry; 0 where p is 0."""
    logs = np.maximum(p, SMALLEST)
    np.log(logs, out=logs)
    logs *= p
    logs *= -1.0 / math.log(2.0)
    return logs


def mutual_information(joint: Array) -> float:
    """I(row; column) of a joint distribution, shape (rows, columns), in bits."""
    apart = entropy(joint.sum(axis=0)) + entropy(joint.sum(axis=1))
    return max(0.0, apart - entropy(joint))


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
        values = family.leak
        for parent, link in zip(own, family.links, strict=True):
            if parent in free:
                values = maximum_of(values[..., None, :], link)
            else:
                values = maximum_of(values, np.broadcast_to(link[codes[parent]], values.shape))
        return values
    at = tuple(slice(None) if parent in free else codes[parent] for parent in own)
    return np.asarray(family.values[at])


def _predicted(plan: QuestionPlan, joint: Array, table: Array) -> Array:
    """Joint of the separating targets and the question: shape (targets' states, states)."""
    assert plan.free_parents is not None
    label = {variable: at for at, variable in enumerate(plan.joint.leading)}
    own = [*(label[p] for p in plan.free_parents), len(label)]
    out = [*range(plan.separated), len(label)]
    operands: list[Any] = [joint, list(range(len(label))), table, own, out]
    rows = np.einsum(*operands)
    return np.asarray(rows.reshape(-1, table.shape[-1]))


def _boundary(adjacent: Sequence[int], closed: int, stops: int, question: int) -> tuple[int, ...]:
    """The stops met first on every path from the question around what is closed (masks)."""
    reached = frontier = 1 << question
    while frontier:
        around = 0
        for vertex in members(frontier & ~stops):
            around |= adjacent[vertex]
        frontier = around & ~reached & ~closed
        reached |= frontier
    return tuple(members(reached & stops))
