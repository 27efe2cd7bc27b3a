"""Expected information of each question about some targets, exactly, from one calibrated tree.

About the joint of the targets, I(T; Q | e) = H(Q | e) - H(Q | D, e), where D are the targets that
separate Q from all the others; about each target by itself, from the posteriors given each of
its states.
"""

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from bayesnet.analysis.entropy import pairwise_bits
from bayesnet.analysis.question_plans import QuestionPlan, plan_questions
from bayesnet.analysis.question_reading import read_questions, stacked
from bayesnet.inference.clique_tree import Codes
from bayesnet.inference.impossible_evidence import raise_impossible
from bayesnet.inference.inference import Inference
from bayesnet.inference.plan import Plan, Request
from bayesnet.inference.posterior import Posterior, posterior_of
from bayesnet.network import Array, Network
from bayesnet.network.evidence import MISSING, Observed, softened

JOINTS_BYTES = 16 << 20


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
    inference: Inference, targets: Sequence[int], questions: Sequence[int], observed: Observed
) -> dict[str, float]:
    """{question: I(targets; question | evidence) in bits}; observed questions are worth 0."""
    bits = ask(inference, targets, questions, observed).bits
    names = inference.network.names
    return {names[q]: bits.get(names[q], 0.0) for q in questions}


def ask(
    inference: Inference,
    targets: Sequence[int],
    questions: Sequence[int],
    observed: Observed,
    wanted: Sequence[int] = (),
) -> Asked:
    """The posterior of one case and what each question is worth, from one propagation.

    wanted: further variables whose marginals will be read from the posterior.
    Raises ImpossibleEvidenceError.
    """
    plans, kept = _planned(inference, _seen(observed), observed, targets, questions)
    request = Request(wanted=tuple(wanted), kept=kept)
    posterior = inference.posterior(observed, request)
    read = read_questions(inference.plans, posterior, plans)
    names = [inference.network.names[q] for q in read.questions]
    bits = dict(zip(names, read.bits[:, 0].tolist(), strict=True))
    chances = {name: each[0] for name, each in zip(names, read.chances, strict=True)}
    return Asked(request, posterior, bits, chances)


def ask_again(
    inference: Inference, asked: Asked, some: Sequence[int], observed: Observed
) -> dict[str, float]:
    """{question: I(some of the targets; question | evidence) in bits}, from the same tree."""
    names = inference.network.names
    questions = [inference.network.position(name) for name in asked.bits]
    kept = asked.request.kept
    plans, _ = _planned(inference, _seen(observed), observed, some, questions, kept=kept)
    read = read_questions(inference.plans, asked.posterior, plans)
    return {names[q]: float(row[0]) for q, row in zip(read.questions, read.bits, strict=True)}


def ask_many(
    inference: Inference, targets: Sequence[int], questions: Sequence[int], observed: Observed
) -> Array:
    """I(targets; question | evidence) in bits for each case, shape (questions, cases).

    0 where the case has answered the question, NaN where its evidence is impossible. Cases that
    share a plan share a propagation.
    """
    # Slow to import, and of no use to one case.
    from concurrent.futures import ThreadPoolExecutor

    bits = np.zeros((len(questions), observed.cases))
    place: dict[int, list[int]] = {}
    for at, question in enumerate(questions):
        place.setdefault(question, []).append(at)

    def fill(tree: Plan, plans: tuple[QuestionPlan, ...], chunk: Codes) -> None:
        posterior = posterior_of(tree, inference.plans.cases(tree, observed.take(chunk)))
        read = read_questions(inference.plans, posterior, plans)
        for question, values in zip(read.questions, read.bits, strict=True):
            for at in place[question]:
                bits[at, chunk] = values
        impossible = np.isneginf(posterior.collected.log_z)
        bits[:, chunk] = np.where(impossible, np.nan, bits[:, chunk])

    for tree, plans, rows in _trees(inference, targets, questions, observed):
        chunks = _chunks(rows, tree.program.memory + _bytes(inference.network, plans))
        # The first by itself plans the joints, which the others then share.
        for chunk in islice(chunks, 1):
            fill(tree, plans, chunk)
        # A chunk's rows are its own, and numpy lets other threads run while it works.
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            list(pool.map(lambda chunk, t=tree, p=plans: fill(t, p, chunk), chunks))
    answered = observed.codes[list(questions)] != MISSING
    return np.where(answered & ~np.isnan(bits), 0.0, bits)


def _trees(
    inference: Inference, targets: Sequence[int], questions: Sequence[int], observed: Observed
) -> Iterator[tuple[Plan, tuple[QuestionPlan, ...], Codes]]:
    """Trees for cases, what is read off each, and the rows that it is for.

    A table has one for all rows that know the same hubs, other cases one for each pattern.
    """
    if not observed.columns:
        for pattern, rows in inference.plans.groups(observed):
            seen = _seen(observed.take(rows[:1]))
            plans, kept = _planned(inference, seen, observed, targets, questions)
            yield inference.plans.planned(pattern, Request(kept=kept)), plans, rows
        return
    soft = tuple(sorted(observed.likelihoods))
    for known, asked, rows in inference.plans.table_groups(observed):
        plans, kept = _planned(inference, frozenset(known), observed, targets, questions, asked)
        yield inference.plans.open_plan(asked, known, soft, kept), plans, rows


