"""Which variables cases observe, and how: cases of one pattern share a plan."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.factors import SOFT, Pattern
from bayesnet.network import Family, NoisyMax
from bayesnet.network.evidence import MISSING, Observed

NO_CODE = MISSING - 1
HUB = 3
"""Children from which a variable is worth a plan of its own for the cases that know it."""
Rows = NDArray[np.intp]


def lowest_codes(families: Sequence[Family]) -> NDArray[np.intp]:
    """The code of each noisy-MAX's lowest state; for a table NO_CODE, which no case has."""
    return np.array(
        [range(len(f.leak))[f.lowest] if isinstance(f, NoisyMax) else NO_CODE for f in families],
        dtype=np.intp,
    )


def kinds(observed: Observed, lowest: NDArray[np.intp]) -> NDArray[np.int8]:
    """How each case observes each variable, 0 where it does not; shape (variables, cases)."""
    found = (observed.codes != MISSING).astype(np.int8)
    found += observed.codes == lowest[:, None]
    for variable in observed.likelihoods:
        found[variable] = SOFT
    return np.asarray(found)


def grouped(observed: Observed, lowest: NDArray[np.intp]) -> list[tuple[Pattern, Rows]]:
    """The patterns of some cases, each with the rows that have it."""
    distinct = kinds(observed, lowest)
    group = np.zeros(1, dtype=np.intp)
    if observed.cases != 1:
        distinct, group = np.unique(distinct, axis=1, return_inverse=True)
    found = []
    for index in range(distinct.shape[1]):
        column = distinct[:, index]
        pattern = tuple((int(v), int(column[v])) for v in np.flatnonzero(column))
        found.append((pattern, np.flatnonzero(group == index)))
    return found


def table_groups(
    observed: Observed, lowest: NDArray[np.intp], children: Sequence[int]
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], Rows]]:
    """Groups of the rows of a table: what all of a group know, what each may have been asked.

    Which group a row is in depends on the row and on the table's columns only. Where a noisy-MAX
    makes the tree depend on what is known, the rows are told apart by the hubs they know.
    """
    soft = set(observed.likelihoods)
    noisy = bool((lowest != NO_CODE).any())
    asked = set(observed.columns) - soft if noisy else set(range(len(lowest))) - soft
    hubs = [v for v in sorted(asked) if noisy and children[v] >= HUB]
    if not hubs:
        yield (), tuple(sorted(asked)), np.arange(observed.cases)
        return
    distinct, group = np.unique(observed.codes[hubs] != MISSING, axis=1, return_inverse=True)
    for index in range(distinct.shape[1]):
        known = tuple(hub for hub, there in zip(hubs, distinct[:, index], strict=True) if there)
        yield known, tuple(sorted(asked - set(known))), np.flatnonzero(group == index)
