"""Convert variables and families from and to pgmpy models; the only module that imports pgmpy.

It does not import `Network`, whose methods `from_pgmpy` and `to_pgmpy` call it: no circle.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bayesnet.errors import MissingExtraError, NetworkError
from bayesnet.network.families import Family, Variable
from bayesnet.network.formats.draft import Draft


def parts_of_pgmpy(model: Any) -> tuple[tuple[Variable, ...], tuple[Family, ...]]:
    """Convert a pgmpy DiscreteBayesianNetwork; raises NetworkError if its `check_model` fails.

    Names that are not strings are turned into them. Rows that sum to 1 within 1 % are scaled.
    Raises MissingExtraError without pgmpy.
    """
    pgmpy = _pgmpy()
    if not isinstance(model, pgmpy.models.DiscreteBayesianNetwork):
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
        draft.define(own, parents, pgmpy.utils.compat_fns.to_numpy(cpd.get_values()).T)
    return draft.parts()


def pgmpy_model_of(variables: Sequence[Variable], families: Sequence[Family]) -> Any:
    """Build a pgmpy DiscreteBayesianNetwork; noisy families become tables.

    Raises MissingExtraError without pgmpy.
    """
    pgmpy = _pgmpy()
    states = {variable.name: list(variable.states) for variable in variables}
    model = pgmpy.models.DiscreteBayesianNetwork()
    model.add_nodes_from(states)
    for family in families:
        model.add_edges_from((parent, family.variable) for parent in family.parents)
    for family in families:
        values = np.moveaxis(family.table(), -1, 0)
        cpd = pgmpy.factors.discrete.TabularCPD(
            family.variable,
            values.shape[0],
            values.reshape(values.shape[0], -1),
            evidence=family.parents,
            evidence_card=values.shape[1:],
            state_names={name: states[name] for name in (family.variable, *family.parents)},
        )
        model.add_cpds(cpd)
    return model


def _pgmpy() -> Any:
    """Import pgmpy with the modules used here, which takes seconds.

    Raises MissingExtraError where it is not installed.
    """
    try:
        import pgmpy.factors.discrete
        import pgmpy.models
        import pgmpy.utils.compat_fns
    except ImportError as error:
        raise MissingExtraError("pgmpy", "interop", str(error)) from None
    return pgmpy
