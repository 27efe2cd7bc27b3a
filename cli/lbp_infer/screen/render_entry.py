"""Render one entry of a model with every number: its interval, grade, source and reason."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import structs
from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.implied import implied_number
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.errors import UnknownNameError
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.format.pathways import Actions, Exercise, Pathway, levels_of, spelled_out
from bayesnet.model.format.published_figures import PublishedFigure
from bayesnet.model.format.triage_rules import level_label
from bayesnet.model.format.variables import Cause, Derived, Finding, RiskFactor, Shared
from bayesnet.model.lookup.graded_words import LEGEND
from bayesnet.model.lookup.grades import GradedNumber, graded_numbers
from bayesnet.model.solving.number_change import number_at
from lbp_infer.screen.numbers import Row, numbers_list
from lbp_infer.screen.page import bullets, paragraph, section
from lbp_infer.screen.render_codes import code_sources, codes_section
from lbp_infer.screen.render_figure import figure_parts
from lbp_infer.screen.render_threshold import threshold_section
from lbp_infer.screen.sources import studies

Table = tuple[str, list[Row]]
"""A heading, and the numbers under it."""
Page = tuple[list[RenderableType], list[Table], tuple[str, ...]]
"""The parts of an entry above its numbers, its numbers, and what else it cites."""


def entry_page(model: DiagnosticModel, name: str) -> list[RenderableType]:
    """Return the parts of the page for one id; raises UnknownNameError with the nearest ids."""
    description = model.description
    found = _find(description, name)
    if found is None:
        raise UnknownNameError("id", name, _ids(description), f"model '{description.model.id}'")
    kind, known, entry = found
    parts, tables, more = RENDERERS[type(entry)](description, known, entry)
    rows = [row for _, table in tables for row in table]
    sources = [source for _, number in rows for source in number.sources]
    implied = {
        number.path: _as_implied(model, number)
        for _, number in rows
        if number.kind not in ("utility", "limit")
    }
    return [
        Text.assemble((_label(entry), "bold"), f"  {known} ({kind})"),
        *parts,
        *codes_section(description, known),
        *threshold_section(description, model.policy.scale.steps, known),
        *(section(title, numbers_list(table, implied)) for title, table in tables if table),
        *([Text(), paragraph(f"Grades. {LEGEND}.", "dim")] if rows else []),
        *_listed("Sources", [*sources, *more, *code_sources(description, known)], description),
        *_not_followed(description, known, [number for _, number in rows], sources),
    ]


def _as_implied(model: DiagnosticModel, number: GradedNumber) -> GradedNumber:
    """Return a number as the network has it, in the form in which it is typed."""
    found = implied_number(model.description, model.engine, number.path)
    if not isinstance(number.value, dict):
        return structs.replace(number, value=float(found[-1]))
    states = model.network.variable(number.entry).states
    shares = dict(zip(states, found.tolist(), strict=True))
    return structs.replace(number, value={state: shares[state] for state in number.value})


def _listed(
    title: str, sources: Iterable[str], description: ModelDescription
) -> Iterator[RenderableType]:
    listed = studies(sources, description.figures)
    if listed:
        yield section(title, *listed)


def _not_followed(
    description: ModelDescription,
    name: str,
    numbers: Iterable[GradedNumber],
    sources: Iterable[str],
) -> Iterator[RenderableType]:
    """Render the figures that conflict with numbers shown, or that were set aside for a cause."""
    conflicting = [figure for number in numbers for figure in number.conflicts]
    about = [
        each
        for each, figure in description.figures.items()
        if figure.cause == name and figure.set_aside
    ]
    shown = set(sources)
    left = [each for each in dict.fromkeys([*conflicting, *about]) if each not in shown]
    yield from _listed("Published, and not followed or not used", left, description)


def _sections(description: ModelDescription) -> Mapping[str, Mapping[str, Any]]:
    return {
        "cause": description.causes,
        "finding": description.findings,
        "risk factor": description.risk_factors,
        "finding that follows from another": description.derived,
        "shared finding": description.shared,
        "pathway": description.pathways,
        "exercise": description.exercises,
        "published figure": description.figures,
    }


def _find(description: ModelDescription, name: str) -> tuple[str, str, Any] | None:
    """Return the kind, id and entry that a name means; - and _ are the same."""
    for kind, entries in _sections(description).items():
        for each in (name, name.replace("-", "_")):
            if each in entries:
                return kind, each, entries[each]
    return None


def _ids(description: ModelDescription) -> list[str]:
    kinds = _sections(description)
    return [name for kind in kinds if kind != "published figure" for name in kinds[kind]]


def _label(entry: Any) -> str:
    return entry.figure if isinstance(entry, PublishedFigure) else str(entry.label)


def _own(description: ModelDescription, section: str, name: str) -> list[GradedNumber]:
    return [n for n in graded_numbers(description) if n.path[:2] == (section, name)]


def _about(description: ModelDescription, kind: str, name: str) -> list[GradedNumber]:
    """List other entries' numbers for this one: a finding's for a cause, a cause's for a factor."""
    return [n for n in graded_numbers(description) if n.kind == kind and n.of[:1] == (name,)]


