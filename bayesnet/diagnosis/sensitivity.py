"""Which numbers of the model move an answer most, and what it would be at both of their ends.

Numbers are ranked by what their uncertainty does to the log-odds of a cause, from exact
derivatives (see `intervals`); for those shown the model is solved again with the number at each
end of its 95 % interval, so those probabilities are exact too.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from bayesnet.description.building import build_network
from bayesnet.description.compiled import NodeSpec
from bayesnet.description.format import ModelDescription
from bayesnet.description.grades import Grade, grade
from bayesnet.description.number_change import Uncertain, ends, number_at, with_number
from bayesnet.description.number_words import number_words
from bayesnet.description.numbers import RiskRow
from bayesnet.description.parameters import solve
from bayesnet.description.scope import Path
from bayesnet.diagnosis.intervals import Influences, influences, interval
from bayesnet.errors import ImpossibleEvidenceError
from bayesnet.evidence import encode_case
from bayesnet.tape.cases import cases_of
from bayesnet.tape.engine import DEFAULT_BUDGET, Engine

if TYPE_CHECKING:
    from bayesnet.diagnosis.model import DiagnosticModel

Value = float | dict[str, float]
NEGLIGIBLE = 1e-9
"""Share of the variance up to which a number moves nothing but the last digits."""


class End(Struct, frozen=True):
    """A number at one end of its 95 % interval, and the cause's probability then.

    probability: None where the other numbers or the answers leave no room for this one.
    """

    value: Value
    probability: float | None


class NumberEffect(Struct, frozen=True, kw_only=True):
    """One number of the model and what its uncertainty does to the probability of a cause.

    path: where it stands in the model; about: in words; share: of the variance of the log-odds.
    low, high: of a distribution over more than two answers, the ends that lower and raise the
    probability.
    """

    path: Path
    about: str
    value: Value
    low: End
    high: End
    share: float
    grade: Grade
    sources: tuple[str, ...]


class Sensitivity(Struct, frozen=True, kw_only=True):
    """What moves the probability of one cause most.

    uncertain: how many numbers move it at all; numbers: those that do most, first the strongest.
    """

    cause: str
    label: str
    probability: float
    interval: tuple[float, float]
    uncertain: int
    numbers: tuple[NumberEffect, ...]


def sensitivity(
    model: "DiagnosticModel", evidence: Mapping[str, Any], cause: str, most: int
) -> Sensitivity:
    """What moves a cause's probability most, given evidence for the network.

    Raises UnknownNameError for the cause, ImpossibleEvidenceError.
    """
    observed = encode_case(model.network, evidence)
    uncertainty = model.compiled.uncertainty
    targets = [model.network.position(name) for name in model.description.causes]
    study = model.engine.inference.study(cases_of(observed)[0], targets, ())
    derivatives = study.derivatives([model.events[cause]])
    found = influences(model.network, uncertainty, derivatives)
    variances = np.bincount(
        found.owners, weights=found.by_way[0] ** 2, minlength=len(uncertainty.numbers)
    )
    total = float(variances.sum())
    order = np.argsort(-variances, kind="stable")
    moving = [int(n) for n in order if variances[n] > NEGLIGIBLE * total]
    probability, deviation = float(found.probabilities[0]), float(found.deviations[0])
    return Sensitivity(
        cause=cause,
        label=model.description.causes[cause].label,
        probability=probability,
        interval=interval(probability, deviation),
        uncertain=len(moving),
        numbers=tuple(
            _effect(model, evidence, cause, number, found, float(variances[number]) / total)
            for number in moving[:most]
        ),
    )


def _effect(
    model: "DiagnosticModel",
    evidence: Mapping[str, Any],
    cause: str,
    number: int,
    found: Influences,
    share: float,
) -> NumberEffect:
    description, path = model.description, model.compiled.uncertainty.numbers[number]
    given = number_at(description, path)
    low, high = (
        End(
            _value(end),
            _probability(model, with_number(description, path, end), path, evidence, cause),
        )
        for end in ends(description, path, found.by_way[0, found.owners == number])
    )
    return NumberEffect(
        path=path,
        about=number_words(description, path),
        value=_value(given),
        low=low,
        high=high,
        share=share,
        grade=grade(given.source, description.evidence),
        sources=given.source,
    )


def _value(number: Uncertain) -> Value:
    if isinstance(number, RiskRow):
        return number.relative_risk
    return number.values if number.values is not None else number.value or 0.0


def _probability(
    model: "DiagnosticModel",
    changed: ModelDescription,
    path: Path,
    evidence: Mapping[str, Any],
    cause: str,
) -> float | None:
    """The cause's probability in the changed model; None when it has none, or no such answers."""
    nodes, problems = solve(changed, _unmoved(model, path))
    if problems:
        return None
    engine = Engine(build_network(nodes), DEFAULT_BUDGET)
    try:
        return float(engine.marginals(evidence, [cause])[cause][1])
    except ImpossibleEvidenceError:
        return None


def _unmoved(model: "DiagnosticModel", path: Path) -> dict[str, NodeSpec]:
    """The nodes that a number does not reach: a finding's numbers move nothing but the finding."""
    nodes = {node.name: node for node in model.compiled.nodes}
    if path[0] in ("findings", "shared"):
        return {name: node for name, node in nodes.items() if name != path[1]}
    above = {*model.description.risk_factors, *model.description.causes}
    return {name: node for name, node in nodes.items() if name not in above}
