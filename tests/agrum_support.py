"""pyAgrum as an oracle: the same network there, and its exact answers."""

from collections.abc import Mapping

import numpy as np
import pytest

from bayesnet.network import Array, Network

pyagrum = pytest.importorskip("pyagrum")


def agrum_network(network: Network) -> "pyagrum.BayesNet":
    """The same network in pyAgrum, which gets every family as a full table."""
    other = pyagrum.BayesNet()
    for variable in network.variables:
        other.add(pyagrum.LabelizedVariable(variable.name, "", list(variable.states)))
    for family in network.families:
        for parent in family.parents:
            other.addArc(parent, family.variable)
    for family in network.families:
        scope = (*family.parents, family.variable)
        cpt = other.cpt(family.variable)
        axes = [scope.index(name) for name in reversed(cpt.names)]
        cpt[:] = np.ascontiguousarray(family.table().transpose(axes))
    return other


def agrum_answers(network: Network, evidence: Mapping[str, str]) -> tuple[dict[str, Array], float]:
    """Posteriors of the unobserved variables, and P(evidence)."""
    engine = pyagrum.LazyPropagation(agrum_network(network))
    engine.setEvidence(dict(evidence))
    engine.makeInference()
    free = [name for name in network.names if name not in evidence]
    return {name: engine.posterior(name).toarray() for name in free}, engine.evidenceProbability()
