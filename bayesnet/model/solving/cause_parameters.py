"""Solve a cause's leak and links from its prevalence and relative risks, exactly.

P(cause absent | state of a factor) follows from the prevalence and the relative risks alone.
Factors that share no ancestor are solved one by one, in closed form; those that do are solved
together, from their joint distribution.

Arrays have a leading axis of settings: one for the model as it is; and where derivatives are wanted
(see `parameter_uncertainty`) one for each number that is moved. Then arrays are complex, and only
analytic functions may be applied to them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.format.variables import NO, YES, Cause
from bayesnet.model.problems import Problem
from bayesnet.network import maximum_of

Settings = NDArray[Any]
"""Real or complex numbers, shape (settings or 1, ...)."""

TOLERANCE = 1e-13
"""Largest change of a link in the last iteration: a few hundred roundings of a number near 1."""
ITERATIONS = 1000
"""Bound on the iterations of a group of dependent factors.

Each shrinks the error by a constant factor, the more so the weaker the factors depend on each
other: the runner model's largest group, four factors, needs 19.
"""
ROUNDING = 1e-12
"""How far a leak may be below 0 by rounding, and still be 0."""
STEP = 1e-30
"""Imaginary part that stands for a small change of a number (see `parameter_uncertainty`).

Its square, 1e-60, is lost beside every real part that occurs, so that the imaginary part of a
result over STEP is the derivative to all digits; and it is far enough from the smallest double,
1e-308, that products of it with small probabilities keep their digits.
"""


@dataclass(frozen=True, eq=False)
class Numbers:
    """A cause's own numbers.

    prevalence: shape (settings,). risks: {factor: relative risk of each state over that of the
    least risky one, shape (settings, states)}.
    """

    prevalence: Settings
    risks: Mapping[str, Settings]


@dataclass(frozen=True, eq=False)
class Solution:
    """A cause's parameters.

    leak: shape (settings,), below zero where the factors explain more people than there are. links:
    of each factor, P(it alone brings the cause about) for each of its states, shape (settings,
    states). overfull: factors with which the cause would have a probability over 1.
    """

    leak: Settings
    links: tuple[Settings, ...]
    overfull: tuple[str, ...]


def cause_node(
    name: str, cause: Cause, nodes: Mapping[str, NodeSpec]
) -> tuple[NodeSpec | None, list[Problem]]:
    """Solve for the leak and links that give the prevalence and every relative risk exactly.

    Returns None and the problems where no leak and links can.
    """
    numbers = numbers_of_cause(cause, nodes)
    prevalence = cause.prevalence.value or 0.0
    above = ancestors(numbers.risks, nodes)
    found = solve_cause(numbers, nodes, {each: full_table(nodes[each]) for each in above})
    path = ("causes", name, "prevalence")
    problems = [Problem(path, _over_one(factor)) for factor in found.overfull]
    leak = float(found.leak[0])
    if leak < -ROUNDING and not problems:
        share = 1.0 - (1.0 - prevalence) / (1.0 - leak)
        message = (
            f"the risk factors of '{name}' explain {share:.3g} of the people, more than its "
            f"prevalence of {prevalence:.3g}; lower a relative risk or raise the prevalence"
        )
        problems.append(Problem(path, message))
    if problems:
        return None, problems
    leak = max(leak, 0.0)
    rows = tuple(tuple((1.0 - float(x), float(x)) for x in link[0]) for link in found.links)
    return NodeSpec(name, (NO, YES), tuple(numbers.risks), (1.0 - leak, leak), rows), []


def numbers_of_cause(cause: Cause, nodes: Mapping[str, NodeSpec]) -> Numbers:
    """Return a cause's numbers as the model gives them, in one setting."""
    names = dict.fromkeys(row.factor for row in cause.risk_factors)
    risks = {name: risks_of(cause, name, nodes[name])[None] for name in names}
    prevalence = np.array([cause.prevalence.value or 0.0])
    return Numbers(prevalence, {name: each / each.min() for name, each in risks.items()})


