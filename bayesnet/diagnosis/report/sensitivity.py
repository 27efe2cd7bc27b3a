"""Find which numbers of the model move an answer most, and the answer at both of their ends.

Numbers are ranked by what their uncertainty does to the log-odds of a cause, from exact derivatives
(see `intervals`); for those shown the model is solved again with the number at each end of its 95 %
interval, so those probabilities are exact too.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from bayesnet.analysis.inference import Inference
from bayesnet.diagnosis.report.intervals import Doubt, Influences, influences, interval
from bayesnet.engine import Engine
from bayesnet.errors import ImpossibleEvidenceError
from bayesnet.inference.cases import cases_of
from bayesnet.model.format.compiled import CompiledModel
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.lookup.grades import Grade, grade_of
from bayesnet.model.lookup.number_words import number_words
from bayesnet.model.solving.network_of import build_network
from bayesnet.model.solving.number_change import Uncertain, ends, number_at, with_number
from bayesnet.model.solving.parameters import solve, untouched
from bayesnet.network.evidence import encode_case

Value = float | dict[str, float]
NEGLIGIBLE = 1e-9
"""Share of the variance of the log-odds up to which a number is not counted as moving a cause.

Such a number moves the standard deviation in the tenth digit, where rounding errors are no smaller.
"""


class End(Struct, frozen=True):
    """A number at one end of its 95 % interval, and the cause's probability then.

    probability: None where the other numbers, or the answers, are impossible with this one.
    """

    value: Value
    probability: float | None


class NumberEffect(Struct, frozen=True, kw_only=True):
    """One number of the model, and what its uncertainty does to the probability of a cause.

    path: where it stands in the model; about: in words; share: of the variance of the log-odds, in
    [0, 1]. low, high: of a distribution over more than two states, the ends that lower and raise
    the probability.
    """

    path: KeyPath
    about: str
    value: Value
    low: End
    high: End
    share: float
    grade: Grade
    sources: tuple[str, ...]


class Sensitivity(Struct, frozen=True, kw_only=True):
    """The numbers that move the probability of one cause most.

    interval: None where the model does not say how sure it is of any number. uncertain: how many
    numbers move it at all; numbers: those that do most, the strongest first.
    """

    cause: str
    label: str
    probability: float
    interval: tuple[float, float] | None
    uncertain: int
    numbers: tuple[NumberEffect, ...]


def sensitivity(
    compiled: CompiledModel,
    inference: Inference,
    evidence: Mapping[str, Any],
    cause: str,
    most: int,
) -> Sensitivity:
    """Find what moves a cause's probability most, given evidence for the network.

    inference: of the compiled model's network. Raises UnknownNameError for the cause,
    ImpossibleEvidenceError.
    """
    network, uncertainty = inference.network, compiled.uncertainty
    observed = encode_case(network, evidence)
    place = network.position(cause)
    present = {place: np.array([0.0, 1.0])}
    study = inference.study(cases_of(observed)[0], [place], (), [present])
    found = influences(Doubt(network, uncertainty), study.log_odds())
    variances = np.bincount(
        found.owners, weights=found.by_way[0] ** 2, minlength=len(uncertainty.numbers)
    )
    total = float(variances.sum())
    order = np.argsort(-variances, kind="stable")
    moving = [int(n) for n in order if variances[n] > NEGLIGIBLE * total]
    probability, deviation = float(found.probabilities[0]), float(found.deviations[0])
    return Sensitivity(
        cause=cause,
        label=compiled.description.causes[cause].label,
        probability=probability,
        interval=interval(probability, deviation) if uncertainty.numbers else None,
        uncertain=len(moving),
        numbers=tuple(
            _effect(compiled, evidence, cause, number, found, float(variances[number]) / total)
            for number in moving[:most]
        ),
    )


def _effect(
    compiled: CompiledModel,
    evidence: Mapping[str, Any],
    cause: str,
    number: int,
    found: Influences,
    share: float,
) -> NumberEffect:
    description, path = compiled.description, compiled.uncertainty.numbers[number]
    given = number_at(description, path)
    low, high = (
        End(
            _value(end),
            _probability(compiled, with_number(description, path, end), path, evidence, cause),
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
        grade=grade_of(path, given, description.figures),
        sources=given.source,
    )


def _value(number: Uncertain) -> Value:
    if isinstance(number, RiskRow):
        return number.relative_risk
    return number.values if number.values is not None else number.value or 0.0


def _probability(
    compiled: CompiledModel,
    changed: ModelDescription,
    path: KeyPath,
    evidence: Mapping[str, Any],
    cause: str,
) -> float | None:
    """Return the cause's probability in the changed model; None when that has no answer."""
    before = {node.name: node for node in compiled.nodes}
    nodes, problems = solve(changed, untouched(compiled.description, before, path))
    if problems:
        return None
    engine = Engine(build_network(nodes))
    try:
        return float(engine.marginals(evidence, [cause])[cause][1])
    except ImpossibleEvidenceError:
        return None
