"""Weight of evidence: what each observation does to the odds of a state, the others known.

Good (1950). The weight of e_i for x is log [odds(x | e) / odds(x | e without e_i)].
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.inference import Inference
from bayesnet.inference.plan import Request
from bayesnet.network import Array
from bayesnet.network.evidence import MISSING, Observed


@dataclass(frozen=True)
class _Row:
    """The case with one variable in another state; MISSING leaves its observation out."""

    variable: int
    state: int


def left_out(
    inference: Inference, observed: Observed, targets: Sequence[int], request: Request
) -> dict[int, dict[int, Array]]:
    """{observed variable: {target: its posterior without that observation, shape (states,)}}.

    observed: one case. request: one that keeps the targets. All share one plan, the one for the
    case itself: a leaf is left out as it is; for a variable with children the posteriors in each
    of its states are mixed by how probable the rest of the evidence makes that state. A target
    that is observed itself is not allowed.
    """
    hard = [int(v) for v in np.flatnonzero(observed.codes[:, 0] != MISSING)]
    inner = {parent for parents in inference.plans.parents for parent in parents}
    fixed = [v for v in hard if v in inner and inference.plans.for_lowest(v, observed.codes[v, 0])]
    found = {v: _alone(inference, observed, v, targets) for v in fixed}
    rows = [
        _Row(v, MISSING)
        for v in (*hard, *observed.likelihoods)
        if v not in inner or v in observed.likelihoods
    ]
    rows.extend(
        _Row(v, state)
        for v in hard
        if v in inner and v not in fixed
        for state in range(len(inference.network.variables[v].states))
    )
    if not rows:
        return found
    posterior = inference.posterior_many(_variants(observed, rows), request)
    log_z = np.broadcast_to(posterior.collected.log_z, (len(rows) + 1,))[1:]
    marginals = {target: posterior.marginal(target) for target in targets}
    for variable in dict.fromkeys(row.variable for row in rows):
        own = [at for at, row in enumerate(rows) if row.variable == variable]
        weights = np.exp(log_z[own] - log_z[own].max())
        found[variable] = {
            target: _mixed(weights, values if len(values) == 1 else values[1:][own])
            for target, values in marginals.items()
        }
    return found


def decibans(with_it: float, without_it: float, most: float = 100.0) -> float:
    """10 log10 of the ratio of odds, held within +-`most` where one of them is 0 or infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.array([with_it, without_it])
        odds = np.log10(both) - np.log10(1.0 - both)
        weight = 10.0 * float(odds[0] - odds[1])
    return 0.0 if np.isnan(weight) else float(np.clip(weight, -most, most))


def _alone(
    inference: Inference, observed: Observed, variable: int, targets: Sequence[int]
) -> dict[int, Array]:
    """By a plan of its own, for a variable whose plan holds for its lowest state only."""
    case = _variants(observed, [_Row(variable, MISSING)]).take([1])
    posterior = inference.posterior_many(case, Request(kept=tuple(targets)))
    return {target: posterior.marginal(target)[0] for target in targets}


def _mixed(weights: Array, posteriors: Array) -> Array:
    """Mean of posteriors, shape (cases, states); a case of weight 0 has none to count."""
    there = weights > 0
    if len(posteriors) == 1:
        return np.asarray(posteriors[0])
    return np.asarray(weights[there] @ posteriors[there] / weights[there].sum())


def _variants(observed: Observed, rows: Sequence[_Row]) -> Observed:
    """The case itself, then one case for each row."""
    count = len(rows) + 1
    codes = np.repeat(observed.codes, count, axis=1)
    likelihoods = {v: np.repeat(each, count, axis=0) for v, each in observed.likelihoods.items()}
    for at, row in enumerate(rows, start=1):
        if row.variable in likelihoods:
            likelihoods[row.variable][at] = 1.0
        else:
            codes[row.variable, at] = row.state
    return Observed(codes, likelihoods)
