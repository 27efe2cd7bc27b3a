"""Weight of evidence: what each observation does to the odds of a state, the others known.

Good (1950). The weight of e_i for x is log [odds(x | e) / odds(x | e without e_i)].
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bayesnet.evidence import MISSING, Observed
from bayesnet.network import Array
from bayesnet.plan import Request

if TYPE_CHECKING:
    from bayesnet.engine import Engine


def left_out(
    engine: "Engine", observed: Observed, targets: Sequence[int], request: Request
) -> dict[int, dict[int, Array]]:
    """{observed variable: {target: its posterior without that observation, shape (states,)}}.

    observed: one case. request: one that keeps the targets; the leaves share its plan, a case
    for each. Observations with children stay in a second tree as likelihoods, so that they
    share one too.
    """
    hard = [int(v) for v in np.flatnonzero(observed.codes[:, 0] != MISSING)]
    inner = {parent for parents in engine.parents for parent in parents}
    leaves = [v for v in hard if v not in inner]
    found: dict[int, dict[int, Array]] = {}
    if leaves:
        found.update(_read(engine, _hard_without_each(observed, leaves), leaves, targets, request))
    others = [v for v in hard if v in inner]
    softened = _softened(engine, observed, others)
    others.extend(observed.likelihoods)
    if others:
        cases = _soft_without_each(softened, others)
        found.update(_read(engine, cases, others, targets, Request(kept=tuple(targets))))
    return found


def decibans(with_it: float, without_it: float, most: float = 100.0) -> float:
    """10 log10 of the ratio of odds, held within +-`most` where one of them is 0 or infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.array([with_it, without_it])
        odds = np.log10(both) - np.log10(1.0 - both)
        weight = 10.0 * float(odds[0] - odds[1])
    return 0.0 if np.isnan(weight) else float(np.clip(weight, -most, most))


def _read(
    engine: "Engine",
    cases: Observed,
    variables: Sequence[int],
    targets: Sequence[int],
    request: Request,
) -> dict[int, dict[int, Array]]:
    posterior = engine.posterior_many(cases, request)
    marginals = {target: posterior.marginal(target) for target in targets}
    return {
        variable: {t: m[row if len(m) > 1 else 0] for t, m in marginals.items()}
        for row, variable in enumerate(variables, start=1)
    }


def _softened(engine: "Engine", observed: Observed, variables: Iterable[int]) -> Observed:
    """The same evidence with some observed states given as likelihoods."""
    codes = observed.codes.copy()
    likelihoods: dict[int, Array] = dict(observed.likelihoods)
    for variable in variables:
        states = len(engine.network.variables[variable].states)
        likelihoods[variable] = np.eye(states)[codes[variable]]
        codes[variable] = MISSING
    return Observed(codes, likelihoods)


def _hard_without_each(observed: Observed, variables: Sequence[int]) -> Observed:
    """The case itself, then one case for each variable without it."""
    count = len(variables) + 1
    codes = np.repeat(observed.codes, count, axis=1)
    for row, variable in enumerate(variables, start=1):
        codes[variable, row] = MISSING
    return Observed(codes, _repeated(observed.likelihoods, count))


def _soft_without_each(observed: Observed, variables: Sequence[int]) -> Observed:
    count = len(variables) + 1
    likelihoods = _repeated(observed.likelihoods, count)
    for row, variable in enumerate(variables, start=1):
        likelihoods[variable][row] = 1.0
    return Observed(np.repeat(observed.codes, count, axis=1), likelihoods)


def _repeated(likelihoods: Mapping[int, Array], count: int) -> dict[int, Array]:
    return {variable: np.repeat(rows, count, axis=0) for variable, rows in likelihoods.items()}
