"""Solve for the parameters of the network from numbers a person can picture, exactly.

A prevalence stays the marginal of its cause, a relative risk the ratio of two conditional
probabilities with everything else as it comes, a finding's number the probability with one cause
and no other. Risk factors act on causes by noisy-OR. Causes that raise a finding over its
background act by noisy-MAX. A cause that lowers a finding stands in the background's place; of
several the lowest counts, by a noisy-MIN, so that what other causes bring about still shows (Díez
and Druzdzel 2006, Canonical probabilistic models for knowledge engineering).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from msgspec import structs

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import Frequency
from bayesnet.model.format.variables import NO, YES, Finding, RiskFactor, Shared, states_of
from bayesnet.model.problems import Problem
from bayesnet.model.solving.cause_parameters import cause_node
from bayesnet.model.solving.noisy_links import (
    TOLERANCE,
    cap_of,
    distribution,
    link_of,
    lowers,
)
from bayesnet.network import Array, topological_order


def solve(
    description: ModelDescription, solved: Mapping[str, NodeSpec] = MappingProxyType({})
) -> tuple[tuple[NodeSpec, ...], tuple[Problem, ...]]:
    """Solve for the network's nodes, and list what cannot be solved for.

    A node that cannot be solved for is left out, and so are its descendants among the causes.
    solved: nodes that are as they were and are taken over.
    """
    problems: list[Problem] = []
    nodes: dict[str, NodeSpec] = {}
    above = [*_factor_order(description), *_cause_order(description)]
    for name in (*above, *description.shared, *description.findings):
        if name in solved:
            new = [solved[each] for each in (shared_background(name), name) if each in solved]
        else:
            new, found = _nodes(description, name, nodes)
            problems.extend(found)
        nodes.update((node.name, node) for node in new)
    return tuple(nodes.values()), tuple(problems)


def shared_background(finding: str) -> str:
    """Name the hidden node of a finding that several causes lower.

    Its states are the finding's, as they would show if no cause raised it: the lowest of the
    background and of what each lowering cause allows. The name cannot be an id of the model, for no
    id has two underscores in a row.

    >>> shared_background("morning_stiffness")
    'morning_stiffness__background'
    """
    return f"{finding}__background"


def _nodes(
    description: ModelDescription, name: str, nodes: Mapping[str, NodeSpec]
) -> tuple[list[NodeSpec], list[Problem]]:
    """Solve for the node of a variable, and for its hidden background node if it has one.

    Returns no node when it, or a node that it depends on, cannot be solved for.
    """
    if name in description.risk_factors:
        return [_factor_node(description, name)], []
    if name in description.causes:
        cause = description.causes[name]
        if any(row.factor not in nodes for row in cause.risk_factors):
            return [], []
        node, problems = cause_node(name, cause, nodes)
        return ([] if node is None else [node]), problems
    if name in description.shared:
        shared = description.shared[name]
        raising, problems = _raising_node(("shared", name), shared, (NO, YES), {}, shared.causes)
        return [raising], problems
    finding = description.findings[name]
    if any(factor not in nodes for factor in finding.background_by):
        return [], []
    raised = {
        factor: {state: rows.get(state) for state in nodes[factor].states}
        for factor, rows in finding.background_by.items()
    }
    return _finding_nodes(name, finding, raised)


def _factor_order(description: ModelDescription) -> list[str]:
    return topological_order(
        {name: _conditions(factor) for name, factor in description.risk_factors.items()}
    )


def _conditions(factor: RiskFactor) -> list[str]:
    """List the factors that a factor's frequency depends on, each once."""
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
    """Return which row of `frequency_by` counts for each combination of the parents' states."""
    factor = description.risk_factors[name]
    parents = _conditions(factor)
    options = [states_of(description.risk_factors[parent].answer) for parent in parents]
    found = []
    for at in np.ndindex(*(len(each) for each in options)):
        given = {p: each[i] for p, each, i in zip(parents, options, at, strict=True)}
        fits = [row.when.items() <= given.items() for row in factor.frequency_by]
        found.append(fits.index(True))
    return found


_Raised = Mapping[str, Mapping[str, Frequency | None]]
"""{risk factor: {each of its states: the background then, None where it is usual}}."""