def information_each(
    inference: Inference, targets: Sequence[int], questions: Sequence[int], observed: Observed
) -> Array:
    """I(target; question | evidence) in bits for each pair, shape (targets, questions); one case.

    A target asked about itself tells its entropy; what is observed tells nothing and has
    nothing to be told. Raises ImpossibleEvidenceError.
    """
    codes = observed.codes[:, 0]
    bits = np.zeros((len(targets), len(questions)))
    about = [at for at, target in enumerate(targets) if codes[target] == MISSING]
    asked = [at for at, question in enumerate(questions) if codes[question] == MISSING]
    aims = [targets[at] for at in about]
    free = [questions[at] for at in asked]
    wanted = tuple(dict.fromkeys([*free, *aims]))
    open_case = softened(inference.network, aims, observed)
    base = inference.scores_alike(open_case, wanted)
    if np.isneginf(base.log_probability).any():
        raise_impossible(inference.network, inference.log_probabilities, observed)
    chances = [base.marginals[target][0] for target in aims]
    others = [_but_likeliest(chance) for chance in chances]
    supposed = _supposed(open_case, aims, others)
    if not supposed.cases:
        # Nothing is in doubt.
        return bits
    given = inference.scores_alike(supposed, wanted).marginals
    rows = stacked([given[question] for question in free], supposed.cases)
    overall = stacked([base.marginals[question] for question in free], 1)
    conditional = _completed(chances, others, rows.swapaxes(0, 1), overall[:, 0])
    starts = np.cumsum([0, *(len(states) + 1 for states in others[:-1])])
    weights = [[c[states], [c.max()]] for c, states in zip(chances, others, strict=True)]
    chance = np.concatenate([part for own in weights for part in own])
    bits[np.ix_(about, asked)] = pairwise_bits(chance, conditional, starts)
    return bits


def _but_likeliest(chance: Array) -> Codes:
    """The possible states but for the likeliest."""
    return np.array([s for s in np.flatnonzero(chance) if s != chance.argmax()], dtype=np.intp)


def _completed(
    chances: Sequence[Array], others: Sequence[Codes], rows: Array, overall: Array
) -> Array:
    """The rows of each target's states followed by the row of its likeliest state.

    That is what the others leave of the whole, to a rounding of the whole, for it weighs the most.
    """
    found: list[Array] = []
    start = 0
    for chance, states in zip(chances, others, strict=True):
        own = rows[start : start + len(states)]
        left = overall - np.tensordot(chance[states], own, axes=1)
        found += [own, np.maximum(0.0, left / chance.max())[None]]
        start += len(states)
    return np.concatenate(found)


def _supposed(open_case: Observed, targets: Sequence[int], states: Sequence[Codes]) -> Observed:
    """The case once for each state that a target may be in, targets one after the other."""
    rows = open_case.take(np.zeros(sum(map(len, states)), dtype=np.intp))
    start = 0
    for target, some in zip(targets, states, strict=True):
        given = rows.likelihoods[target]
        given[start : start + len(some)] = np.eye(given.shape[1])[some]
        start += len(some)
    return rows


def _seen(observed: Observed) -> frozenset[int]:
    """The variables observed in the first case."""
    return frozenset(np.flatnonzero(observed.codes[:, 0] != MISSING).tolist())


def _planned(
    inference: Inference,
    seen: frozenset[int],
    observed: Observed,
    targets: Sequence[int],
    questions: Sequence[int],
    asked: tuple[int, ...] = (),
    kept: tuple[int, ...] = (),
) -> tuple[tuple[QuestionPlan, ...], tuple[int, ...]]:
    """What each question needs, and the variables that have to be in the tree for it.

    kept: variables that the tree has in any event.
    """
    soft = frozenset(observed.likelihoods)

    def make() -> tuple[tuple[QuestionPlan, ...], tuple[int, ...]]:
        network, parents = inference.network, inference.plans.parents
        sets = frozenset(asked), frozenset(kept)
        plans = plan_questions(network, parents, seen, soft, targets, questions, *sets)
        joints = [joint for plan in plans for joint in plan.joints]
        needed = {v for joint in joints for v in (*joint.leading, *joint.others)}
        return plans, tuple(sorted(needed | (set(targets) - seen)))

    key = ("questions", seen, soft, tuple(targets), tuple(questions), asked, kept)
    return inference.plans.remembered(key, make)


def _chunks(rows: Codes, size: int) -> Iterator[Codes]:
    """The rows, as many at once as may be when one takes `size` bytes."""
    most = max(1, JOINTS_BYTES // max(1, size))
    for start in range(0, len(rows), most):
        yield rows[start : start + most]


def _bytes(network: Network, plans: Sequence[QuestionPlan]) -> int:
    """What the joints of one case take up."""
    joints = {joint for plan in plans for joint in plan.joints}
    sizes = [len(variable.states) for variable in network.variables]
    return 8 * sum(math.prod(sizes[v] for v in (*j.leading, *j.others)) for j in joints)
