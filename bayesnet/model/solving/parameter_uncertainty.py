"""Derive how each uncertain number of a model moves the parameters of its network, exactly.

Complex-step differentiation (Squire & Trapp 1998, SIAM Review 40:110-112): a number gets an
imaginary part too small to change any real part, the parameters are solved for as usual, and their
imaginary parts are the derivatives. No two near numbers are subtracted, so no digit is lost.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.format.compiled import NodeSpec, Uncertainty
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import Frequency
from bayesnet.model.format.variables import YES, Finding, Shared, states_of
from bayesnet.model.solving.cause_parameters import (
    STEP,
    Numbers,
    Settings,
    ancestors,
    full_table,
    noisy_table,
    numbers_of_cause,
    risks_of,
    solve_cause,
)
from bayesnet.model.solving.noisy_links import cap_of, distribution, link_of
from bayesnet.model.solving.parameters import lowering_causes, rows_used, shared_background
from bayesnet.model.solving.standard_deviations import frequency_deviations, log_risk_deviation
from bayesnet.network import Array

_Way = tuple[KeyPath, int]
"""An uncertain number, by its path, and which of its independent ways to vary."""

_Moved = Mapping[_Way, tuple[Array, ...]]
"""What one standard deviation each way does to the arrays of a node: its table, or its leak and
its links."""


def uncertainty_of(description: ModelDescription, nodes: Sequence[NodeSpec]) -> Uncertainty:
    """Return what one standard deviation of each number does to every parameter of the network."""
    by_name = {node.name: node for node in nodes}
    moved: dict[str, _Moved] = {}
    for node in nodes:
        if node.name in description.risk_factors:
            found = _factor(description, node)
        elif node.name in description.causes:
            found = _cause(description, node.name, by_name, moved)
        else:
            found = _finding(description, node)
        moved[node.name] = {way: each for way, each in found if any(map(np.any, each))}
    return _packed(nodes, moved)


def _factor(
    description: ModelDescription, node: NodeSpec
) -> Iterator[tuple[_Way, tuple[Array, ...]]]:
    """Yield each way in which a risk factor's numbers move its table, shape (rows, states)."""
    factor = description.risk_factors[node.name]
    path = ("risk_factors", node.name)
    if factor.frequency is not None:
        for way, change in _ways((*path, "frequency"), factor.frequency, node):
            yield way, (change,)
        return
    used = np.array(rows_used(description, node.name))
    for at, row in enumerate(factor.frequency_by):
        for way, change in _ways((*path, "frequency_by", at), row, node):
            yield way, (np.where((used == at)[:, None], change, 0.0),)


def _finding(
    description: ModelDescription, node: NodeSpec
) -> Iterator[tuple[_Way, tuple[Array, ...]]]:
    """Yield each way in which the numbers of a finding, or of a shared node, move its parameters.

    A move has an array for the leak, shape (states,), and one for each link, (parent's states,
    states). The hidden background node of a finding that several causes lower is treated alike.
    """
    hidden = {shared_background(name): name for name in description.findings}
    name = hidden.get(node.name, node.name)
    section = "shared" if name in description.shared else "findings"
    entries: Mapping[str, Shared | Finding] = getattr(description, section)
    entry, path = entries[name], (section, name)
    lowering = lowering_causes(entry) if isinstance(entry, Finding) else {}
    background = distribution(node.states, entry.background)
    rows = [
        (at, row, place, number, _link_by(node, parent, lowering))
        for at, parent in enumerate(node.parents)
        if parent not in hidden
        for row, place, number in _moving(description, entry, parent)
    ]
    unmoved = [np.zeros((len(link), len(node.states))) for link in node.links]
    # Whether a parent carries the background in the leak's place (see `parameters`).
    carried = bool(lowering) and node.name == name
    for way, change in _ways((*path, "background"), entry.background, node):
        # A link is what a cause adds to the background, so all links move when that moves.
        links = [each.copy() for each in unmoved]
        for at, row, _, number, link in rows:
            alone = distribution(node.states, number)
            links[at][row] = link(background + 1j * STEP * change, alone).imag / STEP
        # The single lowering cause shows the background in its row for `no`.
        if carried and node.parents[0] in lowering:
            links[0][0] = change
        yield way, (np.zeros(len(change)) if carried else change, *links)
    for at, row, place, number, link in rows:
        alone = distribution(node.states, number)
        for way, change in _ways((*path, *place), number, node):
            links = [*unmoved]
            links[at] = unmoved[at].copy()
            links[at][row] = link(background, alone + 1j * STEP * change).imag / STEP
            yield way, (np.zeros(len(background)), *links)


def _link_by(
    node: NodeSpec, parent: str, lowering: Container[str]
) -> Callable[[Settings, Settings], Settings]:
    """Return how a parent's number and the background give a row of its link."""
    if node.lowest == -1:
        return cap_of
    return _in_its_place if parent in lowering else link_of


