"""Meet pgmpy as the slow peer: variable elimination, one query for each variable.

A query for all of them builds their joint first, and its elimination rules by name make far larger
tables than the `greedy` contraction order, which is what it is given here.
"""

import math
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.network import Array, Network
from lbp_validation.bench.peer import Evidence


@dataclass(frozen=True)
class Pgmpy:
    """pgmpy's variable elimination on a network."""

    engine: Any
    variables: tuple[str, ...]

    def each_posterior(self, evidence: Evidence) -> Iterator[tuple[str, Array]]:
        """Yield the posterior of every unobserved variable, shape (states,), one by one."""
        for name in self.variables:
            if name not in evidence:
                yield name, self._posterior(name, evidence)

    def tried(self, evidence: Evidence, limit: float) -> tuple[dict[str, Array], float]:
        """Return posteriors found and seconds taken; infinite over the limit or out of memory."""
        found: dict[str, Array] = {}
        start = time.perf_counter()
        try:
            for name, posterior in self.each_posterior(evidence):
                found[name] = posterior
                if time.perf_counter() - start > limit:
                    return found, math.inf
        except MemoryError:
            return found, math.inf
        return found, time.perf_counter() - start

    def _posterior(self, name: str, evidence: Evidence) -> Array:
        found = self.engine.query(
            [name], dict(evidence), elimination_order="greedy", show_progress=False
        )
        return np.asarray(found.values)


def pgmpy_on(network: Network) -> Pgmpy:
    """Make the peer on a copy of the network; noisy families become full tables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pgmpy.inference import VariableElimination

        return Pgmpy(VariableElimination(network.to_pgmpy()), network.names)
