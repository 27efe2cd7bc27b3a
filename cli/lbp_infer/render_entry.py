"""One entry of a model with every number: its interval, its source, its reason."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from bayesnet.description.format import (
    Cause,
    Derived,
    Exercise,
    Finding,
    ModelDescription,
    Pathway,
    PublishedFigure,
    RiskFactor,
    Shared,
)
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.errors import UnknownNameError
from lbp_infer.numbers import Number, frequencies, numbers_list, plain, relative_risk
from lbp_infer.page import bullets, paragraph, section
from lbp_infer.render_threshold import threshold_section
from lbp_infer.sources import cited

Page = tuple[list[RenderableType], list[str]]
"""The parts of an entry, and the sources that they name."""


def entry_page(model: DiagnosticModel, name: str) -> list[RenderableType]:
    """The parts of the page for one id; raises UnknownNameError with the nearest ids."""
    description = model.description
    found = _find(description, name)
    if found is None:
        raise UnknownNameError("id", name, _ids(description), f"model '{description.model.id}'")
    kind, entry = found
    parts, sources = RENDERERS[type(entry)](description, name, entry)
    title = Text.assemble((_label(entry), "bold"), f"  {name} ({kind})")
    listed = cited(sources, description.evidence)
    if isinstance(entry, Cause):
        parts += threshold_section(description, model.thresholds, name.replace("-", "_"))
    return [title, *parts, *([section("Sources", bullets(listed))] if listed else [])]


def _sections(description: ModelDescription) -> Mapping[str, Mapping[str, Any]]:
    return {
        "cause": description.causes,
        "finding": description.findings,
        "risk factor": description.risk_factors,
        "finding that follows from another": description.derived,
        "shared finding": description.shared,
        "pathway": description.pathways,
        "exercise": description.exercises,
        "published figure": description.evidence,
    }


def _find(description: ModelDescription, name: str) -> tuple[str, Any] | None:
    folded = name.replace("-", "_")
    for kind, entries in _sections(description).items():
        for each in (name, folded):
            if each in entries:
                return kind, entries[each]
    return None


def _ids(description: ModelDescription) -> list[str]:
    kinds = _sections(description)
    return [name for kind in kinds if kind != "published figure" for name in kinds[kind]]


def _label(entry: Any) -> str:
    return entry.figure if isinstance(entry, PublishedFigure) else str(entry.label)


def _with_sources(parts: list[RenderableType], *tables: tuple[str, Iterable[Number]]) -> Page:
    """The parts followed by the tables of numbers that are not empty, and all their sources."""
    sources: list[str] = []
    for title, numbers in tables:
        rows = list(numbers)
        if rows:
            parts.append(section(title, numbers_list(rows)))
            sources += [source for row in rows for source in row.sources]
    return parts, sources


def _cause(description: ModelDescription, name: str, cause: Cause) -> Page:
    prevalence = frequencies("of people in this setting", cause.prevalence)
    parts: list[RenderableType] = [paragraph(cause.about)]
    if cause.serious:
        parts.append(
            paragraph("Serious: it stands on the list not to be missed from its threshold.")
        )
    parts += [
        paragraph(f"Made worse by {harm.direction}: {harm.why or ', '.join(harm.source)}.")
        for harm in cause.harmed_by
    ]
    return _with_sources(
        parts,
        ("Prevalence", prevalence),
        ("How many times more common with", [relative_risk(r) for r in cause.risk_factors]),
        ("Of people with it alone, how many show", _shown_by(description, name)),
    )


def _shown_by(description: ModelDescription, name: str) -> list[Number]:
    groups: Iterable[tuple[str, Shared | Finding]] = (
        *description.shared.items(),
        *description.findings.items(),
    )
    return [
        number
        for each, entry in groups
        if name in entry.causes
        for number in frequencies(each, entry.causes[name])
    ]


def _asked(entry: Finding | RiskFactor | Derived) -> list[RenderableType]:
    asked = entry.asked
    flags = [
        word
        for word, holds in (("red flag", asked.red_flag), ("always asked", asked.mandatory))
        if holds
    ]
    about = "; ".join([f"Group: {asked.group}", f"asked of: {asked.asked_of}", *flags])
    return [paragraph(asked.question), paragraph(f"{about}; cost of asking: {asked.cost:g}.")]


def _finding(description: ModelDescription, name: str, finding: Finding) -> Page:
    title = "Of people with this alone, how many show it"
    return _with_sources(_asked(finding), (title, _caused(finding)))


def _shared(description: ModelDescription, name: str, shared: Shared) -> Page:
    return _with_sources(
        [],
        ("Of people with this alone, how many have it", _caused(shared)),
        ("Of people with it, how many show", _shown_by(description, name)),
    )


def _caused(entry: Finding | Shared) -> list[Number]:
    numbers = frequencies("none of the causes", entry.background)
    for cause, each in entry.causes.items():
        numbers += frequencies(cause, each)
    return numbers


def _risk_factor(description: ModelDescription, name: str, factor: RiskFactor) -> Page:
    numbers = [] if factor.frequency is None else frequencies("of all", factor.frequency)
    for row in factor.frequency_by:
        when = ", ".join(f"{key} {value}" for key, value in row.when.items())
        numbers += frequencies(when or "of all others", row)
    acts = [
        relative_risk(row, of=cause)
        for cause, entry in description.causes.items()
        for row in entry.risk_factors
        if row.factor == name
    ]
    parts = _asked(factor)
    if factor.modifiable:
        parts.append(paragraph(f"Advice: {factor.modifiable}"))
    return _with_sources(
        parts, ("How common it is", numbers), ("How many times more common it makes", acts)
    )


def _derived(description: ModelDescription, name: str, derived: Derived) -> Page:
    means = f"Yes means that {derived.derived_from} is one of {', '.join(derived.states)}."
    return [*_asked(derived), paragraph(means)], []


def _pathway(description: ModelDescription, name: str, pathway: Pathway) -> Page:
    parts: list[RenderableType] = [
        paragraph(f"Urgency: {pathway.urgency.replace('_', ' ')}"),
        *([paragraph(f"Why: {pathway.why}")] if pathway.why else []),
    ]
    for number, phase in enumerate(pathway.phases, 1):
        exercises = [
            f"{description.exercises[each.exercise].label}: "
            f"{each.dose or description.exercises[each.exercise].dose}"
            for each in phase.exercises
        ]
        start, end = f"Start when: {phase.enter_when}", f"Move on when: {phase.move_on_when}"
        lines = bullets([start, *phase.actions, *exercises, end])
        parts.append(section(f"{number}. {phase.name}: {phase.goal}", lines))
    if pathway.avoid:
        parts.append(section("Avoid", bullets(pathway.avoid)))
    values = [
        plain(cause, each.value, each.source, each.why, in_percent=False)
        for cause, each in pathway.value.items()
    ]
    unit = description.model.utility_unit or "no unit given"
    title = f"Benefit or harm ({unit}) for people with this and no other"
    parts, sources = _with_sources(parts, (title, values))
    return parts, [*sources, *pathway.source]


def _exercise(description: ModelDescription, name: str, exercise: Exercise) -> Page:
    lines = [
        exercise.how,
        f"Dose: {exercise.dose}",
        f"Progression: {exercise.progression}",
        f"Stop if: {exercise.stop_if}",
        f"Direction: {exercise.direction}",
    ]
    if exercise.why:
        lines.append(f"Why: {exercise.why}")
    return [paragraph(line) for line in lines], list(exercise.source)


def _figure(description: ModelDescription, name: str, figure: PublishedFigure) -> Page:
    return [], [name]


RENDERERS: Mapping[type, Callable[[ModelDescription, str, Any], Page]] = {
    Cause: _cause,
    Finding: _finding,
    Shared: _shared,
    RiskFactor: _risk_factor,
    Derived: _derived,
    Pathway: _pathway,
    Exercise: _exercise,
    PublishedFigure: _figure,
}