def risks_of(cause: Cause, factor: str, node: NodeSpec) -> NDArray[np.float64]:
    """Return the relative risk of each state of a factor, 1 where no row says otherwise.

    Shape (states,).
    """
    risks = np.ones(len(node.states))
    for row in cause.risk_factors:
        if row.factor == factor:
            risks[node.states.index(row.state or YES)] = row.relative_risk
    return risks


def solve_cause(
    numbers: Numbers, nodes: Mapping[str, NodeSpec], tables: Mapping[str, Settings]
) -> Solution:
    """Solve for the leak and links of a cause in each setting.

    nodes: tell who is whose parent; tables: {ancestor: P(ancestor | its parents)}, each with a
    leading axis of settings.

    A cause of prevalence 0.3, twice as common with a factor that half of the people have, has P =
    0.2 without the factor, which is the leak, and 0.4 with it, so the link is 1 - 0.6 / 0.8:

    >>> factor = NodeSpec("factor", ("no", "yes"), (), table=(0.5, 0.5))
    >>> numbers = Numbers(np.array([0.3]), {"factor": np.array([[1.0, 2.0]])})
    >>> found = solve_cause(numbers, {"factor": factor}, {"factor": full_table(factor)})
    >>> found.leak.round(6).tolist(), found.links[0].round(6).tolist()
    ([0.2], [[0.0, 0.25]])
    """
    names = list(numbers.risks)
    links: dict[str, Settings] = {}
    product: Settings = np.ones(1)
    overfull: list[str] = []
    for group in _independent_groups(names, nodes):
        within = [names[at] for at in group]
        joint = _joint(within, nodes, tables)
        absent = [
            _absent_given(numbers.risks[each], _axis_marginal(joint, axis), numbers.prevalence)
            for axis, each in enumerate(within)
        ]
        over = [n for n, each in zip(within, absent, strict=True) if each.real.min() < 0]
        overfull += over
        solved = [np.zeros_like(each) for each in absent] if over else _solve_group(absent, joint)
        links.update(zip(within, solved, strict=True))
        # P(cause absent) = (1 - leak) x E[product over the factors of 1 - link], and the groups,
        # independent of each other, multiply.
        every = tuple(range(1, joint.ndim))
        product = product * (joint * _product(solved, joint.ndim)).sum(axis=every)
    leak = 1.0 - (1.0 - numbers.prevalence) / product
    return Solution(leak, tuple(links[name] for name in names), tuple(overfull))


