"""Nodes and links of a model's drawing, read from its description."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bayesnet.errors import UnknownNameError
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import Effect, Frequency
from bayesnet.model.format.variables import Cause, Finding, RiskFactor, Shared

Layer = Literal["factor", "cause", "pattern", "finding"]
LAYERS: tuple[Layer, ...] = ("factor", "cause", "pattern", "finding")
"""From left to right; a pattern is a shared finding, between causes and what measures it."""
MOST = 10.0
"""Ratio from which a link is drawn at full width."""
LEAST = 1e-6
"""Share that stands for 0, so that every ratio is a number."""


@dataclass(frozen=True)
class Node:
    """Something that is drawn; its id, its label, and the layer it stands in."""

    id: str
    label: str
    layer: Layer


@dataclass(frozen=True)
class Link:
    """What one node does to another; ratio: how many times more common the second is with it."""

    source: str
    target: str
    ratio: float

    @property
    def strength(self) -> float:
        """How wide it is drawn, from 0 for no difference to 1 for MOST times more, or less.

        >>> Link("a", "b", 20.0).strength, Link("a", "b", 0.01).strength, Link("a", "b", 1).strength
        (1.0, 1.0, 0.0)
        """
        return min(abs(math.log(self.ratio) / math.log(MOST)), 1.0)


@dataclass(frozen=True)
class Graph:
    """All that is drawn. Every link's ends are nodes."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    def layer(self, layer: Layer) -> tuple[Node, ...]:
        """Return the nodes of a layer, in the model's order."""
        return tuple(node for node in self.nodes if node.layer == layer)


def graph_of(description: ModelDescription) -> Graph:
    """Read the whole graph of a model.

    A link to a finding compares those with the cause alone to those with no cause: of yes and no
    how common yes is, of more states how common it is to be over the first or, where a cause lowers
    the finding, under the last. A factor's link to a cause is its strongest relative risk. Findings
    that are derived from others are left out.
    """
    sections: Mapping[Layer, Mapping[str, RiskFactor | Cause | Shared | Finding]] = {
        "factor": description.risk_factors,
        "cause": description.causes,
        "pattern": description.shared,
        "finding": description.findings,
    }
    nodes = (
        Node(name, entry.label, layer)
        for layer, section in sections.items()
        for name, entry in section.items()
    )
    return Graph(tuple(nodes), tuple(_links(description)))


def neighbourhood(graph: Graph, name: str) -> Graph:
    """Return what is tied to a node, also through patterns; raises UnknownNameError.

    Of the other causes that are tied to the same findings nothing is kept.
    """
    layers = {node.id: node.layer for node in graph.nodes}
    if name not in layers:
        raise UnknownNameError("node", name, layers)
    near = {name}
    for link in graph.links:
        near |= {link.source, link.target} if name in (link.source, link.target) else set()
    through = {each for each in near if layers[each] == "pattern"}
    if layers[name] in ("cause", "pattern"):
        near |= {link.target for link in graph.links if link.source in through}
    else:
        near |= {link.source for link in graph.links if link.target in through}
    kept = tuple(
        link
        for link in graph.links
        if {link.source, link.target} <= near and {link.source, link.target} & {name, *through}
    )
    return Graph(tuple(node for node in graph.nodes if node.id in near), kept)


def _links(description: ModelDescription) -> Iterator[Link]:
    for name, cause in description.causes.items():
        risks: dict[str, float] = {}
        for row in cause.risk_factors:
            risks[row.factor] = _stronger(risks.get(row.factor, 1.0), row.relative_risk)
        yield from (Link(factor, name, ratio) for factor, ratio in risks.items())
    for section in (description.shared, description.findings):
        for name, entry in section.items():
            for source, alone in entry.causes.items():
                yield Link(source, name, _times(alone, entry.background))
    for name, finding in description.findings.items():
        for factor, by_state in finding.background_by.items():
            ratio = 1.0
            for background in by_state.values():
                ratio = _stronger(ratio, _times(background, finding.background))
            yield Link(factor, name, ratio)


def _times(one: Frequency, other: Frequency) -> float:
    """Return how many times more common a finding is by one number than by another."""
    lowered = isinstance(one, Effect) and one.lowers and one.values is not None
    first, second = _apart(one, lowered), _apart(other, lowered)
    return second / first if lowered else first / second


def _apart(number: Frequency, lowered: bool) -> float:
    """Return the share of yes or, of more states, of all but the first; lowered: but the last."""
    if number.values is None:
        share = number.value or 0.0
    else:
        states = list(number.values)
        share = 1 - number.values[states[-1 if lowered else 0]]
    return max(share, LEAST)


def _stronger(one: float, other: float) -> float:
    return max(one, other, key=lambda ratio: abs(math.log(ratio)))
