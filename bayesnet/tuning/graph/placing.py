"""Where the nodes of a drawing stand: in columns, near what they are tied to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bayesnet.tuning.graph.parts import LAYERS, Graph, Layer, Node

SWEEPS = 8
"""Times that the layers are put in order by each other; after these nothing moves in a model of 150
nodes."""
PITCH: Mapping[Layer, int] = {"factor": 19, "cause": 40, "pattern": 34, "finding": 19}
"""Least distance between two nodes of a layer."""
TOP = 96
"""Space for the heading and what the lines mean."""


@dataclass(frozen=True)
class Placed:
    """A node and the height of its middle."""

    node: Node
    y: float


def placed(
    graph: Graph, leading: Sequence[str] = ()
) -> tuple[Mapping[Layer, tuple[Placed, ...]], float]:
    """Return each layer from the top, and the height of the drawing.

    leading: ids of causes in the order in which they are to stand; without it they stand so that
    few lines cross. A node stands at the mean height of what it is tied to, by strength.
    """
    order = {layer: [node.id for node in graph.layer(layer)] for layer in LAYERS}
    if leading:
        order["cause"] = [name for name in leading if name in order["cause"]]
    moved = [layer for layer in LAYERS if not (leading and layer == "cause")]
    ties = _ties(graph)
    for _ in range(SWEEPS):
        for layer in moved:
            at = {
                name: (place + 0.5) / len(names)
                for names in order.values()
                for place, name in enumerate(names)
            }
            mean = {name: _mean(ties.get(name, {}), at, at[name]) for name in order[layer]}
            order[layer].sort(key=lambda name: mean[name])
    height = max(len(names) * PITCH[layer] for layer, names in order.items())
    nodes = {node.id: node for node in graph.nodes}
    return {
        layer: tuple(
            Placed(nodes[name], TOP + (place + 0.5) * height / len(names))
            for place, name in enumerate(names)
        )
        for layer, names in order.items()
    }, TOP + height


def _ties(graph: Graph) -> Mapping[str, Mapping[str, float]]:
    """Return {node: {what it is tied to: how strongly}}."""
    ties: dict[str, dict[str, float]] = {}
    for link in graph.links:
        weight = 0.05 + link.strength
        ties.setdefault(link.source, {})[link.target] = weight
        ties.setdefault(link.target, {})[link.source] = weight
    return ties


def _mean(ties: Mapping[str, float], at: Mapping[str, float], own: float) -> float:
    total = sum(ties.values())
    return sum(weight * at[name] for name, weight in ties.items()) / total if total else own
