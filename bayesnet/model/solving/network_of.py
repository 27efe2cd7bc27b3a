"""Build the network of a compiled model."""

from collections.abc import Sequence

import numpy as np

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.network import Family, Network, NoisyMax, Table, Variable


def build_network(nodes: Sequence[NodeSpec]) -> Network:
    """Build the Network of some nodes; raises NetworkError when they do not fit each other."""
    sizes = {node.name: len(node.states) for node in nodes}
    families: list[Family] = []
    for node in nodes:
        if node.table:
            shape = (*(sizes[parent] for parent in node.parents), len(node.states))
            families.append(Table(node.name, node.parents, np.array(node.table).reshape(shape)))
        else:
            links = tuple(np.array(link) for link in node.links)
            leak = np.array(node.leak)
            families.append(NoisyMax(node.name, node.parents, leak, links, node.lowest))
    return Network(tuple(Variable(node.name, node.states) for node in nodes), tuple(families))
