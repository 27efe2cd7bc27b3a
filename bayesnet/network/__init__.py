"""Define a Bayesian network: variables, families, evidence; read and write files of networks."""

from bayesnet.network.families import (
    Array,
    Family,
    NoisyMax,
    Table,
    Variable,
    maximum_of,
    noisy_or,
)
from bayesnet.network.network import Network
from bayesnet.network.ordering import topological_order
from bayesnet.network.roles import Role

__all__ = [
    "Array",
    "Family",
    "Network",
    "NoisyMax",
    "Role",
    "Table",
    "Variable",
    "maximum_of",
    "noisy_or",
    "topological_order",
]
