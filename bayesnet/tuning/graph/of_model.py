"""Read the graph of a model, whose numbers are in its file or in a network."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.engine import Engine
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import YES
from bayesnet.network import Network
from bayesnet.tuning.graph.parts import LEAST, Graph, Layer, Link, Node, graph_of


def graph_of_model(model: DiagnosticModel) -> Graph:
    """Read the whole graph of a model.

    Of a model with a network, what is tied directly or through variables that are neither causes
    nor findings is linked, but for findings that are tied to each other. The ratio of a link says
    how many times more common the second's yes is with the first's yes than without, everything
    else as it comes; of several states it is the highest. Findings that only act on causes stand
    where risk factors do.
    """
    described, network = model.description, model.network
    if not described.network:
        return graph_of(described)
    # A cause is certain given the one variable of whose states it is.
    states: dict[str, list[str]] = {}
    for cause in described.causes:
        states.setdefault(network.parents(cause)[0], []).append(cause)
    links = [
        Link(source, target, _ratio(model.engine, source, target))
        for target in (*described.causes, *described.findings)
        for source in _acting(network, target, states, described.findings)
        if source in described.causes or target in described.causes
    ]
    return Graph(tuple(_nodes(described, links)), tuple(links))


def _nodes(described: ModelDescription, links: Sequence[Link]) -> Iterator[Node]:
    below = {link.target for link in links}
    above = {link.source for link in links} - below
    for name, cause in described.causes.items():
        yield Node(name, cause.label, "cause")
    for name, finding in described.findings.items():
        layer: Layer = "factor" if name in above else "finding"
        yield Node(name, finding.label, layer)


def _acting(
    network: Network,
    name: str,
    states: Mapping[str, Collection[str]],
    findings: Collection[str],
) -> Iterator[str]:
    """Yield the causes and findings that act on a variable with none of them between.

    states: {variable: the causes that are states of it}.
    """
    waiting = list(network.parents(name))
    if name in states.get(waiting[0] if waiting else "", ()) and waiting[0] not in findings:
        # What acts on a cause acts on its variable.
        waiting = list(network.parents(waiting[0]))
    seen: set[str] = set()
    while waiting:
        variable = waiting.pop(0)
        if variable in seen:
            continue
        seen.add(variable)
        if variable in findings:
            yield variable
        elif variable in states:
            yield from states[variable]
        else:
            waiting += network.parents(variable)


def _ratio(engine: Engine, source: str, target: str) -> float:
    """Return how many times more common the target is with the source than without."""
    prior, before = engine.marginals({}, [source])[source], _shares(engine, {}, target)
    found = []
    for state in _compared(engine, source):
        share = float(prior[state])
        if 0.0 < share < 1.0:
            after = _shares(engine, {source: state}, target)
            found += [
                max(one, LEAST) / max((whole - share * one) / (1.0 - share), LEAST)
                for one, whole in zip(after, before, strict=True)
            ]
    return max(found, default=1.0)


def _shares(engine: Engine, evidence: Mapping[str, str], target: str) -> list[float]:
    """Return the share of yes, or of each of several states."""
    shares = engine.marginals(evidence, [target])[target]
    return [float(shares[state]) for state in _compared(engine, target)]


def _compared(engine: Engine, name: str) -> Sequence[str]:
    states = engine.network.states(name)
    return [YES] if YES in states else states
