"""From numbers a person can picture to the parameters of the network, exactly.

A prevalence stays the marginal of its cause, a relative risk the ratio of two conditional
probabilities with everything else as it comes, a finding's number the probability with one
cause and no other. Risk factors act on causes by noisy-OR, causes on findings by noisy-MAX.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from bayesnet.description.compiled import NodeSpec, Problem
from bayesnet.description.format import (
    NO,
    YES,
    ConditionalFrequency,
    Frequency,
    ModelDescription,
    RiskFactor,
    states_of,
)
from bayesnet.description.risk import cause_node
from bayesnet.network import Array, topological_order


def solve(description: ModelDescription) -> tuple[tuple[NodeSpec, ...], tuple[Problem, ...]]:
    """The network's nodes, and what cannot be had (the nodes concerned are then left out)."""
    problems: list[Problem] = []
    nodes: dict[str, NodeSpec] = {}
    for name in _factor_order(description):
        nodes[name] = _factor_node(description, name)
    for name in _cause_order(description):
        cause = description.causes[name]
        if all(row.factor in nodes for row in cause.risk_factors):
            node, found = cause_node(name, cause, nodes)
            problems.extend(found)
            if node is not None:
                nodes[name] = node
    for name, shared in description.shared.items():
        node, found = _finding_node(
            ("shared", name), (NO, YES), shared.background, shared.causes, nodes
        )
        problems.extend(found)
        nodes[name] = node
    for name, finding in description.findings.items():
        states = states_of(finding.answer)
        node, found = _finding_node(
            ("findings", name), states, finding.background, finding.causes, nodes
        )
        problems.extend(found)
        nodes[name] = node
    return tuple(nodes.values()), tuple(problems)


def distribution(states: Sequence[str], number: Frequency | ConditionalFrequency) -> Array:
    """A frequency as a distribution over states, shape (states,)."""
    if number.values is not None:
        return np.array([number.values[state] for state in states])
    value = number.value or 0.0
    return np.array([1.0 - value, value])


def _factor_order(description: ModelDescription) -> list[str]:
    return topological_order(
        {name: _conditions(factor) for name, factor in description.risk_factors.items()}
    )


def _conditions(factor: RiskFactor) -> list[str]:
    names = [name for row in factor.frequency_by for name in row.when]
    return list(dict.fromkeys(names))


def _cause_order(description: ModelDescription) -> list[str]:
    causes = description.causes
    return topological_order(
        {
            name: [row.factor for row in cause.risk_factors if row.factor in causes]
            for name, cause in causes.items()
        }
    )


def _factor_node(description: ModelDescription, name: str) -> NodeSpec:
    factor = description.risk_factors[name]
    states = states_of(factor.answer)
    if factor.frequency is not None:
        return NodeSpec(
            name, states, (), table=tuple(distribution(states, factor.frequency).tolist())
        )
    parents = _conditions(factor)
    options = [states_of(description.risk_factors[parent].answer) for parent in parents]
    rows: list[float] = []
    for at in np.ndindex(*(len(each) for each in options)):
        given = {p: each[i] for p, each, i in zip(parents, options, at, strict=True)}
        row = next(r for r in factor.frequency_by if r.when.items() <= given.items())
        rows.extend(distribution(states, row).tolist())
    return NodeSpec(name, states, tuple(parents), table=tuple(rows))


def _finding_node(
    path: tuple[str, str],
    states: tuple[str, ...],
    background: Frequency,
    causes: Mapping[str, Frequency],
    nodes: Mapping[str, NodeSpec],
) -> tuple[NodeSpec, list[Problem]]:
    leak = distribution(states, background)
    links: list[tuple[tuple[float, ...], ...]] = []
    problems: list[Problem] = []
    for cause, number in causes.items():
        link = _link(leak, distribution(states, number))
        if link.min() < -1e-9:
            problems.append(Problem((*path, "causes", cause), _not_larger(cause)))
        link = np.clip(link, 0.0, 1.0)
        inactive = (1.0, *([0.0] * (len(states) - 1)))
        links.append((inactive, tuple(float(x) for x in link / link.sum())))
    node = NodeSpec(path[1], states, tuple(causes), tuple(float(x) for x in leak), tuple(links))
    return node, problems


def _link(background: Array, alone: Array) -> Array:
    """What the cause does by itself: P(max <= s) = P(background <= s) P(link <= s)."""
    below, with_cause = np.cumsum(background), np.cumsum(alone)
    ratio = np.ones(len(below))
    for state in range(len(below) - 2, -1, -1):
        known = below[state] > 0
        ratio[state] = with_cause[state] / below[state] if known else ratio[state + 1]
    return np.diff(ratio, prepend=0.0)


def _not_larger(cause: str) -> str:
    return (
        f"'{cause}' makes this less likely than the background does (a cause can only raise a "
        "finding); raise the number, lower the background, or leave the cause out"
    )
