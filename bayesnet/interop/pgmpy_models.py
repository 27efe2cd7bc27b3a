"""Networks from and to pgmpy models: the only place that meets pgmpy, which takes seconds."""

from typing import Any

import numpy as np

from bayesnet.errors import NetworkError
from bayesnet.interop.draft import Draft
from bayesnet.network import Network


def from_pgmpy(model: Any) -> Network:
    """Convert a pgmpy DiscreteBayesianNetwork; raises NetworkError if its `check_model` fails.

    Names that are not strings are turned into them. Rows that sum to 1 within 1 % are scaled.
    """
    from pgmpy.models import DiscreteBayesianNetwork
    from pgmpy.utils import compat_fns

    if not isinstance(model, DiscreteBayesianNetwork):
        kind = type(model).__name__
        raise NetworkError(f"expected a pgmpy DiscreteBayesianNetwork, got a {kind}")
    try:
        model.check_model()
    except Exception as error:  # pgmpy raises whatever it meets
        raise NetworkError(f"pgmpy's check_model: {' '.join(str(error).split())}") from error
    cpds = [model.get_cpds(node) for node in model.nodes]
    draft = Draft()
    for cpd in cpds:
        draft.declare(str(cpd.variable), map(str, cpd.state_names[cpd.variable]))
    for cpd in cpds:
        own, *parents = map(str, cpd.variables)
        draft.define(own, parents, compat_fns.to_numpy(cpd.get_values()).T)
    return draft.network()


def to_pgmpy(network: Network) -> Any:
    """Convert to a pgmpy DiscreteBayesianNetwork; noisy families become tables."""
    from pgmpy.factors.discrete import TabularCPD
    from pgmpy.models import DiscreteBayesianNetwork

    model = DiscreteBayesianNetwork()
    model.add_nodes_from(network.names)
    for family in network.families:
        model.add_edges_from((parent, family.variable) for parent in family.parents)
    for family in network.families:
        scope = (family.variable, *family.parents)
        values = np.moveaxis(family.table(), -1, 0)
        cpd = TabularCPD(
            family.variable,
            values.shape[0],
            values.reshape(values.shape[0], -1),
            evidence=family.parents,
            evidence_card=values.shape[1:],
            state_names={name: list(network.variable(name).states) for name in scope},
        )
        model.add_cpds(cpd)
    return model
