"""Turn a network, and what a model says of its variables, into the nodes of the model.

A finding is a variable of the network under the model's own names. A cause is a node of its own
with yes and no, below the variable of whose states it is one: so a variable may have several
faults, and any kind of family above and below it stays as it is, noisy ones factorised.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.errors import UnknownNameError, quoted
from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.variables import NO, YES, states_of
from bayesnet.model.problems import Problem
from bayesnet.network import Family, Network, NoisyMax, Variable


@dataclass(frozen=True)
class _Renamed:
    """A variable of the network as the model has it.

    name, states: in the model; order: for each of these states its position in the network.
    """

    name: str
    states: tuple[str, ...]
    order: tuple[int, ...]


def link(
    description: ModelDescription, network: Network
) -> tuple[tuple[NodeSpec, ...], tuple[Problem, ...]]:
    """Link the causes and findings of a model to its network, and list what cannot be linked.

    There are no nodes where there is a problem.
    """
    problems = [*_faults(description, network), *_observations(description, network)]
    if problems:
        return (), tuple(problems)
    renamed = _renamed(description, network)
    nodes: list[NodeSpec] = []
    for variable, family in zip(network.variables, network.families, strict=True):
        node = _node(family, renamed)
        if node is None:
            path = ("findings", renamed[variable.name].name, "answer")
            message = (
                "a noisy-MAX has its answers in the order of the network's states, or in reverse: "
                f"{', '.join(variable.states)}; list them so"
            )
            problems.append(Problem(path, message))
        else:
            nodes.append(node)
    nodes += _causes(description, network, renamed)
    return () if problems else tuple(nodes), tuple(problems)


def hidden_name(variable: str, description: ModelDescription) -> str:
    """Return what a variable that is no finding is called in the model: as in the network.

    With underscores behind it where an id has that name.
    """
    while variable in description.causes or variable in description.findings:
        variable += "_"
    return variable


def _renamed(description: ModelDescription, network: Network) -> Mapping[str, _Renamed]:
    """Return {variable of the network: what it is in the model}."""
    found: dict[str, _Renamed] = {}
    for name, finding in description.findings.items():
        if (place := finding.in_network) is not None:
            states = states_of(finding.answer)
            known = network.variable(place.variable)
            order = tuple(known.index(place.states[state]) for state in states)
            found[place.variable] = _Renamed(name, states, order)
    for each in network.variables:
        if each.name not in found:
            own = hidden_name(each.name, description)
            found[each.name] = _Renamed(own, each.states, tuple(range(len(each.states))))
    return found


def _node(family: Family, renamed: Mapping[str, _Renamed]) -> NodeSpec | None:
    """Return a family under the model's names; None for a noisy one whose order is mixed up."""
    own, parents = renamed[family.variable], [renamed[each] for each in family.parents]
    names = tuple(parent.name for parent in parents)
    if not isinstance(family, NoisyMax):
        axes = np.ix_(*(each.order for each in (*parents, own)))
        table = tuple(family.table()[axes].ravel().tolist())
        return NodeSpec(own.name, own.states, names, table=table)
    order, upright = list(own.order), list(range(len(own.order)))
    if order not in (upright, upright[::-1]):
        return None
    lowest = family.lowest if order == upright else (-1 if family.lowest == 0 else 0)
    links = tuple(
        tuple(map(tuple, link[np.ix_(parent.order, order)].tolist()))
        for parent, link in zip(parents, family.links, strict=True)
    )
    leak = tuple(family.leak[order].tolist())
    return NodeSpec(own.name, own.states, names, leak, links, lowest=lowest)


def _causes(
    description: ModelDescription, network: Network, renamed: Mapping[str, _Renamed]
) -> Iterator[NodeSpec]:
    """Yield a node for each cause: yes in its states of its variable, no in all others."""
    for name, cause in description.causes.items():
        if (place := cause.in_network) is not None:
            own, known = renamed[place.variable], network.variable(place.variable)
            faulty = [known.states[at] in place.states for at in own.order]
            table = tuple(chance for each in faulty for chance in (1.0 - each, float(each)))
            yield NodeSpec(name, (NO, YES), (own.name,), table=table)


def _faults(description: ModelDescription, network: Network) -> Iterator[Problem]:
    """Yield causes that are of no variable or state of the network, or of all of its states."""
    taken: dict[tuple[str, frozenset[str]], str] = {}
    for name, cause in description.causes.items():
        if (place := cause.in_network) is None:
            continue
        path: KeyPath = ("causes", name, "in_network")
        known = network.by_name.get(place.variable)
        if known is None:
            yield _no_variable((*path, "variable"), place.variable, network)
            continue
        strange = [each for each in place.states if each not in known.states]
        for each in strange:
            yield _no_state((*path, "states"), each, known)
        if not strange and set(place.states) == set(known.states):
            message = "these are all of its states, so that everybody would have it; name some"
            yield Problem((*path, "states"), message)
        key = place.variable, frozenset(place.states)
        if key in taken:
            yield Problem(path, f"'{taken[key]}' is the same in the network; drop one of them")
        taken.setdefault(key, name)


def _observations(description: ModelDescription, network: Network) -> Iterator[Problem]:
    """Yield findings that are of no variable, of one that is taken, or not of all its states."""
    taken: dict[str, str] = {}
    for name, finding in description.findings.items():
        if (place := finding.in_network) is None:
            continue
        path: KeyPath = ("findings", name, "in_network")
        known = network.by_name.get(place.variable)
        if known is None:
            yield _no_variable((*path, "variable"), place.variable, network)
            continue
        if place.variable in taken:
            message = f"'{taken[place.variable]}' asks about '{place.variable}' already; keep one"
            yield Problem((*path, "variable"), message)
        taken.setdefault(place.variable, name)
        yield from _answers((*path, "states"), states_of(finding.answer), place.states, known)


def _answers(
    path: KeyPath, answers: Sequence[str], states: Mapping[str, str], known: Variable
) -> Iterator[Problem]:
    """Yield what keeps answers and states of a variable from being one to one."""
    for answer, state in states.items():
        if answer not in answers:
            message = f"'{answer}' is no answer; there is {', '.join(answers)}"
            yield Problem((*path, answer), message, (answer,))
        elif state not in known.states:
            yield _no_state((*path, answer), state, known)
        elif list(states.values()).count(state) > 1:
            yield Problem(
                (*path, answer), f"'{state}' is given twice; each answer is another state"
            )
    if missing := [each for each in answers if each not in states]:
        yield Problem(path, f"no state for the answer {quoted(missing)}; add it")
    elif left := [each for each in known.states if each not in states.values()]:
        message = f"no answer stands for the state {quoted(left)} of '{known.name}'; add one"
        yield Problem(path, message)


def _no_variable(path: KeyPath, name: str, network: Network) -> Problem:
    told = UnknownNameError("variable", name, network.names, "the network")
    return Problem(path, str(told), (name,))


def _no_state(path: KeyPath, state: str, known: Variable) -> Problem:
    told = UnknownNameError("state", state, known.states, f"'{known.name}'")
    return Problem(path, str(told), (known.name, state))
