"""Draw cases from a network, parents before children; no table over all parents is built."""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from bayesnet.network import Array, Family, Network, Table, topological_order

Codes = Mapping[str, NDArray[np.intp]]
"""{variable: state codes, shape (cases,)}."""


def draw_many(network: Network, rng: np.random.Generator, cases: int) -> Codes:
    """Draw whole cases: {variable: state codes, shape (cases,)}.

    >>> from bayesnet import Table, Variable
    >>> rain = Network((Variable("rain", ("no", "yes")),), (Table("rain", (), np.array([0, 1])),))
    >>> draw_many(rain, np.random.default_rng(1), 3)["rain"].tolist()
    [1, 1, 1]
    """
    return drawn_further(network, rng, {}, network.names, cases)


def drawn_further(
    network: Network,
    rng: np.random.Generator,
    drawn: Codes,
    names: Collection[str],
    cases: int,
) -> Codes:
    """Draw the named variables of cases of which some variables are drawn already.

    Everything that a named variable descends from must be drawn or named.
    """
    codes, wanted = dict(drawn), frozenset(names)
    for name in topological_order({f.variable: f.parents for f in network.families}):
        if name in codes or name not in wanted:
            continue
        upto = _cumulative(network.family(name), codes)
        chance = rng.random((cases, 1)) * upto[:, -1:]
        codes[name] = (chance >= upto).sum(axis=1)
    return codes


def _cumulative(family: Family, codes: Codes) -> Array:
    """Return P(at most each state, as listed | drawn parents), shape (cases or 1, states).

    A maximum is at most a state when each of its effects is.
    """
    if isinstance(family, Table):
        rows = family.values[tuple(codes[parent] for parent in family.parents)]
        return np.cumsum(np.atleast_2d(rows), axis=1)
    below = np.cumsum(family.leak[family.order])[None, :]
    for parent, link in zip(family.parents, family.links, strict=True):
        below = below * np.cumsum(link[:, family.order], axis=1)[codes[parent]]
    rows = np.diff(below, axis=1, prepend=0.0)[:, family.order]
    return np.cumsum(rows, axis=1)
