"""Weight of evidence: what each observation does to the odds of a state, the others known.

Good (1950). The weight of e_i for x is log [odds(x | e) / odds(x | e without e_i)].
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesnet.evidence import MISSING, Observed
from bayesnet.network import Array
from bayesnet.plan import Request

if TYPE_CHECKING:
    from bayesnet.engine import Engine


def left_out(
    engine: "Engine", observed: Observed, targets: Sequence[int]
) -> dict[int, dict[int, Array]]:
    """{observed variable: {target: its posterior without that observation, shape (states,)}}.

    observed: one case. All observed leaves share one propagation, a case for each.
    """
    request = Request(wanted=tuple(targets), kept=tuple(targets))
    hard = [int(v) for v in np.flatnonzero(observed.codes[:, 0] != MISSING)]
    inner = {parent for v in range(len(engine.parents)) for parent in engine.parents[v]}
    leaves = [v for v in hard if v not in inner]
    found: dict[int, dict[int, Array]] = {}
    if leaves:
        posterior = engine.posterior_many(_without_each(observed, leaves), request)
        marginals = {target: posterior.marginal(target) for target in targets}
        for row, variable in enumerate(leaves, start=1):
            found[variable] = {t: m[row if len(m) > 1 else 0] for t, m in marginals.items()}
    for variable in [v for v in hard if v in inner] + list(observed.likelihoods):
        alone = engine.posterior_many(_without(observed, variable), request)
        found[variable] = {target: alone.marginal(target)[0] for target in targets}
    return found


def decibans(with_it: float, without_it: float, most: float = 100.0) -> float:
    """10 log10 of the ratio of odds, held within +-`most` where one of them is 0 or infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log10(np.array([with_it, without_it])) - np.log10(
            1.0 - np.array([with_it, without_it])
        )
        weight = 10.0 * float(odds[0] - odds[1])
    return 0.0 if np.isnan(weight) else float(np.clip(weight, -most, most))


def _without_each(observed: Observed, variables: Sequence[int]) -> Observed:
    """The case itself, then one case for each variable without it."""
    codes = np.repeat(observed.codes, len(variables) + 1, axis=1)
    for row, variable in enumerate(variables, start=1):
        codes[variable, row] = MISSING
    count = len(variables) + 1
    likelihoods = {v: np.repeat(rows, count, axis=0) for v, rows in observed.likelihoods.items()}
    return Observed(codes, likelihoods)


def _without(observed: Observed, variable: int) -> Observed:
    codes = observed.codes.copy()
    codes[variable] = MISSING
    likelihoods = {v: rows for v, rows in observed.likelihoods.items() if v != variable}
    return Observed(codes, likelihoods)
