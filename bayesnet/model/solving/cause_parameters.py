"""Solve a cause's leak and links from its prevalence and relative risks, exactly.

P(cause absent | states of a group of factors) follows from the prevalence and the relative risks
alone. Groups that share no ancestor are solved one by one, in closed form; those that do are solved
together, from their joint distribution.

Arrays have a leading axis of settings (see `tables`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.format.variables import NO, YES, Cause
from bayesnet.model.solving.drafts import Draft, sure_of_each
from bayesnet.model.solving.factor_groups import FactorGroup, factor_groups
from bayesnet.model.solving.risk_tables import comparisons, risk_table
from bayesnet.model.solving.tables import Settings, ancestors, joint_of, largest, marginal

TOLERANCE = 1e-13
"""Largest change of a link in the last iteration: a few hundred roundings of a number near 1."""
ITERATIONS = 400
"""Bound on the iterations of dependent groups of factors.

Each shrinks the error by a constant factor, the more so the weaker the factors depend on each
other: the runner model's largest group, four factors, needs 19.
"""
ROUNDING = 1e-12
"""How far a leak may be below 0 by rounding, and still be 0."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """A cause's own numbers: prevalence, shape (settings,); ratios, shape (settings, rows)."""

    prevalence: Settings
    ratios: Settings


@dataclass(frozen=True, eq=False)
class Solution:
    """A cause's parameters.

    leak: shape (settings,), below zero where the factors explain more people than there are. links:
    of each group of factors, P(it alone brings the cause about) in each combination of their
    states, shape (settings, states of each). overfull: whether the cause would have a probability
    over 1 among some people, shape (settings, groups).
    """

    leak: Settings
    links: tuple[Settings, ...]
    overfull: NDArray[np.bool_]

    @property
    def possible(self) -> NDArray[np.bool_]:
        """Whether there is such a cause, shape (settings,)."""
        return np.asarray((self.leak.real >= -ROUNDING) & ~self.overfull.any(axis=1))


def numbers_of_cause(cause: Cause) -> Numbers:
    """Return a cause's numbers as the model gives them, in one setting."""
    ratios = np.array([[row.relative_risk for row in cause.risk_factors]])
    return Numbers(np.array([cause.prevalence.value or 0.0]), ratios)


def solve_cause(
    cause: Cause,
    numbers: Numbers,
    nodes: Mapping[str, NodeSpec],
    tables: Mapping[str, Settings],
) -> Solution:
    """Solve for the leak and links of a cause in each setting.

    cause: tells which rows there are, and which factors act together; nodes: tell who is whose
    parent; tables: {ancestor: P(ancestor | its parents)} (see `full_table`).
    """
    groups = factor_groups(cause)
    links: dict[int, Settings] = {}
    settings = max(len(numbers.prevalence), *(len(each) for each in tables.values()), 1)
    product: Settings = np.ones(1)
    overfull = np.zeros((settings, len(groups)), dtype=np.bool_)
    for together in _dependent(groups, nodes):
        within = [groups[at] for at in together]
        joint = joint_of([name for group in within for name in group.factors], nodes, tables)
        absent = _absent(cause, within, numbers, nodes, joint)
        # From here on a group of factors is one factor with all the combinations of their states.
        shape = [int(np.prod(each.shape[1:])) for each in absent]
        joint = joint.reshape(len(joint), *shape)
        flat = [each.reshape(len(each), -1) for each in absent]
        for axis, at in enumerate(together):
            there = marginal(joint, [axis]).real > 0
            overfull[:, at] = ((flat[axis].real < 0) & there).any(axis=1)
        solved = _solve_groups([np.where(each.real < 0, 0.0, each) for each in flat], joint)
        for at, link, each in zip(together, solved, absent, strict=True):
            links[at] = link.reshape(len(link), *each.shape[1:])
        # P(cause absent) = (1 - leak) x E[product over the groups of 1 - link], and what is
        # independent of each other multiplies.
        every = tuple(range(1, joint.ndim))
        product = product * (joint * _product(solved, joint.ndim)).sum(axis=every)
    leak = 1.0 - (1.0 - numbers.prevalence) / product
    return Solution(leak, tuple(links[at] for at in range(len(groups))), overfull)


