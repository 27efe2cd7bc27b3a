"""Networks with diagnostic roles: a small one of every kind of role and family, and Hepar II."""

from functools import cache
from pathlib import Path

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.network import Network, Role
from support.benchmark_networks import benchmark_network

PUMP = Path(__file__).parent / "pump"
PUMP_XDSL, PUMP_YAML = PUMP / "pump.xdsl", PUMP / "pump.yaml"
"""The network as GeNIe writes it, and a model file that names it and says what it leaves open."""
FAULTS = {
    "ChHepatitis": ("active", "persistent"),
    "Cirrhosis": ("decompensate", "compensate"),
    **dict.fromkeys(
        ("THepatitis", "PBC", "fibrosis", "Steatosis", "Hyperbilirubinemia", "RHepatitis"),
        ("present",),
    ),
    "carcinoma": ("present",),
}
"""The targets of Hepar II and their fault states: all else can be observed."""


@cache
def pump() -> DiagnosticModel:
    """The model that the roles of the pump's network make."""
    return bayesnet.load_model(PUMP_XDSL)


def with_roles(network: Network, roles: dict[str, Role]) -> Network:
    return Network(network.variables, network.families, roles)


def hepar() -> Network:
    """Hepar II (Onisko 2003) with its roles; skips the test where it is not at hand."""
    network = benchmark_network("hepar2")
    roles = {
        name: Role("target", faults=FAULTS[name])
        if name in FAULTS
        else Role("observation", ranked=True)
        for name in network.names
    }
    return with_roles(network, roles)
