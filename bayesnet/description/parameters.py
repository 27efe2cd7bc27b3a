"""From numbers a person can picture to the parameters of the network, exactly.

A prevalence stays the marginal of its cause, a relative risk the ratio of two conditional
probabilities with everything else as it comes, a finding's number the probability with one
cause and no other. Risk factors act on causes by noisy-OR, causes on findings by noisy-MAX.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.description.compiled import NodeSpec, Problem
from bayesnet.description.format import (
    Cause,
    Choices,
    ConditionalFrequency,
    Frequency,
    ModelDescription,
    RiskFactor,
)
from bayesnet.network import Array, maximum_of, topological_order

NO, YES = "no", "yes"
TOLERANCE = 1e-13
ITERATIONS = 1000
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class _Parent:
    """A factor of a cause: its states, and its relative risk per state (lowest is 1)."""

    name: str
    risks: Array


def states_of(answer: Choices) -> tuple[str, ...]:
    """The states of a variable with such answers: named, banded, or no and yes."""
    return answer.states or tuple(answer.bands) or (NO, YES)


def solve(description: ModelDescription) -> tuple[tuple[NodeSpec, ...], tuple[Problem, ...]]:
    """The network's nodes, and what cannot be had (the nodes concerned are then left out)."""
    problems: list[Problem] = []
    nodes: dict[str, NodeSpec] = {}
    for name in _factor_order(description):
        nodes[name] = _factor_node(description, name)
    for name in _cause_order(description):
        cause = description.causes[name]
        if all(row.factor in nodes for row in cause.risk_factors):
            node, found = _cause_node(name, cause, nodes)
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


def _cause_node(
    name: str, cause: Cause, nodes: Mapping[str, NodeSpec]
) -> tuple[NodeSpec | None, list[Problem]]:
    """The leak and links that give the prevalence and every relative risk exactly."""
    path = ("causes", name)
    prevalence = cause.prevalence.value or 0.0
    parents = [_Parent(p, _risks(cause, p, nodes[p])) for p in _distinct(cause)]
    groups = _independent_groups([p.name for p in parents], nodes)
    joints = [_joint([parents[i].name for i in group], nodes) for group in groups]
    links: list[Array] = [np.zeros(len(parent.risks)) for parent in parents]
    product = 1.0
    problems: list[Problem] = []
    for group, joint in zip(groups, joints, strict=True):
        within = [parents[i] for i in group]
        solved, mean, found = _solve_group(within, joint, prevalence, path)
        problems.extend(found)
        product *= mean
        for i, link in zip(group, solved, strict=True):
            links[i] = link
    leak = 1.0 - (1.0 - prevalence) / product if product > 0 else -1.0
    if leak < -ROUNDING and not problems:
        share = 1.0 - product
        message = (
            f"the risk factors of '{name}' explain {share:.3g} of the people, more than its "
            f"prevalence of {prevalence:.3g}; lower a relative risk or raise the prevalence"
        )
        problems.append(Problem((*path, "prevalence"), message))
    if problems:
        return None, problems
    leak = float(max(leak, 0.0))
    rows = tuple(tuple((1.0 - float(x), float(x)) for x in link) for link in links)
    names = tuple(parent.name for parent in parents)
    return NodeSpec(name, (NO, YES), names, (1.0 - leak, leak), rows), []


