"""Ask the network what the model file says: of each number typed, what the network makes of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from bayesnet.engine import Engine
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.format.variables import NO, YES, states_of
from bayesnet.model.solving.number_change import number_at
from bayesnet.model.solving.parameters import rows_used
from bayesnet.model.solving.risk_tables import overlap
from bayesnet.network import Array


def implied_number(description: ModelDescription, engine: Engine, path: KeyPath) -> Array:
    """Ask the engine for the number at a path: a distribution, shape (states,), or a ratio, (1,).

    path: of a frequency (see `scope.frequencies`) or a relative risk; engine: of the network that
    the description was solved to. Raises KeyError for another path.

    >>> import bayesnet
    >>> model = bayesnet.load_model("lbp-runner")
    >>> place = ("causes", "disc", "prevalence")
    >>> implied_number(model.description, model.engine, place).round(6).tolist()
    [0.84, 0.16]
    """
    section, name, *rest = (str(key) for key in path)
    number = number_at(description, path)
    if isinstance(number, RiskRow):
        return _ratio(description, engine, name, number)
    evidence: Mapping[str, Any] = {}
    if section in ("findings", "shared"):
        evidence = _only(description, name, rest)
    elif rest[0] == "frequency_by":
        evidence = _fitting(description, name, int(rest[1]))
    return np.array(engine.marginals(evidence, [name])[name])


def _only(description: ModelDescription, name: str, rest: list[str]) -> dict[str, str]:
    """Return the evidence of people with one cause, or one pattern, or none, and nothing else."""
    evidence = dict.fromkeys(description.causes, NO)
    if rest[0] == "background_by":
        evidence[rest[1]] = rest[2]
    elif rest[0] == "causes":
        if rest[1] in description.shared:
            listed = description.findings[name].causes
            evidence |= {each: NO for each in listed if each in description.shared}
        evidence[rest[1]] = YES
    return evidence


def _fitting(description: ModelDescription, name: str, row: int) -> dict[str, str]:
    """Return the first combination of states in which a row of a factor's frequency counts."""
    factor = description.risk_factors[name]
    parents = list(dict.fromkeys(each for by in factor.frequency_by for each in by.when))
    options = [states_of(description.risk_factors[parent].answer) for parent in parents]
    used = rows_used(description, name)
    if row not in used:
        return dict(factor.frequency_by[row].when)
    at = np.unravel_index(used.index(row), [len(each) for each in options])
    return {p: states[int(i)] for p, states, i in zip(parents, options, at, strict=True)}


def _ratio(description: ModelDescription, engine: Engine, cause: str, row: RiskRow) -> Array:
    """Return how much more common a cause is with a factor, among those of whom it is said."""
    states = engine.network.variable(row.factor).states
    rows = [r for r in description.causes[cause].risk_factors if r.factor == row.factor]
    acting = {each.state or YES: each for each in rows if overlap(each, row)}
    without, measure = [each for each in states if each not in acting], 1.0
    if not without:
        without, measure = [states[0]], acting[states[0]].relative_risk
    among = {
        other: np.isin(engine.network.variable(other).states, some).astype(float)
        for other, some in row.among.items()
    }

    def risk(of: list[str]) -> float:
        evidence = {**among, row.factor: np.isin(states, of).astype(float)}
        return float(engine.marginals(evidence, [cause])[cause][1])

    return np.array([risk([row.state or YES]) / risk(without) * measure])