def _in_its_place(background: Settings, alone: Settings) -> Settings:
    """Return the number itself: one lowering cause replaces the background where it is present."""
    return alone


def _moving(
    description: ModelDescription, entry: Shared | Finding, parent: str
) -> Iterator[tuple[int, KeyPath, Frequency]]:
    """Yield the rows of a parent's link that are numbers of the model, with path and number."""
    if parent in entry.causes:
        yield 1, ("causes", parent), entry.causes[parent]
        return
    assert isinstance(entry, Finding)
    for row, state in enumerate(states_of(description.risk_factors[parent].answer)):
        if state in entry.background_by[parent]:
            yield row, ("background_by", parent, state), entry.background_by[parent][state]


def _cause(
    description: ModelDescription,
    name: str,
    nodes: Mapping[str, NodeSpec],
    moved: Mapping[str, _Moved],
) -> Iterator[tuple[_Way, tuple[Array, ...]]]:
    """Yield each way in which a cause's own numbers, and its ancestors', move its parameters.

    A move has an array for the leak, shape (2,), and one for each link, (factor's states, 2).
    """
    cause = description.causes[name]
    base = numbers_of_cause(cause, nodes)
    above = ancestors(base.risks, nodes)
    own = list(_own_numbers(description, name, base, nodes))
    inherited = list(dict.fromkeys(way for each in sorted(above) for way in moved[each]))
    # One setting a way: the cause's own numbers as they are, but for the one that the way moves;
    # an inherited way moves an ancestor's table.
    ways = [*(way for way, _ in own), *inherited]
    count = len(ways)
    prevalence = np.repeat(base.prevalence.astype(complex), count)
    risks = {each: np.repeat(r.astype(complex), count, axis=0) for each, r in base.risks.items()}
    for row, (_, numbers) in enumerate(own):
        prevalence[row] = numbers.prevalence[0]
        for factor, each in numbers.risks.items():
            risks[factor][row] = each[0]
    tables = {each: _moved_table(nodes[each], moved[each], ways) for each in above}
    found = solve_cause(Numbers(prevalence, risks), nodes, tables)
    leak = found.leak.imag / STEP
    links = [link.imag / STEP for link in found.links]
    for row, way in enumerate(ways):
        yield way, (_both(leak[row]), *(_both(link[row]) for link in links))


def _own_numbers(
    description: ModelDescription, name: str, base: Numbers, nodes: Mapping[str, NodeSpec]
) -> Iterator[tuple[_Way, Numbers]]:
    """Yield the cause's numbers with one of them moved at a time."""
    cause, path = description.causes[name], ("causes", name)
    for way, change in _ways((*path, "prevalence"), cause.prevalence, nodes[name]):
        yield way, replace(base, prevalence=base.prevalence + 1j * STEP * change[1])
    for at, row in enumerate(cause.risk_factors):
        node = nodes[row.factor]
        changed = risks_of(cause, row.factor, node).astype(complex)
        state = node.states.index(row.state or YES)
        changed[state] *= 1.0 + 1j * STEP * log_risk_deviation(row)
        least = changed[changed.real.argmin()]
        risks = {**base.risks, row.factor: (changed / least)[None]}
        yield ((*path, "risk_factors", at), 0), replace(base, risks=risks)


def _moved_table(node: NodeSpec, moved: _Moved, ways: Sequence[_Way]) -> Settings:
    """Return P(node | parents), shape (ways, *parents' states, states).

    Each setting has the table moved by one way, where the way moves this node at all.
    """
    if node.table:
        base = full_table(node)
        return np.concatenate(
            [base + 1j * STEP * moved[w][0] if w in moved else base for w in ways]
        )
    arrays = [np.array(node.leak), *map(np.array, node.links)]
    settings = [
        np.stack([a + 1j * STEP * moved[w][at] if w in moved else a for w in ways])
        for at, a in enumerate(arrays)
    ]
    return noisy_table(settings[0], settings[1:])


def _ways(path: KeyPath, number: Frequency, node: NodeSpec) -> Iterator[tuple[_Way, Array]]:
    """Yield each independent way in which a frequency varies, and the change, shape (states,)."""
    for way, change in enumerate(frequency_deviations(number, distribution(node.states, number))):
        yield (path, way), change


def _both(change: Array) -> Array:
    """Turn a change of P(present) into changes of P(absent) and P(present), shape (..., 2)."""
    return np.stack([-change, change], axis=-1)


def _packed(nodes: Iterable[NodeSpec], moved: Mapping[str, _Moved]) -> Uncertainty:
    """Pack all derivatives that are not 0 into a sparse matrix, way by way (see `Uncertainty`)."""
    entries: dict[_Way, list[tuple[NDArray[np.intp], Array]]] = {}
    start = 0
    for node in nodes:
        for way, arrays in moved[node.name].items():
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
