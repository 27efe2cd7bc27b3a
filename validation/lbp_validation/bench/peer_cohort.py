"""Let pyAgrum answer a table of cases, one after the other, by whichever way is fastest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.network import Array, Network
from bayesnet.network.evidence import MISSING, Observed
from lbp_validation.bench.peer import Peer, peers

Codes = dict[str, int]


@dataclass(frozen=True, eq=False)
class Clerk:
    """One of pyAgrum's engines that answers cases one by one.

    changes: evidence on the variables of the last case is changed rather than given anew, which
    spares pyAgrum a new junction tree where every case observes the same.
    """

    name: str
    engine: Any
    names: tuple[str, ...]
    targets: tuple[int, ...]
    changes: bool

    def work(self, observed: Observed) -> list[dict[int, Any]]:
        """Return posteriors of the unobserved targets of each case, left in pyAgrum's own form."""
        return [self._answer(codes) for codes in self._cases(observed)]

    def difference(self, observed: Observed, ours: Mapping[int, Array]) -> float:
        """Return the largest absolute difference from our posteriors, (cases, states) each."""
        return max(
            float(np.abs(ours[v][row] - posterior.toarray()).max())
            for row, answer in enumerate(self.work(observed))
            for v, posterior in answer.items()
        )

    def _cases(self, observed: Observed) -> list[Codes]:
        return [
            {self.names[v]: int(column[v]) for v in np.flatnonzero(column != MISSING)}
            for column in observed.codes.T
        ]

    def _answer(self, codes: Codes) -> dict[int, Any]:
        if self.changes and self._observes(codes):
            for name, code in codes.items():
                self.engine.chgEvidence(name, code)
        else:
            self.engine.setEvidence(codes)
        self.engine.makeInference()
        open_to = [v for v in self.targets if self.names[v] not in codes]
        return {v: self.engine.posterior(self.names[v]) for v in open_to}

    def _observes(self, codes: Codes) -> bool:
        """Tell whether the last case observed the same variables."""
        same_number = self.engine.nbrHardEvidence() == len(codes)
        return same_number and all(self.engine.hasHardEvidence(name) for name in codes)


def clerks(network: Network, targets: Sequence[int]) -> list[Clerk]:
    """Make every engine but the one that begins anew for each variable, with either way."""
    return [
        Clerk(f"{peer.initials}{words}", _aimed(peer, targets), network.names, tuple(targets), way)
        for words, way in (("", False), (", changed", True))
        for peer in peers(network)
        if not peer.name.startswith("VariableElimination")
    ]


def _aimed(peer: Peer, targets: Sequence[int]) -> Any:
    if len(targets) < len(peer.variables):
        peer.engine.setTargets({peer.variables[v] for v in targets})
    return peer.engine
