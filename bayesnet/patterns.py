"""Which variables cases observe, and how: cases of one pattern share a plan."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bayesnet.evidence import MISSING, Observed
from bayesnet.lowering import HARD, LOWEST, SOFT, Pattern
from bayesnet.network import Family, NoisyMax

NO_CODE = MISSING - 1


def lowest_codes(families: Sequence[Family]) -> NDArray[np.intp]:
    """The code of each noisy-MAX's lowest state; for a table NO_CODE, which no case has."""
    return np.array(
        [range(len(f.leak))[f.lowest] if isinstance(f, NoisyMax) else NO_CODE for f in families],
        dtype=np.intp,
    )


def grouped(observed: Observed, lowest: NDArray[np.intp]) -> list[tuple[Pattern, NDArray[np.intp]]]:
    """The patterns of some cases, each with the rows that have it."""
    there = observed.codes != MISSING
    kinds = np.where(observed.codes == lowest[:, None], LOWEST, HARD) * there
    kinds[list(observed.likelihoods)] = SOFT
    if observed.cases == 1:
        distinct, group = kinds, np.zeros(1, dtype=np.intp)
    else:
        distinct, group = np.unique(kinds, axis=1, return_inverse=True)
    found = []
    for index in range(distinct.shape[1]):
        column = distinct[:, index]
        pattern = tuple((int(v), int(column[v])) for v in np.flatnonzero(column))
        found.append((pattern, np.flatnonzero(group == index)))
    return found
