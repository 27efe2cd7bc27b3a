"""Cases drawn from a network, and the sets of variables that they observe."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bayesnet.network import Network, topological_order

Case = dict[str, str]
Codes = Mapping[str, NDArray[np.intp]]


def draw_many(network: Network, rng: np.random.Generator, cases: int) -> Codes:
    """Whole cases, parents before children: {variable: state codes, shape (cases,)}."""
    return drawn_further(network, rng, {}, network.names, cases)


def drawn_further(
    network: Network,
    rng: np.random.Generator,
    drawn: Codes,
    names: Collection[str],
    cases: int,
) -> Codes:
    """Cases of which some variables are drawn already, and now the named ones too.

    Everything that a named variable descends from must be drawn or named.
    """
    codes, wanted = dict(drawn), frozenset(names)
    for name in topological_order({f.variable: f.parents for f in network.families}):
        if name in codes or name not in wanted:
            continue
        family = network.family(name)
        rows = family.table()[tuple(codes[parent] for parent in family.parents)]
        upto = np.cumsum(np.broadcast_to(rows, (cases, rows.shape[-1])), axis=1)
        chance = rng.random((cases, 1)) * upto[:, -1:]
        codes[name] = (chance >= upto).sum(axis=1)
    return codes


def draw(network: Network, rng: np.random.Generator) -> Case:
    """One case: {variable: state}."""
    codes = draw_many(network, rng, 1)
    return {name: network.variable(name).states[column[0]] for name, column in codes.items()}


def patterns(
    network: Network, share: float, count: int, rng: np.random.Generator
) -> list[tuple[str, ...]]:
    """Different sets of a share of the variables, at least one."""
    size = max(1, round(share * len(network.names)))
    found: dict[tuple[str, ...], None] = {}
    while len(found) < count:
        chosen = rng.choice(len(network.names), size, replace=False)
        found[tuple(network.names[i] for i in sorted(chosen))] = None
    return list(found)


def observe(network: Network, pattern: Sequence[str], rng: np.random.Generator) -> Case:
    """Draw a case and keep what it shows of some variables."""
    drawn = draw(network, rng)
    return {name: drawn[name] for name in pattern}
