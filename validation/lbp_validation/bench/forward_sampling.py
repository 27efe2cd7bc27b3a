"""Cases drawn from a network, and the sets of variables that they observe."""

from collections.abc import Sequence

import numpy as np

from bayesnet.network import Network
from bayesnet.tuning.drawing import draw_many

Case = dict[str, str]


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