def _finding_nodes(
    name: str, finding: Finding, raised: _Raised
) -> tuple[list[NodeSpec], list[Problem]]:
    """Solve for a finding's node, and the hidden background node where several causes lower it."""
    states = states_of(finding.answer)
    path = ("findings", name)
    lowering = lowering_causes(finding)
    raising = {each: number for each, number in finding.causes.items() if each not in lowering}
    node, problems = _raising_node(path, finding, states, raised, raising)
    if not lowering:
        return [node], problems
    # The leak of a noisy-MAX cannot depend on a parent. So the leak goes to the lowest state, where
    # it does nothing, and a parent carries the background: the lowering cause itself, which shows
    # the background when absent and its own number when present; or, of several, a hidden node.
    before: list[NodeSpec] = []
    if len(lowering) == 1:
        [(carrier, number)] = lowering.items()
        link: tuple[tuple[float, ...], ...] = (node.leak, _chances(distribution(states, number)))
    else:
        before = [_lowest_node(node, lowering)]
        carrier, link = before[0].name, _each_state(states)
    node = structs.replace(
        node,
        parents=(carrier, *node.parents),
        leak=_each_state(states)[0],
        links=(link, *node.links),
    )
    return [*before, node], problems


def lowering_causes(finding: Finding) -> dict[str, Frequency]:
    """Return {cause: its number} of the causes with which fewer show the finding than with none."""
    states = states_of(finding.answer)
    background = distribution(states, finding.background)
    return {
        name: number
        for name, number in finding.causes.items()
        if lowers(background, distribution(states, number))
    }


def _raising_node(
    path: tuple[str, str],
    entry: Finding | Shared,
    states: tuple[str, ...],
    raised: _Raised,
    causes: Mapping[str, Frequency],
) -> tuple[NodeSpec, list[Problem]]:
    """Solve for the noisy-MAX of what raises a finding or shared node over its background."""
    leak = distribution(states, entry.background)
    problems: list[Problem] = []
    inactive = _each_state(states)[0]

    def row(number: Frequency | None, what: str, *place: str) -> tuple[float, ...]:
        if number is None:
            return inactive
        link = link_of(leak, distribution(states, number))
        if link.min() < -TOLERANCE:
            problems.append(Problem((*path, *place), _not_raised(what, path[0], place[0])))
        return _chances(link)

    links = [
        tuple(row(rows[state], state, "background_by", factor, state) for state in rows)
        for factor, rows in raised.items()
    ]
    links += [(inactive, row(each, name, "causes", name)) for name, each in causes.items()]
    parents = (*raised, *causes)
    return NodeSpec(path[1], states, parents, tuple(map(float, leak)), tuple(links)), problems


def _lowest_node(node: NodeSpec, lowering: Mapping[str, Frequency]) -> NodeSpec:
    """Build the noisy-MIN of a finding's background and of what each lowering cause allows."""
    base = np.array(node.leak)
    caps = (cap_of(base, distribution(node.states, number)) for number in lowering.values())
    anything = _each_state(node.states)[-1]
    links = tuple((anything, _chances(cap)) for cap in caps)
    name = shared_background(node.name)
    return NodeSpec(name, node.states, tuple(lowering), node.leak, links, lowest=-1)


def _each_state(states: Sequence[str]) -> tuple[tuple[float, ...], ...]:
    """Return the distributions that are sure of the first state, of the second, and so on."""
    return tuple(tuple(map(float, row)) for row in np.eye(len(states)))


def _chances(link: Array) -> tuple[float, ...]:
    """Return a link without rounding errors: no entry under 0 or over 1, and a sum of 1."""
    kept = np.clip(link, 0.0, 1.0)
    return tuple(float(x) for x in kept / kept.sum())


def _not_raised(what: str, section: str, group: str) -> str:
    """Word the problem of a number that raises some states and lowers others, or may not lower."""
    if (section, group) == ("findings", "causes"):
        return (
            f"'{what}' makes some states likelier than the background does and others less likely, "
            "out of order; move weight towards one end, or leave it out"
        )
    return (
        f"'{what}' makes this less likely than the background does, which only a cause of a "
        "finding can; raise the number, lower the background, or leave it out"
    )