def _cause(description: ModelDescription, name: str, cause: Cause) -> Page:
    own = _own(description, "causes", name)
    parts: list[RenderableType] = [paragraph(cause.about)]
    if cause.serious:
        parts.append(
            paragraph("Serious: it stands on the list not to be missed from its threshold.")
        )
    parts += [
        paragraph(f"Made worse by {harm.direction}: {harm.why or ', '.join(harm.source)}.")
        for harm in cause.harmed_by
    ]
    ratios = [(_with(description, n), n) for n in own if n.kind == "relative risk"]
    parts += [
        paragraph(f"These multiply each other: {', '.join(each)}.") for each in cause.multiply
    ]
    utilities = [(n.entry, n) for n in _about(description, "utility", name)]
    unit, people = description.model.utility_unit or "no unit given", description.model.people
    seen = f"of {people} in this setting"
    tables = [
        ("Prevalence", [(seen, n) for n in own if n.kind == "prevalence"]),
        ("How many times more common with", ratios),
        (f"Of {people} with it alone, how many show", _shown_by(description, name)),
        (f"Benefit or harm of each pathway ({unit})", utilities),
    ]
    return parts, tables, tuple(source for harm in cause.harmed_by for source in harm.source)


def _with(description: ModelDescription, number: GradedNumber) -> str:
    """Say with what a ratio is, and among whom it was measured."""
    row = number_at(description, number.path)
    among = row.among.items() if isinstance(row, RiskRow) else ()
    whom = (f"{other} {' or '.join(states)}" for other, states in among)
    return ", among ".join([" ".join(number.of), *whom])


def _shown_by(description: ModelDescription, name: str) -> list[Row]:
    frequencies = _about(description, "frequency", name)
    return [(n.entry, n) for n in frequencies if n.path[0] in ("findings", "shared")]


def _asked(
    description: ModelDescription, entry: Finding | RiskFactor | Derived
) -> list[RenderableType]:
    asked = entry.asked
    flags = [
        word
        for word, holds in (("red flag", asked.red_flag), ("always asked", asked.mandatory))
        if holds
    ]
    whom = "self" if asked.asked_of == "self" else description.model.expert
    about = "; ".join([f"Group: {asked.group}", f"asked of: {whom}", *flags])
    return [paragraph(asked.question), paragraph(f"{about}; cost of asking: {asked.cost:g}.")]


def _finding(description: ModelDescription, name: str, finding: Finding) -> Page:
    people = description.model.people
    tables = [
        (f"Of {people} with this alone, how many show it", _caused(description, "findings", name))
    ]
    tables += [
        (f"Of {people} with this alone, how many have {node}", _caused(description, "shared", node))
        for node in finding.causes
        if node in description.shared
    ]
    return _asked(description, finding), tables, ()


def _shared(description: ModelDescription, name: str, shared: Shared) -> Page:
    people = description.model.people
    tables = [
        (f"Of {people} with this alone, how many have it", _caused(description, "shared", name)),
        (f"Of {people} with it, how many show", _shown_by(description, name)),
    ]
    return [], tables, ()


def _caused(description: ModelDescription, section: str, name: str) -> list[Row]:
    return [(_of_whom(n), n) for n in _own(description, section, name)]


def _of_whom(number: GradedNumber) -> str:
    if number.kind != "background":
        return number.of[0]
    return ", ".join(["none of the causes", *([" ".join(number.of)] if number.of else [])])


def _risk_factor(description: ModelDescription, name: str, factor: RiskFactor) -> Page:
    own = _own(description, "risk_factors", name)
    everyone = "of all" if factor.frequency is not None else "of all others"
    ratios = _about(description, "relative risk", name)
    acts = [(n.entry + (f" ({n.of[1]})" if n.of[1:] else ""), n) for n in ratios]
    parts = _asked(description, factor)
    if factor.modifiable:
        parts.append(paragraph(f"Advice: {factor.modifiable}"))
    tables = [
        ("How common it is", [(_when(n) or everyone, n) for n in own]),
        ("How many times more common it makes", acts),
    ]
    return parts, tables, ()


def _when(number: GradedNumber) -> str:
    pairs = zip(number.of[::2], number.of[1::2], strict=True)
    return ", ".join(f"{factor} {state}" for factor, state in pairs)


def _derived(description: ModelDescription, name: str, derived: Derived) -> Page:
    means = f"Yes means that {derived.derived_from} is one of {', '.join(derived.states)}."
    return [*_asked(description, derived), paragraph(means)], [], ()


def _pathway(description: ModelDescription, name: str, pathway: Pathway) -> Page:
    chosen_at = [level_label(description.triage, each) for each in levels_of(pathway)]
    parts: list[RenderableType] = [
        paragraph(f"Chosen at: {', '.join(chosen_at)}"),
        *([paragraph(f"Why: {pathway.why}")] if pathway.why else []),
    ]
    for number, phase in enumerate(pathway.phases, 1):
        exercises = [
            f"{description.exercises[each.exercise].label}: "
            f"{each.dose or description.exercises[each.exercise].dose}"
            for each in phase.exercises
        ]
        start, end = f"Start when: {phase.enter_when}", f"Move on when: {phase.move_on_when}"
        lines = bullets([start, *_spoken(phase.actions), *exercises, end])
        parts.append(section(f"{number}. {phase.name}: {phase.goal}", lines))
    if pathway.avoid:
        parts.append(section("Avoid", bullets(_spoken(pathway.avoid))))
    values = [(n.of[0], n) for n in _own(description, "pathways", name)]
    unit = description.model.utility_unit or "no unit given"
    title = f"Benefit or harm ({unit}) for {description.model.people} with this and no other"
    return parts, [(title, values)], pathway.source


def _spoken(actions: Actions) -> list[str]:
    """Write actions as lines: those with a condition say so, blocks of advice by their id."""
    return [
        f"{each.text or f'advice: {each.advice}'}"
        f"{' (by the answers)' if each.when or each.unless else ''}"
        for each in spelled_out(actions)
    ]


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
    return [paragraph(line) for line in lines], [], exercise.source


def _figure(description: ModelDescription, name: str, figure: PublishedFigure) -> Page:
    return figure_parts(description, name, figure), [], ()


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
