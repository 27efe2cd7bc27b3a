"""Explain the most probable causes by the evidence for and against each, with weight and source."""

from collections.abc import Mapping, Sequence

from bayesnet.analysis.leave_one_out import decibans
from bayesnet.diagnosis.answers.intake import Askable, Intake
from bayesnet.diagnosis.report.records import CauseExplanation, CauseResult, Weight
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import RiskFactor
from bayesnet.model.lookup.grades import grade

LISTED = 6
"""Causes that are explained, from the most probable, beside those not to be missed."""
NEGLIGIBLE = 0.05
"""Decibans below which evidence is left out: in the one decimal that is shown it would be 0.0."""

Without = Mapping[str, Mapping[str, float]]
"""{variable: {cause: probability without that observation}}"""


def explain(
    description: ModelDescription,
    askables: Mapping[str, Askable],
    intake: Intake,
    causes: Sequence[CauseResult],
    without: Without,
) -> tuple[CauseExplanation, ...]:
    """List what speaks for and against each of the causes, strongest first.

    The weight of a piece of evidence is how much it changes the log-odds of the cause, in decibans,
    everything else known (see `bayesnet.analysis.weight_of_evidence`).
    """
    said = {item.id: item.label for item in intake.items}
    found = []
    for cause in causes:
        weights = []
        for name in intake.given:
            variable = askables[name].derived_from or name
            if variable not in without:
                continue
            weight = decibans(cause.probability, without[variable][cause.id])
            if abs(weight) >= NEGLIGIBLE:
                sources = number_sources(description, cause.id, variable)
                basis = grade(sources, description.figures)
                weights.append(Weight(name, said[name], weight, sources, basis))
        weights.sort(key=lambda each: -abs(each.decibans))
        found.append(
            CauseExplanation(
                cause.id,
                cause.label,
                "decibans",
                tuple(each for each in weights if each.decibans > 0),
                tuple(each for each in weights if each.decibans < 0),
            )
        )
    return tuple(found)


def number_sources(description: ModelDescription, cause: str, variable: str) -> tuple[str, ...]:
    """Find the sources of the numbers that tie a cause and an observation.

    They are those of the number for the cause itself, or along a shared node; when there is neither
    (the observation acts by way of other causes) that of the factor's frequency or the finding's
    background.
    """
    if variable in description.risk_factors:
        rows = [r for r in description.causes[cause].risk_factors if r.factor == variable]
        return _distinct([source for row in rows for source in row.source]) or _frequency_sources(
            description.risk_factors[variable]
        )
    finding = description.findings[variable]
    if cause in finding.causes:
        return finding.causes[cause].source
    through = [
        name
        for name, node in description.shared.items()
        if name in finding.causes and cause in node.causes
    ]
    sources = [
        source
        for name in through
        for number in (finding.causes[name], description.shared[name].causes[cause])
        for source in number.source
    ]
    return _distinct(sources) or finding.background.source


def _frequency_sources(factor: RiskFactor) -> tuple[str, ...]:
    numbers = [factor.frequency] if factor.frequency is not None else factor.frequency_by
    return _distinct([source for number in numbers for source in number.source])


def _distinct(sources: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sources))
