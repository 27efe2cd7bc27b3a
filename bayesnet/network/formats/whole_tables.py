"""Count what a format that has whole tables only would hold of a family."""

import math

from bayesnet.network import Family, Network


def table_size(network: Network, family: Family) -> int:
    """Return the number of entries of a family's full table, without making it."""
    names = (family.variable, *family.parents)
    return math.prod(len(network.variable(name).states) for name in names)
