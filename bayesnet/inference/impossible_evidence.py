"""Impossible evidence: which of it clashes."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NoReturn

import numpy as np

from bayesnet.errors import ImpossibleEvidenceError
from bayesnet.network import Array, Network
from bayesnet.network.evidence import MISSING, Observed

SEARCHED = 4000
"""How many subsets to try before settling for one that no single removal makes possible."""

LogProbabilities = Callable[[Observed], Array]


def raise_impossible(
    network: Network, log_probabilities: LogProbabilities, observed: Observed, row: int = -1
) -> NoReturn:
    """Raise ImpossibleEvidenceError for one case; `row` names it when it is one of many."""
    subset = smallest_conflict(log_probabilities, observed)
    described = [_described(network, observed, variable) for variable in subset]
    error = ImpossibleEvidenceError(described)
    if row >= 0:
        error.add_note(f"in row {row} of the table")
    raise error


def smallest_conflict(log_probabilities: LogProbabilities, observed: Observed) -> tuple[int, ...]:
    """A subset of the observed variables with probability zero and as few members as possible.

    First one member after another is dropped while the rest still clash; then smaller subsets
    are tried in order of size, as long as they are not too many.
    """
    items = [int(v) for v in np.flatnonzero(observed.codes[:, 0] != MISSING)]
    items.extend(observed.likelihoods)

    def clashes(subset: Sequence[int]) -> bool:
        return bool(np.isneginf(log_probabilities(_only(observed, subset)))[0])

    found = list(items)
    for item in items:
        rest = [each for each in found if each != item]
        if clashes(rest):
            found = rest
    tried = 0
    for size in range(1, len(found)):
        for subset in combinations(items, size):
            tried += 1
            if tried > SEARCHED:
                return tuple(found)
            if clashes(subset):
                return subset
    return tuple(found)


def _only(observed: Observed, subset: Sequence[int]) -> Observed:
    codes = np.full_like(observed.codes, MISSING)
    hard = [v for v in subset if v not in observed.likelihoods]
    codes[hard] = observed.codes[hard]
    return Observed(
        codes, {v: observed.likelihoods[v] for v in subset if v in observed.likelihoods}
    )


def _described(network: Network, observed: Observed, variable: int) -> str:
    named = network.variables[variable]
    if variable in observed.likelihoods:
        some = bool(observed.likelihoods[variable].any())
        return f"{named.name} (likelihood{'' if some else ' of 0 for every state'})"
    return f"{named.name} = {named.states[int(observed.codes[variable, 0])]}"
