"""What an executor says of some cases."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bayesnet.inference.circuit import Indices
from bayesnet.network import Array


class Evaluated(NamedTuple):
    """Results of a circuit.

    outputs: shape (registers of the posteriors, cases). evidence: factors of P(evidence), shape
    (factors, cases).
    """

    outputs: Array
    evidence: Array

    @property
    def log_z(self) -> Array:
        """Log P(evidence), shape (cases,)."""
        if not len(self.evidence):
            return np.zeros(self.evidence.shape[1])
        with np.errstate(divide="ignore"):
            # Not `sum`, whose order of addition depends on the number of cases.
            return np.asarray(np.add.reduceat(np.log(self.evidence), [0], axis=0)[0])

    def is_safe(self, least: float) -> Array:
        """Of which cases no factor is so small that precision may be lost, shape (cases,)."""
        if not len(self.evidence):
            return np.ones(self.evidence.shape[1], dtype=np.bool_)
        return np.asarray(np.minimum.reduce(self.evidence) > least)


Run = Callable[[Indices, Array, int], Evaluated]
"""(codes of shape (variables, cases), likelihoods of shape (soft registers, cases), how many of
the circuit's layers) -> what it says; outputs are meaningful only after all layers."""
