"""Meet pyAgrum as the peer: the same network, its exact engines, and whether answers agree.

Each engine comes with one thread and with all: on a busy machine its threads wait for each other
and cost up to fifty times what they save, on a quiet one they help with large networks. The only
module that meets pyAgrum, of the extra `validation`, imported inside functions.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.network import Array, Network
from lbp_validation.extras import require

ENGINES = ("ShaferShenoyInference", "LazyPropagation", "VariableElimination")
THREADED = ENGINES[:2]
TOLERANCE = 1e-9
"""Largest difference of two exact answers: what is left are roundings, added up in other orders."""

Evidence = Mapping[str, str]


@dataclass(frozen=True)
class Peer:
    """One of pyAgrum's engines on a network."""

    name: str
    engine: Any
    variables: tuple[str, ...]

    @property
    def initials(self) -> str:
        """The engine's initials, and its threads where there are several."""
        engine, _, threads = self.name.partition(", ")
        capitals = "".join(letter for letter in engine if letter.isupper())
        return f"{capitals} {threads.removesuffix('hreads').replace(' ', '')}".strip()

    def each_posterior(self, evidence: Evidence) -> Iterator[tuple[str, Any]]:
        """Yield the posterior of every unobserved variable, left in pyAgrum's own form."""
        self.engine.setEvidence(dict(evidence))
        self.engine.makeInference()
        for variable in self.variables:
            if variable not in evidence:
                yield variable, self.engine.posterior(variable)

    def posteriors(self, evidence: Evidence) -> dict[str, Any]:
        """Return the posterior of every unobserved variable, left in pyAgrum's own form."""
        return dict(self.each_posterior(evidence))

    def difference(self, evidence: Evidence, *ours: Mapping[str, Array]) -> float:
        """Return the largest absolute difference from our posteriors."""
        theirs = {v: found.toarray() for v, found in self.each_posterior(evidence)}
        apart = [
            np.abs(one[v].ravel() - found).max() for one in ours for v, found in theirs.items()
        ]
        return float(np.max(apart))


def peers(network: Network) -> tuple[Peer, ...]:
    """Make all three engines on one copy of the network, with one thread and with all."""
    copy, cores = to_pyagrum(network), os.cpu_count() or 1
    alone = [Peer(name, engine(name, copy, 1), network.names) for name in ENGINES]
    if cores == 1:
        return tuple(alone)
    return (
        *alone,
        *(
            Peer(f"{name}, {cores} threads", engine(name, copy, cores), network.names)
            for name in THREADED
        ),
    )


def engine(name: str, copy: Any, threads: int) -> Any:
    """Make one of pyAgrum's engines, by its class."""
    made = getattr(_pyagrum(), name)(copy)
    made.setNumberOfThreads(threads)
    return made


def to_pyagrum(network: Network) -> Any:
    """Copy the network as a pyAgrum BayesNet; noisy families become full tables."""
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
    import pyagrum

    return pyagrum
