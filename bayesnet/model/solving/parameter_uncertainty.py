"""Derive how each uncertain number of a model moves the parameters of its network, exactly.

Complex-step differentiation (Squire & Trapp 1998, SIAM Review 40:110-112): a number gets an
imaginary part too small to change any real part, the parameters are solved for as usual, and their
imaginary parts are the derivatives. No two near numbers are subtracted, so no digit is lost.

What is solved for in its turn carries its imaginary part on: a prevalence moves the links of the
cause, these move who has which cause, and so the links of a finding that age raises.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.format.compiled import NodeSpec, Uncertainty
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import Frequency
from bayesnet.model.format.variables import NO, YES
from bayesnet.model.solving.cause_parameters import Numbers, cause_drafts, solve_cause
from bayesnet.model.solving.drafts import Draft
from bayesnet.model.solving.finding_numbers import (
    Read,
    as_written,
    finding_numbers,
    patterns_present,
    raised_by,
    states_of_finding,
    surroundings,
)
from bayesnet.model.solving.finding_parameters import Surroundings, finding_drafts, solve_finding
from bayesnet.model.solving.noisy_links import distribution
from bayesnet.model.solving.parameters import cause_order, factor_order, rows_used, upper_of
from bayesnet.model.solving.people import Upper
from bayesnet.model.solving.standard_deviations import frequency_deviations, log_risk_deviation
from bayesnet.model.solving.tables import STEP, Settings, ancestors, arrays_of, full_table
from bayesnet.network import Array

Way = tuple[KeyPath, int]
"""An uncertain number, by its path, and which of its independent ways to vary."""

Moved = Mapping[Way, Sequence[Array]]
"""What one standard deviation each way does to the arrays of a node (see `arrays_of`)."""


def uncertainty_of(description: ModelDescription, nodes: Sequence[NodeSpec]) -> Uncertainty:
    """Return what one standard deviation of each number does to every parameter of the network."""
    return _packed(nodes, moved_by(description, nodes))


def moved_by(description: ModelDescription, nodes: Sequence[NodeSpec]) -> Mapping[str, Moved]:
    """Return {node: what one standard deviation of each number does to its arrays}."""
    by_name = {node.name: node for node in nodes}
    moved: dict[str, Moved] = {}
    for name in factor_order(description):
        moved[name] = _factor(description, by_name[name])
    for name in cause_order(description):
        moved.update(_cause(description, name, by_name, moved))
    above = list(dict.fromkeys(way for each in moved.values() for way in each))
    upper = upper_of(description, {name: by_name[name] for name in moved})
    assert upper is not None
    arrays = {each: _moved_arrays(by_name[each], moved[each], above) for each in upper.nodes}
    varied = replace(upper, arrays=arrays)
    for name in (*description.shared, *description.findings):
        moved.update(_finding(description, name, varied, above))
    return moved


def _factor(description: ModelDescription, node: NodeSpec) -> Moved:
    """Return each way in which a risk factor's numbers move its table, shape (rows, states)."""
    factor = description.risk_factors[node.name]
    path = ("risk_factors", node.name)
    if factor.frequency is not None:
        place: KeyPath = (*path, "frequency")
        return {
            (place, way): [change[None]]
            for way, change in enumerate(_deviations(factor.frequency, node.states))
            if change.any()
        }
    used = np.array(rows_used(description, node.name))
    return {
        ((*path, "frequency_by", at), way): [np.where((used == at)[:, None], change, 0.0)]
        for at, row in enumerate(factor.frequency_by)
        for way, change in enumerate(_deviations(row, node.states))
        if change.any()
    }


def _cause(
    description: ModelDescription,
    name: str,
    nodes: Mapping[str, NodeSpec],
    moved: Mapping[str, Moved],
) -> dict[str, Moved]:
    """Return each way in which a cause's own numbers, and its ancestors', move its nodes."""
    cause, path = description.causes[name], ("causes", name)
    named = {each for row in cause.risk_factors for each in (row.factor, *row.among)}
    above = ancestors(named, nodes)
    rows = cause.risk_factors
    own: list[Way] = (
        [((*path, "prevalence"), 0)] if _deviations(cause.prevalence, (NO, YES)).size else []
    )
    first = len(own)
    own += [((*path, "risk_factors", at), 0) for at in range(len(rows))]
    inherited = list(dict.fromkeys(way for each in sorted(above) for way in moved[each]))
    # One setting a way: the cause's own numbers as they are, but for the one that the way moves;
    # an inherited way moves an ancestor's table.
    ways = [*own, *inherited]
    if not ways:
        return {}
    prevalence = _varied(ways)((*path, "prevalence"), cause.prevalence, (NO, YES))[:, 1]
    ratios = np.tile(np.array([row.relative_risk for row in rows], dtype=complex), (len(ways), 1))
    for at, row in enumerate(rows):
        ratios[first + at, at] *= 1.0 + 1j * STEP * log_risk_deviation(row)
    tables = {
        each: full_table(nodes[each], _moved_arrays(nodes[each], moved[each], ways))
        for each in above
    }
    found = solve_cause(cause, Numbers(prevalence, ratios), nodes, tables)
    return _slopes(cause_drafts(name, cause, found), ways)


