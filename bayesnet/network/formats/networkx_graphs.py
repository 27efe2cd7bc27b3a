"""Convert a network's graph to networkx, which is imported only when a caller wants it."""

from collections.abc import Iterable, Sequence
from typing import Any

from bayesnet.network.families import Variable


def networkx_graph_of(variables: Sequence[Variable], edges: Iterable[tuple[str, str]]) -> Any:
    """Build a networkx.DiGraph with a node for each variable and an edge from each parent.

    edges: pairs (parent, child). A node's attribute `states` holds the names of its states.
    """
    import networkx

    graph = networkx.DiGraph()
    graph.add_nodes_from((variable.name, {"states": variable.states}) for variable in variables)
    graph.add_edges_from(edges)
    return graph