def _absent(
    cause: Cause,
    groups: Sequence[FactorGroup],
    numbers: Numbers,
    nodes: Mapping[str, NodeSpec],
    joint: Settings,
) -> list[Settings]:
    """Return P(cause absent | states) of each group, shape (settings, states of each factor)."""
    found = []
    first = 0
    for group in groups:
        own = marginal(joint, range(first, first + len(group.factors)))
        risks = risk_table(comparisons(cause, group, nodes), numbers.ratios, own)
        # P(cause | state) is a multiple of the relative risk, the one whose mean is the prevalence.
        mean = (own * risks).sum(axis=tuple(range(1, own.ndim)))
        scale = (numbers.prevalence / mean).reshape(-1, *[1] * (own.ndim - 1))
        found.append(np.asarray(1.0 - scale * risks))
        first += len(group.factors)
    return found


def cause_drafts(name: str, cause: Cause, solution: Solution) -> list[Draft]:
    """Draft the node of a cause, after a hidden one for each group of several factors.

    A hidden node is present in those in whom its factors together bring the cause about.
    """
    hidden: list[Draft] = []
    parents: list[str] = []
    links: list[Settings] = []
    for group, link in zip(factor_groups(cause), solution.links, strict=True):
        rows = _both(link.reshape(len(link), -1))
        if len(group.factors) == 1:
            parents.append(group.factors[0])
            links.append(rows)
        else:
            together = hidden_group(name, group)
            hidden.append(Draft(together, (NO, YES), group.factors, [rows]))
            parents.append(together)
            links.append(sure_of_each(2)[None])
    leak = _both(solution.leak)
    return [*hidden, Draft(name, (NO, YES), tuple(parents), [leak, *links])]


def _both(present: Settings) -> Settings:
    """Turn P(present) into P(absent) and P(present), shape (..., 2)."""
    return np.stack([1.0 - present, present], axis=-1)


def hidden_group(cause: str, group: FactorGroup) -> str:
    """Name the hidden node through which a group of factors acts on a cause.

    It cannot be an id of the model, for no id has two underscores in a row.
    """
    return f"{cause}__{group.factors[0]}"


def _dependent(groups: Sequence[FactorGroup], nodes: Mapping[str, NodeSpec]) -> list[list[int]]:
    """Join the indices of groups that share an ancestor."""
    found: list[tuple[set[str], list[int]]] = []
    for index, group in enumerate(groups):
        roots = ancestors(group.factors, nodes)
        members = [index]
        apart = []
        for other_roots, other in found:
            if roots & other_roots:
                roots |= other_roots
                members = [*other, *members]
            else:
                apart.append((other_roots, other))
        found = [*apart, (roots, members)]
    return [sorted(members) for _, members in found]


def _solve_groups(absent: Sequence[Settings], joint: Settings) -> list[Settings]:
    """Solve for the links of groups that depend on each other, shape (settings, states) each.

    P(absent | state) of each group follows from prevalence and relative risks; what the other
    groups contribute in that state depends on their links, so the equations are iterated to a fixed
    point. For a group by itself the first step is the solution.
    """
    links = [np.zeros_like(each) for each in absent]
    for _ in range(ITERATIONS):
        step = 0.0
        for i, each in enumerate(absent):
            others = _others_absent(joint, links, i)
            there = marginal(joint, [i]).real > 0
            ratio = np.divide(each, others, out=np.zeros_like(each * others), where=there)
            # The state that the group itself makes least likely is the inactive one.
            inactive = ratio.real.argmax(axis=1)[:, None]
            fresh = np.where(there, 1.0 - ratio / np.take_along_axis(ratio, inactive, 1), 0.0)
            step = max(step, largest(fresh - links[i]))
            links[i] = fresh
        if step < TOLERANCE:
            break
    return links


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
    weighted = marginal(joint * _product(links, joint.ndim, axis), [axis])
    total = marginal(joint, [axis])
    return np.divide(weighted, total, out=np.ones_like(weighted), where=total.real > 0)
