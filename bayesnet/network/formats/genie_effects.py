"""Give every parent of a noisy family a state of no effect, as GeNIe wants it, and take it back.

A parent that has none (each of its states raises the child at some level) gets a node between: what
the parent does by itself is the state of that node, whose lowest state then has no effect.
"""

import numpy as np

from bayesnet.network import Family, Network, NoisyMax, Table, Variable
from bayesnet.network.formats.genie_noisy import can_be_idle


def with_effects(network: Network) -> tuple[Network, frozenset[str]]:
    """Return an equal network of families that GeNIe can hold, and the names of nodes put between.

    All posteriors of the variables that were there are the same.
    """
    variables, families = list(network.variables), list[Family]()
    taken = set(network.names)
    for family in network.families:
        if not isinstance(family, NoisyMax):
            families.append(family)
            continue
        parents, links = list(family.parents), list(family.links)
        for at, (parent, link) in enumerate(zip(family.parents, family.links, strict=True)):
            if can_be_idle(link[:, family.order]):
                continue
            name = _free_name(f"{family.variable}_from_{parent}", taken)
            taken.add(name)
            variables.append(Variable(name, network.states(family.variable)))
            families.append(Table(name, (parent,), link))
            parents[at], links[at] = name, np.eye(link.shape[1])
        families.append(
            NoisyMax(family.variable, tuple(parents), family.leak, tuple(links), family.lowest)
        )
    between = frozenset(taken.difference(network.names))
    if not between:
        return network, between
    return Network(tuple(variables), tuple(families), network.roles), between


def _free_name(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name
