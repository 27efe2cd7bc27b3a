"""A cause's leak and links from its prevalence and relative risks, exactly.

P(cause absent | state of a factor) is known from the prevalence and the relative risks alone.
Factors that share no ancestor are solved one by one, in closed form; those that do are solved
together, from their joint distribution.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.description.compiled import NodeSpec, Problem
from bayesnet.description.format import NO, YES, Cause
from bayesnet.network import Array, maximum_of

TOLERANCE = 1e-13
ITERATIONS = 1000
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class _Parent:
    """A factor of a cause: its states, and its relative risk per state (lowest is 1)."""

    name: str
    risks: Array


def cause_node(
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
    links = [np.zeros(len(p.risks)) for p in parents]
    if problems:
        return links, 1.0, problems
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
