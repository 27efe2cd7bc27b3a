"""Make of a model the network that other programs can hold, with what they know as roles.

A model whose numbers are in a network gives that network back, under its own names.
"""

from collections.abc import Iterator, Mapping

from msgspec import structs

from bayesnet.model.format.compiled import CompiledModel, NodeSpec
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import (
    YES,
    Cause,
    Choices,
    Finding,
    QuestionSpec,
    RiskFactor,
    states_of,
)
from bayesnet.model.networks.from_roles import ASKED_OF, GROUP, QUESTIONS, RED_FLAG
from bayesnet.model.networks.linking import hidden_name
from bayesnet.model.solving.network_of import build_network
from bayesnet.network import Network, Role


def network_with_roles(compiled: CompiledModel) -> Network:
    """Return the network of a model, in which each variable has its role.

    Causes are targets, with yes as their fault; findings and risk factors are observations. All
    posteriors are those of the model.
    """
    described = compiled.description
    if described.network:
        return _as_it_was(described, compiled.nodes)
    network = build_network(compiled.nodes)
    roles: dict[str, Role] = {}
    for name, cause in described.causes.items():
        roles[name] = Role("target", label=cause.label, faults=(YES,))
    for name, shared in described.shared.items():
        roles[name] = Role(label=shared.label)
    observed: Mapping[str, Finding | RiskFactor] = {**described.risk_factors, **described.findings}
    for name, each in observed.items():
        states = {state: state for state in states_of(each.answer)}
        roles[name] = _observation(each.label, each.asked, each.answer, states)
    return Network(network.variables, network.families, roles)


def _as_it_was(described: ModelDescription, nodes: tuple[NodeSpec, ...]) -> Network:
    """Return the network that a model was linked to, with roles of what the model says."""
    names: dict[str, str] = {}
    states: dict[str, Mapping[str, str]] = {}
    roles: dict[str, Role] = {}
    for name, finding in described.findings.items():
        if (place := finding.in_network) is not None:
            names[name], states[name] = place.variable, place.states
            roles[place.variable] = _observation(
                finding.label, finding.asked, finding.answer, place.states
            )
    faults: dict[str, dict[str, Cause]] = {}
    for cause in described.causes.values():
        if (fault := cause.in_network) is not None:
            names[hidden_name(fault.variable, described)] = fault.variable
            of_state = dict.fromkeys(fault.states, cause)
            faults[fault.variable] = {**faults.get(fault.variable, {}), **of_state}
    # One that is asked about as well stays an observation: a node has one role.
    for variable, own in faults.items():
        roles.setdefault(variable, _target(variable, own))
    kept = [node for node in nodes if node.name not in described.causes]
    return _renamed(kept, names, states, roles)


def _renamed(
    nodes: list[NodeSpec],
    names: Mapping[str, str],
    states: Mapping[str, Mapping[str, str]],
    roles: Mapping[str, Role],
) -> Network:
    """Build the network of some nodes under other names of theirs, and of their states."""
    network = build_network([
        structs.replace(
            node,
            name=names.get(node.name, node.name),
            states=tuple(states.get(node.name, {}).get(each, each) for each in node.states),
            parents=tuple(names.get(parent, parent) for parent in node.parents),
        )
        for node in nodes
    ])  # fmt: skip
    return Network(network.variables, network.families, roles)


def _target(variable: str, faults: Mapping[str, Cause]) -> Role:
    """Return the role of a target; its caption is what its causes' labels have in common."""
    captions = {cause.label.removesuffix(f": {state}") for state, cause in faults.items()}
    caption = captions.pop() if len(captions) == 1 else variable
    labels = {
        state: cause.label
        for state, cause in faults.items()
        if cause.label not in (caption, f"{caption}: {state}")
    }
    label = "" if caption == variable else caption
    return Role("target", label=label, faults=tuple(faults), state_labels=labels)


def _observation(
    label: str, asked: QuestionSpec, answer: Choices, states: Mapping[str, str]
) -> Role:
    """Return the role of what is asked; states: {answer: state of the network}."""
    labels = {states[each]: words for each, words in answer.labels.items()}
    return Role(
        "observation",
        label=label,
        question=asked.question,
        cost=asked.cost,
        ranked=asked.ranked,
        mandatory=asked.mandatory or asked.red_flag,
        state_labels={state: words for state, words in labels.items() if words != state},
        properties=dict(_own_words(asked)),
    )


def _own_words(asked: QuestionSpec) -> Iterator[tuple[str, str]]:
    """Yield what a network file has no place for, as properties of the node."""
    if asked.group != QUESTIONS:
        yield GROUP, asked.group
    if asked.asked_of != "self":
        yield ASKED_OF, asked.asked_of
    if asked.red_flag:
        yield RED_FLAG, "true"
