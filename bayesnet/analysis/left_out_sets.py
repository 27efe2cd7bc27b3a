"""The case again without each of some sets of observations.

Sets of leaves and of likelihoods go through the case's own tape, side by side in its lanes: of a
case with a hundred findings that is a hundred times less planning. Any other set gets a plan of
its own.
"""

from collections.abc import Collection, Sequence

import numpy as np

from bayesnet.analysis.inference import Inference
from bayesnet.analysis.pairs import problem_of, shares
from bayesnet.analysis.variants import Variant, changed_tables, variant_without
from bayesnet.inference.cases import Case
from bayesnet.inference.problem import Problem, blocks
from bayesnet.network import Array


def posteriors_without(
    inference: Inference, case: Case, left_out: Sequence[Collection[int]], targets: Sequence[int]
) -> Array:
    """P(last state of a free target | possible case without a set), shape (sets, targets)."""
    found = np.full((len(left_out), len(targets)), np.nan)
    if not any(_leaves(inference, case, each) for each in left_out):
        return _by_themselves(inference, case, left_out, targets)
    problem = problem_of(inference.planner, case, targets, ())
    variants = {
        at: each
        for at, some in enumerate(left_out)
        if (each := variant_without(problem, some)) is not None
    }
    places = list(variants)
    for block in blocks(len(places), problem.width(len(places))):
        some = places[block]
        found[some] = _in_lanes(problem, [variants[at] for at in some], targets)
    rest = [at for at in range(len(left_out)) if at not in variants]
    found[rest] = _by_themselves(inference, case, [left_out[at] for at in rest], targets)
    return found


def _leaves(inference: Inference, case: Case, some: Collection[int]) -> bool:
    """Whether a set is one of leaves and likelihoods, and not empty."""
    children = inference.planner.structure.children
    return bool(some) and all(v in case.soft or not children[v] for v in some)


def _in_lanes(problem: Problem, variants: Sequence[Variant], targets: Sequence[int]) -> Array:
    forward = problem.variants({}, changed_tables(problem, variants))
    _, found = shares(problem, forward, targets, len(variants))
    ends = np.cumsum([problem.structure.sizes[t] for t in targets]) - 1
    return np.asarray(found[ends].T)


def _by_themselves(
    inference: Inference, case: Case, left_out: Sequence[Collection[int]], targets: Sequence[int]
) -> Array:
    marginals, _ = inference.posteriors([case.without(each) for each in left_out], targets)
    return np.stack([marginals[t][:, -1] for t in targets], axis=1)
