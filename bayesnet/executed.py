"""What an executor says of some cases."""

from collections.abc import Callable
from dataclasses import dataclass

from bayesnet.circuit import Indices
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Evaluated:
    """Results of a circuit.

    outputs: shape (registers of the posteriors, cases). log_z: log P(evidence), shape (cases,).
    smallest: the least of the roots, shape (cases,): so small means precision may be lost.
    """

    outputs: Array
    log_z: Array
    smallest: Array


Run = Callable[[Indices, Array, int], Evaluated]
"""(codes of shape (variables, cases), likelihoods of shape (soft registers, cases), how many of
the circuit's layers) -> what it says; outputs are meaningful only after all layers."""
