"""Solve for the parameters of the network from numbers a person can picture, exactly.

A prevalence stays the marginal of its cause, a relative risk the ratio of two conditional
probabilities with everything else as it comes, a finding's number the probability with one cause
and no other. Risk factors act on causes by noisy-OR, those that multiply by a table of their own;
causes on findings by noisy-MAX, or by noisy-MIN where they lower it.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.variables import Cause, RiskFactor, states_of
from bayesnet.model.problems import Problem
from bayesnet.model.solving.cause_parameters import (
    Solution,
    cause_drafts,
    numbers_of_cause,
    solve_cause,
)
from bayesnet.model.solving.finding_faults import (
    faulty_numbers,
    finding_faults,
    undeclared,
)
from bayesnet.model.solving.finding_numbers import (
    as_written,
    entry_of,
    finding_numbers,
    raised_by,
    states_of_finding,
    surroundings,
)
from bayesnet.model.solving.finding_parameters import (
    FindingNumbers,
    FindingSolution,
    Surroundings,
    finding_drafts,
    solve_finding,
)
from bayesnet.model.solving.noisy_links import distribution
from bayesnet.model.solving.people import Upper
from bayesnet.model.solving.ratio_room import cause_faults
from bayesnet.model.solving.tables import Settings, ancestors, arrays_of, full_table
from bayesnet.network import topological_order


def solve(
    description: ModelDescription, solved: Mapping[str, NodeSpec] = MappingProxyType({})
) -> tuple[tuple[NodeSpec, ...], tuple[Problem, ...]]:
    """Solve for the network's nodes, and list what cannot be solved for.

    A node that cannot be solved for is left out, and so is what depends on it. solved: nodes that
    are as they were and are taken over (see `untouched`).
    """
    nodes, problems = _above(description, solved)
    upper = upper_of(description, nodes)
    for name in (*description.shared, *description.findings):
        new = _taken(name, solved)
        if not new:
            new, found = _finding_nodes(description, name, upper)
            problems.extend(found)
        nodes.update((node.name, node) for node in new)
    return tuple(nodes.values()), tuple(problems)


def solvable(
    description: ModelDescription, solved: Mapping[str, NodeSpec] = MappingProxyType({})
) -> bool:
    """Tell whether `solve` finds no problem, without the work of saying which and why."""
    return next(unsolvable(description, solved), None) is None


def unsolvable(
    description: ModelDescription, solved: Mapping[str, NodeSpec] = MappingProxyType({})
) -> Iterator[KeyPath]:
    """Yield where numbers cannot be had beside the others: a cause, or a number of a finding.

    Findings are looked at only where every cause can be had.
    """
    nodes: dict[str, NodeSpec] = {}
    for name in (*factor_order(description), *cause_order(description)):
        new = _taken(name, solved)
        if not new and name in description.risk_factors:
            new = [_factor_node(description, name)]
        elif not new and (found := _solved_cause(description, name, nodes)):
            if found.possible[0]:
                drafts = cause_drafts(name, description.causes[name], found)
                new = [draft.node() for draft in drafts]
            else:
                yield ("causes", name)
        nodes.update((node.name, node) for node in new)
    upper = upper_of(description, nodes)
    if upper is None:
        return
    for name in (*description.shared, *description.findings):
        if not _taken(name, solved):
            numbers, _, solution = _solved(description, name, upper)
            yield from faulty_numbers(description, name, numbers, solution)


def untouched(
    description: ModelDescription, nodes: Mapping[str, NodeSpec], path: KeyPath
) -> dict[str, NodeSpec]:
    """Return the nodes that the number at a path does not reach."""
    section, name = str(path[0]), str(path[1])
    findings = description.findings
    if section == "findings":
        reached = {name}
    elif section == "shared":
        reached = {name, *(each for each, finding in findings.items() if name in finding.causes)}
    else:
        reached = {*description.risk_factors, *description.causes}
        reached |= {each for each, finding in findings.items() if finding.background_by}
    return {each: node for each, node in nodes.items() if each.split("__")[0] not in reached}


def _above(
    description: ModelDescription, solved: Mapping[str, NodeSpec]
) -> tuple[dict[str, NodeSpec], list[Problem]]:
    """Solve for the nodes of risk factors and causes, and list what cannot be solved for."""
    problems: list[Problem] = []
    nodes: dict[str, NodeSpec] = {}
    for name in (*factor_order(description), *cause_order(description)):
        new = _taken(name, solved)
        if not new:
            new, found = _upper_nodes(description, name, nodes)
            problems.extend(found)
        nodes.update((node.name, node) for node in new)
    return nodes, problems


def _taken(name: str, solved: Mapping[str, NodeSpec]) -> list[NodeSpec]:
    """Return the node of a variable from those that are solved, after the hidden ones it has."""
    return [node for each, node in solved.items() if each.split("__")[0] == name]


def factor_order(description: ModelDescription) -> list[str]:
    """List the risk factors, parents before children."""
    return topological_order(
        {name: _conditions(factor) for name, factor in description.risk_factors.items()}
    )


def cause_order(description: ModelDescription) -> list[str]:
    """List the causes, those of other causes before these."""
    causes = description.causes
    return topological_order(
        {
            name: [row.factor for row in cause.risk_factors if row.factor in causes]
            for name, cause in causes.items()
        }
    )


def upper_of(description: ModelDescription, nodes: Mapping[str, NodeSpec]) -> Upper | None:
    """Return the part above the findings; None where a cause or factor could not be solved for."""
    causes, factors = cause_order(description), factor_order(description)
    if any(name not in nodes for name in (*causes, *factors)):
        return None
    arrays = {name: arrays_of(node) for name, node in nodes.items()}
    return Upper(tuple(factors), tuple(causes), nodes, arrays)


def _conditions(factor: RiskFactor) -> list[str]:
    """List the factors that a factor's frequency depends on, each once."""
    names = [name for row in factor.frequency_by for name in row.when]
    return list(dict.fromkeys(names))


