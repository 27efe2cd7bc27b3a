"""The case again without one observation: weights of evidence, and what clashes.

Good (1950): the weight of e_i for x is log [odds(x | e) / odds(x | e without e_i)]. What changes
one table of the tape is read from its adjoints, with each state of the targets supposed; what
changes several goes through the tape in a lane of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bayesnet.analysis.pairs import shares
from bayesnet.analysis.supposed import Supposed
from bayesnet.analysis.variants import Variant, changed_tables, is_mixed
from bayesnet.inference.cases import Case
from bayesnet.inference.posteriors import posterior_of
from bayesnet.inference.problem import Planner, Problem, blocks
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Without:
    """What is left without an observation.

    log_z: log of the probability of the rest. posteriors: {target: shape (states,)}.
    """

    log_z: float
    posteriors: Mapping[int, Array]


def by_itself(planner: Planner, case: Case, variable: int, targets: Sequence[int]) -> Without:
    """Compute what is left without one observation, by a plan of its own."""
    rest = posterior_of(planner, case.without([variable]), targets)
    marginals = rest.marginals(targets)
    return Without(float(rest.log_z[0]), {t: each[:, 0] for t, each in marginals.items()})


def left_out(
    planner: Planner,
    supposed: Supposed,
    variants: Mapping[int, Sequence[Variant]],
    targets: Sequence[int],
) -> dict[int, Without]:
    """{observed variable: what is left without it}.

    variants: as `variants_without` the problem. By a plan of its own where there are none, or what
    is left is too small.
    """
    problem = supposed.problem
    alone = [each for some in variants.values() for each in some if len(each.tables) <= 1]
    joints = {**supposed.joints(alone, targets), **_in_lanes(problem, variants, targets)}
    case = np.concatenate([[1.0], *(problem.calibrated.marginal(t)[:, 0] for t in targets)])
    ends = np.cumsum([0, *(problem.structure.sizes[t] for t in targets)]).tolist()
    found: dict[int, Without] = {}
    for variable, some in variants.items():
        own = sum((joints[each] for each in some), case * is_mixed(problem, variable))
        if own[0] > 0.0:
            shares = np.maximum(own[1:], 0.0) / own[0]
            log_z = problem.log_z + float(np.log(own[0])) - problem.case.scales.get(variable, 0.0)
            parts = {t: shares[a:b] for t, (a, b) in zip(targets, pairwise(ends), strict=True)}
            found[variable] = Without(log_z, parts)
    rest = [v for v in problem.case.variables if v not in found]
    return {**found, **{v: by_itself(planner, problem.case, v, targets) for v in rest}}


def _in_lanes(
    problem: Problem, variants: Mapping[int, Sequence[Variant]], targets: Sequence[int]
) -> dict[Variant, Array]:
    """Run the variants of several slots; of each what `Supposed.joints` says of the others."""
    wide = [each for some in variants.values() for each in some if len(each.tables) > 1]
    # Side by side go those that change the tape from about the same step on.
    wide.sort(key=lambda each: min(problem.tape.consumer[slot] for slot in each.tables))
    found: dict[Variant, Array] = {}
    for block in blocks(len(wide), problem.width(len(wide))):
        found.update(zip(wide[block], _run(problem, wide[block], targets).T, strict=True))
    return found


def _run(problem: Problem, variants: Sequence[Variant], targets: Sequence[int]) -> Array:
    """P(variant) and P(target, variant) over P(case), shape (1 + targets' states, variants)."""
    forward = problem.variants({}, changed_tables(problem, variants))
    share, found = shares(problem, forward, targets, len(variants))
    share = share * [each.scale for each in variants]
    return np.concatenate([share[None], found * share])


def decibans(with_it: float, without_it: float, most: float = 100.0) -> float:
    """10 log10 of the ratio of odds, held within +-`most` where one of them is 0 or infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.array([with_it, without_it])
        odds = np.log10(both) - np.log10(1.0 - both)
        weight = 10.0 * float(odds[0] - odds[1])
    return 0.0 if np.isnan(weight) else float(np.clip(weight, -most, most))
