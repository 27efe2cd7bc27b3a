"""pyAgrum as the peer: the same network, its exact engines, and whether answers agree.

Each engine comes with one thread and with all: on a busy machine its threads wait for each other
and cost up to fifty times what they save, on a quiet one they help with large networks. The only
module that meets pyAgrum, a development dependency, imported inside functions. Tables are handed
over in double precision, so answers agree to 1e-9 (pyAgrum's own readers keep single precision).
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from bayesnet.network import Array, Network
from lbp_validation.bench.row import TOLERANCE

__all__ = ["TOLERANCE", "Clerk", "Evidence", "Peer", "clerks", "engine", "peers", "to_pyagrum"]

ENGINES = ("ShaferShenoyInference", "LazyPropagation", "VariableElimination")
THREADED = ENGINES[:2]

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
        """Yield the posterior of every unobserved variable, in pyAgrum's own form, one by one."""
        self.engine.setEvidence(dict(evidence))
        self.engine.makeInference()
        for variable in self.variables:
            if variable not in evidence:
                yield variable, self.engine.posterior(variable)

    def posteriors(self, evidence: Evidence) -> dict[str, Any]:
        """Return the posterior of every unobserved variable, left in pyAgrum's own form."""
        return dict(self.each_posterior(evidence))

    def difference(self, evidence: Evidence, *ours: Mapping[str, Array]) -> float:
        """Return the largest absolute difference from our posteriors, over all that we give."""
        theirs = {v: found.toarray() for v, found in self.each_posterior(evidence)}
        return max(float(np.abs(one[v].ravel() - theirs[v]).max()) for one in ours for v in one)

    def information(
        self, evidence: Evidence, targets: Sequence[str], questions: Sequence[str]
    ) -> dict[str, dict[str, float]]:
        """Return I(target; question | evidence) in bits: {yes/no target: {question: bits}}.

        By one inference more for each target, observed to be there; the rest is the law of total
        probability.
        """
        prior = {name: p.toarray() for name, p in self.each_posterior(evidence)}
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


@dataclass(frozen=True, eq=False)
class Clerk:
    """One of pyAgrum's engines that answers the rows of a table one by one.

    changes: evidence on the variables of the last row is changed rather than given anew, which
    spares pyAgrum a new junction tree where every row observes the same.
    """

    name: str
    engine: Any
    targets: tuple[str, ...]
    changes: bool

    def work(self, cases: Iterable[Evidence]) -> list[dict[str, Any]]:
        """Return posteriors of the unobserved targets of each case, in pyAgrum's own form."""
        return [self._answer(case) for case in cases]

    def difference(self, cases: Sequence[Evidence], ours: Mapping[str, Array]) -> float:
        """Return the largest absolute difference from our posteriors, shape (cases, states) each.

        Only the variables that we give are compared.
        """
        return max(
            float(np.abs(ours[name][row] - posterior.toarray()).max())
            for row, answer in enumerate(self.work(cases))
            for name, posterior in answer.items()
            if name in ours
        )

    def _answer(self, case: Evidence) -> dict[str, Any]:
        if self.changes and self._observes(case):
            for name, state in case.items():
                self.engine.chgEvidence(name, state)
        else:
            self.engine.setEvidence(dict(case))
        self.engine.makeInference()
        return {name: self.engine.posterior(name) for name in self.targets if name not in case}

    def _observes(self, case: Evidence) -> bool:
        """Whether the last case observed the same variables."""
        same_number = self.engine.nbrHardEvidence() == len(case)
        return same_number and all(self.engine.hasHardEvidence(name) for name in case)


def peers(network: Network, engines: Sequence[str] = ENGINES) -> tuple[Peer, ...]:
    """Set up pyAgrum's engines on one copy of the network, with one thread and with all."""
    copy, cores = to_pyagrum(network), os.cpu_count() or 1
    alone = [Peer(name, engine(name, copy, 1), network.names) for name in engines]
    together = [
        Peer(f"{name}, {cores} threads", engine(name, copy, cores), network.names)
        for name in engines
        if name in THREADED and cores > 1
    ]
    return (*alone, *together)


def clerks(network: Network, targets: Sequence[str]) -> list[Clerk]:
    """Set up every engine but the one that begins anew for each variable, with either way."""
    return [
        Clerk(f"{peer.initials}{words}", _aimed(peer, targets), tuple(targets), changes)
        for words, changes in (("", False), (", changed", True))
        for peer in peers(network, THREADED)
    ]


def engine(name: str, copy: Any, threads: int) -> Any:
    """Make one of pyAgrum's engines, by its class."""
    made = getattr(_pyagrum(), name)(copy)
    made.setNumberOfThreads(threads)
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


def _aimed(peer: Peer, targets: Sequence[str]) -> Any:
    if len(targets) < len(peer.variables):
        peer.engine.setTargets(set(targets))
    return peer.engine


def _pyagrum() -> Any:
    return import_module("pyagrum")