def ancestors(names: Iterable[str], nodes: Mapping[str, NodeSpec]) -> set[str]:
    """Return the variables together with all their ancestors."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(nodes[name].parents)
    return found


def full_table(node: NodeSpec) -> Settings:
    """Return P(variable | parents) as the model has it, shape (1, *parents' states, states)."""
    if node.table:
        return np.array(node.table).reshape(1, *_shape(node))
    return noisy_table(np.array(node.leak)[None], [np.array(link)[None] for link in node.links])


def noisy_table(leak: Settings, links: Sequence[Settings]) -> Settings:
    """Return P(variable | parents) of a noisy-MAX, shape (settings, *parents' states, states).

    leak: shape (settings, states); links: one a parent, shape (settings, parent's states, states).
    """
    values = leak
    for link in links:
        between = [1] * (values.ndim - 2)
        spread = link.reshape(len(link), *between, *link.shape[1:])
        values = maximum_of(values[..., None, :], spread)
    return values


def _shape(node: NodeSpec) -> tuple[int, ...]:
    """Return the shape of a variable's table with the parents' axes merged: (rows, states)."""
    return (len(node.table) // len(node.states), len(node.states))


def _over_one(factor: str) -> str:
    return (
        f"with '{factor}' the cause would have a probability over 1; "
        "lower its relative risk or the prevalence"
    )


def _solve_group(absent: Sequence[Settings], joint: Settings) -> list[Settings]:
    """Solve for the links of factors that depend on each other, shape (settings, states) each.

    P(absent | state) of each factor follows from prevalence and relative risks; what the other
    factors of the group contribute in that state depends on their links, so the equations are
    iterated to a fixed point. For a factor by itself the first step is the solution.
    """
    links = [np.zeros_like(each) for each in absent]
    for _ in range(ITERATIONS):
        step = 0.0
        for i, each in enumerate(absent):
            others = _others_absent(joint, links, i)
            there = _axis_marginal(joint, i).real > 0
            ratio = np.divide(each, others, out=np.zeros_like(each * others), where=there)
            # The state that the factor itself makes least likely is the inactive one.
            inactive = ratio.real.argmax(axis=1)[:, None]
            fresh = np.where(there, 1.0 - ratio / np.take_along_axis(ratio, inactive, 1), 0.0)
            step = max(step, _size(fresh - links[i]))
            links[i] = fresh
        if step < TOLERANCE:
            break
    return links


def _size(change: Settings) -> float:
    """Return the largest change of a value, or of a derivative."""
    return max(float(np.abs(change.real).max()), float(np.abs(change.imag).max()) / STEP)


def _absent_given(risks: Settings, frequency: Settings, prevalence: Settings) -> Settings:
    """Return P(cause absent | state) for each state of a factor, shape (settings, states)."""
    # P(cause | state) is a multiple of the relative risk, the one whose mean is the prevalence.
    mean = (frequency * risks).sum(axis=1, keepdims=True)
    return np.asarray(1.0 - prevalence[:, None] * risks / mean)


def _independent_groups(names: Sequence[str], nodes: Mapping[str, NodeSpec]) -> list[list[int]]:
    """Group the indices of factors so that factors of different groups share no ancestor."""
    groups: list[tuple[set[str], list[int]]] = []
    for index, name in enumerate(names):
        roots = ancestors([name], nodes)
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


def _joint(
    names: Sequence[str], nodes: Mapping[str, NodeSpec], tables: Mapping[str, Settings]
) -> Settings:
    """Return the joint distribution of some variables, shape (settings, states of each)."""
    label = {name: at for at, name in enumerate(sorted(ancestors(names, nodes)))}
    operands: list[Any] = []
    for name in label:
        sizes = [len(nodes[each].states) for each in (*nodes[name].parents, name)]
        operands.append(tables[name].reshape(-1, *sizes))
        operands.append([Ellipsis, *(label[each] for each in (*nodes[name].parents, name))])
    operands.append([Ellipsis, *(label[name] for name in names)])
    return np.asarray(np.einsum(*operands, optimize="greedy"))


def _axis_marginal(joint: Settings, axis: int) -> Settings:
    """Sum a joint down to one variable, shape (settings, states)."""
    return np.asarray(joint.sum(axis=tuple(a for a in range(1, joint.ndim) if a != axis + 1)))


def _product(links: Sequence[Settings], axes: int, skip: int = -1) -> Settings:
    """Multiply 1 - link over the factors but one, in a shape that broadcasts to their joint.

    axes: of the joint, settings included. links: of shape (settings, states) each; skip: the factor
    left out.
    """
    # A joint has the settings on its first axis and the factors on the others, in order.
    product: Settings = np.ones([1] * axes)
    for axis, link in enumerate(links):
        if axis != skip:
            along = [1] * (axes - 1)
            along[axis] = -1
            product = product * (1.0 - link).reshape(len(link), *along)
    return product


def _others_absent(joint: Settings, links: Sequence[Settings], axis: int) -> Settings:
    """Return E[product of the other factors' absences | state of this one], (settings, states)."""
    weighted = _axis_marginal(joint * _product(links, joint.ndim, axis), axis)
    total = _axis_marginal(joint, axis)
    return np.divide(weighted, total, out=np.ones_like(weighted), where=total.real > 0)