def _solve_group(
    parents: Sequence[_Parent], joint: Array, prevalence: float, path: tuple[str, str]
) -> tuple[list[Array], float, list[Problem]]:
    """Links of factors that depend on each other, and E[product of their absences].

    P(absent | state) is known from prevalence and relative risks; what the other factors of the
    group contribute in that state depends on their links, so the equations are iterated. For a
    factor by itself the first step is the solution.
    """
    absent = [
        _absent_given(p.risks, _axis_marginal(joint, i), prevalence) for i, p in enumerate(parents)
    ]
    problems = [
        Problem(
            (*path, "prevalence"),
            f"with '{p.name}' the cause would have a probability over 1; "
            "lower its relative risk or the prevalence",
        )
        for p, each in zip(parents, absent, strict=True)
        if each.min() < 0
    ]
    if problems:
        return [], 1.0, problems
    links = [np.zeros(len(p.risks)) for p in parents]
    for _ in range(ITERATIONS):
        step = 0.0
        for i in range(len(parents)):
            others = _others_absent(joint, links, i)
            there = _axis_marginal(joint, i) > 0
            ratio = np.divide(absent[i], others, out=np.zeros_like(others), where=there)
            # The state that the factor itself makes least likely is the inactive one.
            fresh = np.where(there, 1.0 - ratio / ratio.max(), 0.0)
            step = max(step, float(np.abs(fresh - links[i]).max()))
            links[i] = fresh
        if step < TOLERANCE:
            break
    mean = float((joint * _product(joint.shape, links)).sum())
    return links, mean, []


def _absent_given(risks: Array, frequency: Array, prevalence: float) -> Array:
    """P(cause absent | state) for each state of a factor."""
    return np.asarray(1.0 - prevalence * risks / float(frequency @ risks))


def _risks(cause: Cause, factor: str, node: NodeSpec) -> Array:
    risks = np.ones(len(node.states))
    for row in cause.risk_factors:
        if row.factor == factor:
            risks[node.states.index(row.state or YES)] = row.relative_risk
    return np.asarray(risks / risks.min())


def _distinct(cause: Cause) -> list[str]:
    return list(dict.fromkeys(row.factor for row in cause.risk_factors))


def _independent_groups(names: Sequence[str], nodes: Mapping[str, NodeSpec]) -> list[list[int]]:
    """Indices of factors, grouped so that factors of different groups share no ancestor."""
    groups: list[tuple[set[str], list[int]]] = []
    for index, name in enumerate(names):
        roots = _ancestors([name], nodes)
        members = [index]
        apart = []
        for other_roots, other in groups:
            if roots & other_roots:
                roots |= other_roots
                members = [*other, *members]
            else:
                apart.append((other_roots, other))
        groups = [*apart, (roots, members)]
    return [sorted(members) for _, members in groups]


def _ancestors(names: Iterable[str], nodes: Mapping[str, NodeSpec]) -> set[str]:
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(nodes[name].parents)
    return found


def _joint(names: Sequence[str], nodes: Mapping[str, NodeSpec]) -> Array:
    """Joint distribution of some variables, one axis each, summing their ancestors out."""
    label = {name: at for at, name in enumerate(sorted(_ancestors(names, nodes)))}
    operands: list[Any] = []
    for name in label:
        operands.append(_full_table(nodes[name], nodes))
        operands.append([label[each] for each in (*nodes[name].parents, name)])
    out = [label[name] for name in names]
    return np.asarray(np.einsum(*operands, out, optimize="greedy"))


def _full_table(node: NodeSpec, nodes: Mapping[str, NodeSpec]) -> Array:
    if node.table:
        shape = [len(nodes[parent].states) for parent in node.parents]
        return np.array(node.table).reshape(*shape, len(node.states))
    values = np.array(node.leak)
    for link in node.links:
        values = maximum_of(values[..., None, :], np.array(link))
    return values


def _axis_marginal(joint: Array, axis: int) -> Array:
    return np.asarray(joint.sum(axis=tuple(a for a in range(joint.ndim) if a != axis)))


def _product(shape: tuple[int, ...], links: Sequence[Array], skip: int = -1) -> Array:
    product = np.ones(shape)
    for axis, link in enumerate(links):
        if axis != skip:
            along = [1] * len(shape)
            along[axis] = -1
            product = product * (1.0 - link).reshape(along)
    return product


def _others_absent(joint: Array, links: Sequence[Array], axis: int) -> Array:
    """E[product of the other factors' absences | state of this one]."""
    weighted = _axis_marginal(joint * _product(joint.shape, links, axis), axis)
    total = _axis_marginal(joint, axis)
    return np.divide(weighted, total, out=np.ones_like(total), where=total > 0)


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