def _finding(
    description: ModelDescription, name: str, upper: Upper, above: Sequence[Way]
) -> dict[str, Moved]:
    """Return each way in which a finding's or pattern's nodes move.

    Its own numbers move them, and those of all that stands between it and the causes. upper: in
    one setting for each of the ways above.
    """
    states = states_of_finding(description, name)
    around = surroundings(description, name, upper, as_written)
    own = _own_ways(description, name)
    moved: dict[str, Moved] = {}
    if own:
        read = _varied(own)
        # None of its own numbers moves who has which cause.
        people = {only: each[:1].real for only, each in around.people.items()}
        beside = Surroundings(people, patterns_present(description, name, read))
        found = solve_finding(finding_numbers(description, name, read), beside)
        moved = _slopes(finding_drafts(name, states, found), own)
    if raised_by(description, name):
        found = solve_finding(finding_numbers(description, name, as_written), around)
        inherited = _slopes(finding_drafts(name, states, found), above)
        moved = {node: {**moved.get(node, {}), **each} for node, each in inherited.items()}
    return moved


def _own_ways(description: ModelDescription, name: str) -> list[Way]:
    """List the ways to vary of a finding's own numbers, and of its patterns'."""
    places: dict[KeyPath, int] = {}

    def noted(path: KeyPath, number: Frequency, states: Sequence[str]) -> Settings:
        places[path] = len(_deviations(number, states))
        return as_written(path, number, states)

    finding_numbers(description, name, noted)
    patterns_present(description, name, noted)
    return [(path, way) for path, count in places.items() for way in range(count)]


def _varied(ways: Sequence[Way]) -> Read:
    """Return a reader of numbers in one setting a way, each moved by its own ways."""

    def read(path: KeyPath, number: Frequency, states: Sequence[str]) -> Settings:
        changes = _deviations(number, states)
        found = np.tile(distribution(states, number).astype(complex), (len(ways), 1))
        for row, (moving, way) in enumerate(ways):
            if moving == path:
                found[row] += 1j * STEP * changes[way]
        return found

    return read


def _deviations(number: Frequency, states: Sequence[str]) -> Array:
    return frequency_deviations(number, distribution(states, number))


def _moved_arrays(node: NodeSpec, moved: Moved, ways: Sequence[Way]) -> list[Settings]:
    """Return a node's arrays, each setting moved by one way where that moves this node at all."""
    base = arrays_of(node)
    if not moved:
        return base
    found = [np.repeat(each.astype(complex), len(ways), axis=0) for each in base]
    for row, way in enumerate(ways):
        if way in moved:
            for array, change in zip(found, moved[way], strict=True):
                array[row] += 1j * STEP * change
    return found


def _slopes(drafts: Sequence[Draft], ways: Sequence[Way]) -> dict[str, Moved]:
    """Return the derivatives of some nodes by the ways that move them."""
    found: dict[str, Moved] = {}
    for draft in drafts:
        arrays = draft.slopes(len(ways))
        by_way = {way: [each[row] for each in arrays] for row, way in enumerate(ways)}
        found[draft.name] = {way: each for way, each in by_way.items() if any(map(np.any, each))}
    return found


def _packed(nodes: Iterable[NodeSpec], moved: Mapping[str, Moved]) -> Uncertainty:
    """Pack all derivatives that are not 0 into a sparse matrix, way by way (see `Uncertainty`)."""
    entries: dict[Way, list[tuple[NDArray[np.intp], Array]]] = {}
    start = 0
    for node in nodes:
        for way, arrays in moved.get(node.name, {}).items():
            flat = np.concatenate([each.ravel() for each in arrays])
            there = np.flatnonzero(flat)
            entries.setdefault(way, []).append((start + there, flat[there]))
        start += len(node.table) or len(node.leak) + sum(len(row) for k in node.links for row in k)
    numbers = tuple(dict.fromkeys(path for path, _ in entries))
    place = {path: at for at, path in enumerate(numbers)}
    parts = [part for each in entries.values() for part in each]
    counts = [sum(len(at) for at, _ in each) for each in entries.values()]
    empty = np.zeros(0)
    return Uncertainty(
        numbers=numbers,
        owners=np.array([place[path] for path, _ in entries], dtype="<i4").tobytes(),
        starts=np.cumsum([0, *counts[:-1]], dtype="<i4").tobytes() if counts else b"",
        parameters=np.concatenate([empty, *(at for at, _ in parts)]).astype("<i4").tobytes(),
        slopes=np.concatenate([empty, *(slope for _, slope in parts)]).astype("<f8").tobytes(),
    )
