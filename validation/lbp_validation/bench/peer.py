"""pyAgrum as the peer: the same network, its exact engines, and whether answers agree.

Each engine has one thread, as ours have. The only module that meets pyAgrum, a development
dependency, imported inside functions. Tables are handed over in double precision, so answers agree
to 1e-9 (pyAgrum's own readers keep single precision).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np

from bayesnet.network import Array, Network
from lbp_validation.bench.row import TOLERANCE, farthest
from lbp_validation.extras import require

__all__ = [
    "TOLERANCE",
    "Evidence",
    "Peer",
    "difference",
    "engine",
    "peers",
    "table_peer",
    "to_pyagrum",
]

ENGINES = ("ShaferShenoyInference", "LazyPropagation", "VariableElimination")
FOR_LARGE = ENGINES[:2]

Evidence = Mapping[str, str]


@dataclass(frozen=True)
class Peer:
    """One of pyAgrum's engines on a network, and the variables that it is asked for.

    changes: evidence on the variables of the last case is changed rather than given anew, which
    spares pyAgrum a new junction tree where every case observes the same.
    """

    name: str
    engine: Any
    variables: tuple[str, ...]
    changes: bool = False

    @property
    def initials(self) -> str:
        """The engine's initials, and whether it changes."""
        capitals = "".join(letter for letter in self.name if letter.isupper())
        return f"{capitals}, changed" if self.changes else capitals

    def posteriors(self, evidence: Evidence) -> dict[str, Any]:
        """Return the posterior of every unobserved variable, left in pyAgrum's own form."""
        if self.changes and self._observes(evidence):
            for name, state in evidence.items():
                self.engine.chgEvidence(name, state)
        else:
            self.engine.setEvidence(dict(evidence))
        self.engine.makeInference()
        return {v: self.engine.posterior(v) for v in self.variables if v not in evidence}

    def difference(self, evidence: Evidence, *ours: Mapping[str, Array]) -> float:
        """Return the largest absolute difference from our posteriors of what it was asked for."""
        return difference(self.posteriors(evidence), *ours)

    def _observes(self, evidence: Evidence) -> bool:
        """Whether the last case observed the same variables."""
        same_number = self.engine.nbrHardEvidence() == len(evidence)
        return same_number and all(self.engine.hasHardEvidence(name) for name in evidence)

    def information(
        self, evidence: Evidence, targets: Sequence[str], questions: Sequence[str]
    ) -> dict[str, dict[str, float]]:
        """Return I(target; question | evidence) in bits: {yes/no target: {question: bits}}.

        By one inference more for each target, observed to be there; the rest is the law of total
        probability.
        """
        prior = {name: p.toarray() for name, p in self.posteriors(evidence).items()}
        found: dict[str, dict[str, float]] = {}
        for target in targets:
            self.engine.setEvidence({**evidence, target: "yes"})
            self.engine.makeInference()
            found[target] = {}
            for question in questions:
                with_it = self.engine.posterior(question).toarray() * prior[target][1]
                joint = np.stack([np.maximum(prior[question] - with_it, 0.0), with_it])
                apart = np.outer(prior[target], prior[question])
                there = joint > 0
                bits = joint[there] * np.log2(joint[there] / apart[there])
                found[target][question] = float(bits.sum())
        return found


def difference(theirs: Mapping[str, Any], *ours: Mapping[str, Array]) -> float:
    """Return the largest absolute difference between a peer's posteriors and each of ours."""
    found = {name: posterior.toarray() for name, posterior in theirs.items()}
    return farthest(
        np.abs(one[name].ravel() - values).max() for one in ours for name, values in found.items()
    )


def peers(network: Network, engines: Sequence[str] = ENGINES) -> tuple[Peer, ...]:
    """Set up pyAgrum's engines on one copy of the network."""
    copy = to_pyagrum(network)
    return tuple(Peer(name, engine(name, copy), network.names) for name in engines)


def table_peer(network: Network, targets: Sequence[str]) -> Peer:
    """Set up the first engine for cases one after the other, asked for some variables only."""
    peer = peers(network, FOR_LARGE[:1])[0]
    if len(targets) < len(network.names):
        peer.engine.setTargets(set(targets))
    return replace(peer, variables=tuple(targets), changes=True)


def engine(name: str, copy: Any) -> Any:
    """Make one of pyAgrum's engines, by its class."""
    made = getattr(_pyagrum(), name)(copy)
    made.setNumberOfThreads(1)
    return made


def to_pyagrum(network: Network) -> Any:
    """Copy the network to a pyAgrum BayesNet; noisy families become full tables."""
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


def _pyagrum() -> Any:
    require("the peer", "pyagrum")
    return import_module("pyagrum")
