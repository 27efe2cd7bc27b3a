"""From numbers a person can picture to the parameters of the network, exactly.

A prevalence stays the marginal of its cause, a relative risk the ratio of two conditional
probabilities with everything else as it comes, a finding's number the probability with one
cause and no other. Risk factors act on causes by noisy-OR, causes on findings by noisy-MAX.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from bayesnet.description.compiled import NodeSpec, Problem
from bayesnet.description.format import ModelDescription
from bayesnet.description.numbers import ConditionalFrequency, Frequency
from bayesnet.description.risk import Settings, cause_node
from bayesnet.description.variables import NO, YES, RiskFactor, states_of
from bayesnet.network import Array, topological_order


def solve(
    description: ModelDescription, known: Mapping[str, NodeSpec] = MappingProxyType({})
) -> tuple[tuple[NodeSpec, ...], tuple[Problem, ...]]:
    """The network's nodes, and what cannot be had (the nodes concerned are then left out).

    known: nodes that are as they were, and are not solved again.
    """
    problems: list[Problem] = []
    nodes: dict[str, NodeSpec] = {}
    above = [*_factor_order(description), *_cause_order(description)]
    for name in (*above, *description.shared, *description.findings):
        node, found = (known[name], []) if name in known else _node(description, name, nodes)
        problems.extend(found)
        if node is not None:
            nodes[name] = node
    return tuple(nodes.values()), tuple(problems)


def _node(
    description: ModelDescription, name: str, nodes: Mapping[str, NodeSpec]
) -> tuple[NodeSpec | None, list[Problem]]:
    """One node from those above it; None when it cannot be had."""
    if name in description.risk_factors:
        return _factor_node(description, name), []
    if name in description.causes:
        cause = description.causes[name]
        if any(row.factor not in nodes for row in cause.risk_factors):
            return None, []
        return cause_node(name, cause, nodes)
    if name in description.shared:
        shared = description.shared[name]
        path = ("shared", name)
        return _finding_node(path, (NO, YES), shared.background, {}, shared.causes)
    finding = description.findings[name]
    states = states_of(finding.answer)
    if any(factor not in nodes for factor in finding.background_by):
        return None, []
    raised = {
        factor: {state: rows.get(state) for state in nodes[factor].states}
        for factor, rows in finding.background_by.items()
    }
    return _finding_node(("findings", name), states, finding.background, raised, finding.causes)


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
    used = [factor.frequency_by[at] for at in rows_used(description, name)]
    table = tuple(x for row in used for x in distribution(states, row).tolist())
    return NodeSpec(name, states, tuple(_conditions(factor)), table=table)


def rows_used(description: ModelDescription, name: str) -> list[int]:
    """Which row of `frequency_by` counts for each combination of the parents' states."""
    factor = description.risk_factors[name]
    parents = _conditions(factor)
    options = [states_of(description.risk_factors[parent].answer) for parent in parents]
    found = []
    for at in np.ndindex(*(len(each) for each in options)):
        given = {p: each[i] for p, each, i in zip(parents, options, at, strict=True)}
        fits = [row.when.items() <= given.items() for row in factor.frequency_by]
        found.append(fits.index(True))
    return found


def _finding_node(
    path: tuple[str, str],
    states: tuple[str, ...],
    background: Frequency,
    raised: Mapping[str, Mapping[str, Frequency | None]],
    causes: Mapping[str, Frequency],
) -> tuple[NodeSpec, list[Problem]]:
    """raised: {risk factor: {each of its states: the background then, None where it is usual}}."""
    leak = distribution(states, background)
    problems: list[Problem] = []
    inactive = (1.0, *([0.0] * (len(states) - 1)))

    def row(number: Frequency | None, what: str, *place: str) -> tuple[float, ...]:
        if number is None:
            return inactive
        link = link_of(leak, distribution(states, number))
        if link.min() < -1e-9:
            problems.append(Problem((*path, *place), _not_larger(what)))
        link = np.clip(link, 0.0, 1.0)
        return tuple(float(x) for x in link / link.sum())

    links = [
        tuple(row(rows[state], state, "background_by", factor, state) for state in rows)
        for factor, rows in raised.items()
    ]
    links += [(inactive, row(each, name, "causes", name)) for name, each in causes.items()]
    parents = (*raised, *causes)
    return NodeSpec(path[1], states, parents, tuple(map(float, leak)), tuple(links)), problems


def link_of(background: Settings, alone: Settings) -> Settings:
    """What the cause does by itself: P(max <= s) = P(background <= s) P(link <= s).

    Distributions along the last axis, real or complex (see `risk`).
    """
    below, with_cause = np.cumsum(background, axis=-1), np.cumsum(alone, axis=-1)
    ratio = np.ones_like(below * with_cause)
    for state in range(below.shape[-1] - 2, -1, -1):
        known = below[..., state].real > 0
        part = np.divide(with_cause[..., state], np.where(known, below[..., state], 1.0))
        ratio[..., state] = np.where(known, part, ratio[..., state + 1])
    return np.diff(ratio, prepend=0.0)


def _not_larger(cause: str) -> str:
    return (
        f"'{cause}' makes this less likely than the background does (a cause can only raise a "
        "finding); raise the number, lower the background, or leave the cause out"
    )
