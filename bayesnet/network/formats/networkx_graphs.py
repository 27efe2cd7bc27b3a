"""A network's graph for networkx, which is loaded only when it is asked for."""

from collections.abc import Iterable, Sequence
from typing import Any

from bayesnet.network.families import Variable


def networkx_graph_of(variables: Sequence[Variable], edges: Iterable[tuple[str, str]]) -> Any:
    """Build a networkx.DiGraph: a node a variable, with its `states`, and an edge a parent."""
    import networkx

    graph = networkx.DiGraph()
    graph.add_nodes_from((variable.name, {"states": variable.states}) for variable in variables)
    graph.add_edges_from(edges)
    return graph