def _upper_nodes(
    description: ModelDescription, name: str, nodes: Mapping[str, NodeSpec]
) -> tuple[list[NodeSpec], list[Problem]]:
    """Solve for the nodes of a risk factor or cause, or list why there are none."""
    if name in description.risk_factors:
        return [_factor_node(description, name)], []
    found = _solved_cause(description, name, nodes)
    if found is None:
        return [], []
    cause = description.causes[name]
    problems = cause_faults(name, cause, nodes, _tables_above(cause, nodes), found)
    if problems:
        return [], problems
    return [draft.node() for draft in cause_drafts(name, cause, found)], []


def _solved_cause(
    description: ModelDescription, name: str, nodes: Mapping[str, NodeSpec]
) -> Solution | None:
    """Solve for a cause; None where one that it depends on could not be solved for."""
    cause = description.causes[name]
    if not _named(cause) <= nodes.keys():
        return None
    return solve_cause(cause, numbers_of_cause(cause), nodes, _tables_above(cause, nodes))


def _tables_above(cause: Cause, nodes: Mapping[str, NodeSpec]) -> dict[str, Settings]:
    """Return the tables of the factors and causes that a cause depends on, and of all above."""
    above = ancestors(_named(cause), nodes)
    return {each: full_table(nodes[each], arrays_of(nodes[each])) for each in above}


def _named(cause: Cause) -> set[str]:
    """Return the factors and causes that a cause depends on."""
    return {each for row in cause.risk_factors for each in (row.factor, *row.among)}


def _factor_node(description: ModelDescription, name: str) -> NodeSpec:
    factor = description.risk_factors[name]
    states = states_of(factor.answer)
    if factor.frequency is not None:
        table = distribution(states, factor.frequency)
        return NodeSpec(name, states, (), table=tuple(table.tolist()))
    used = [factor.frequency_by[at] for at in rows_used(description, name)]
    table = np.concatenate([distribution(states, row) for row in used])
    return NodeSpec(name, states, tuple(_conditions(factor)), table=tuple(table.tolist()))


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


def _finding_nodes(
    description: ModelDescription, name: str, upper: Upper | None
) -> tuple[list[NodeSpec], list[Problem]]:
    """Solve for the nodes of a finding or pattern, or list why there are none."""
    raised = raised_by(description, name)
    if raised:
        causes = entry_of(description, name).causes.keys() - description.shared.keys()
        if upper is None or not {*raised, *causes} <= upper.nodes.keys():
            return [], undeclared(description, name)
    numbers, around, found = _solved(description, name, upper)
    problems = finding_faults(description, name, numbers, around, found)
    drafts = finding_drafts(name, states_of_finding(description, name), found)
    return [draft.node() for draft in drafts], problems


def _solved(
    description: ModelDescription, name: str, upper: Upper | None
) -> tuple[FindingNumbers, Surroundings, FindingSolution]:
    """Read a finding's or pattern's numbers and what stands around it, and solve for its own."""
    numbers = finding_numbers(description, name, as_written)
    around = surroundings(description, name, upper, as_written)
    return numbers, around, solve_finding(numbers, around)
