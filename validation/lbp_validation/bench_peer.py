"""pyAgrum as the peer: the same network, its three exact engines, and whether answers agree.

The only module that meets pyAgrum, a development dependency, imported inside functions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from bayesnet.network import Array, Network

ENGINES = ("LazyPropagation", "ShaferShenoyInference", "VariableElimination")
TOLERANCE = 1e-9

Evidence = Mapping[str, str]


@dataclass(frozen=True)
class Peer:
    """One of pyAgrum's engines on a network."""

    name: str
    engine: Any
    variables: tuple[str, ...]

    def posteriors(self, evidence: Evidence) -> dict[str, Any]:
        """Posterior of every unobserved variable, left in pyAgrum's own form."""
        self.engine.setEvidence(dict(evidence))
        self.engine.makeInference()
        return {v: self.engine.posterior(v) for v in self.variables if v not in evidence}

    def difference(self, evidence: Evidence, ours: Mapping[str, Array]) -> float:
        """Largest absolute difference from our posteriors over all variables and states."""
        theirs = self.posteriors(evidence)
        return max(float(np.abs(ours[v].ravel() - theirs[v].toarray()).max()) for v in theirs)


def peers(network: Network) -> tuple[Peer, ...]:
    """All three engines on one copy of the network."""
    pyagrum, copy = _pyagrum(), to_pyagrum(network)
    return tuple(Peer(name, getattr(pyagrum, name)(copy), network.names) for name in ENGINES)


def to_pyagrum(network: Network) -> Any:
    """The network as a pyAgrum BayesNet; noisy families become full tables."""
    pyagrum = _pyagrum()
    copy = pyagrum.BayesNet()
    for variable in network.variables:
        states = list(variable.states)
        copy.add(pyagrum.LabelizedVariable(variable.name, variable.name, states))
    for family in network.families:
        for parent in family.parents:
            copy.addArc(parent, family.variable)
    for family in network.families:
        scope = (*family.parents, family.variable)
        table = copy.cpt(family.variable)
        order = [scope.index(name) for name in reversed(table.names)]
        table[:] = np.ascontiguousarray(family.table().transpose(order))
    return copy


def largest_difference(
    rivals: Iterable[Peer], cases: Iterable[tuple[Evidence, Mapping[str, Array]]]
) -> float:
    """Over all rivals and cases (evidence, our posteriors)."""
    answered = list(cases)
    return max(peer.difference(evidence, ours) for peer in rivals for evidence, ours in answered)


def _pyagrum() -> Any:
    return import_module("pyagrum")
