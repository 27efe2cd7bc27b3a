"""Render the report on a page: urgency first, and in an emergency hardly anything else."""

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.styled import Styled
from rich.text import Text

from bayesnet.diagnosis.report.records import (
    CauseExplanation,
    Report,
    TriageReason,
    TriageResult,
    Weight,
)
from bayesnet.model.format.published_figures import PublishedFigure
from lbp_infer.commands.vocabulary import Vocabulary
from lbp_infer.screen.page import bullets, can_draw_blocks, paragraph, percent, section
from lbp_infer.screen.render_care import pathway_section, question_section
from lbp_infer.screen.render_causes import causes_section, must_not_miss_section
from lbp_infer.screen.sources import cited

EMERGENCY = "emergency"
SET_APART = ("emergency", "urgent")
COLOURS = {"emergency": "red", "urgent": "yellow"}
BRIEF = 3
"""Leading causes, and pieces of evidence for each, that the page names."""


def report_page(
    report: Report,
    words: Vocabulary,
    figures: Mapping[str, PublishedFigure],
    asked_for: Sequence[RenderableType] = (),
) -> list[RenderableType]:
    """Return the parts of the page, from the top.

    asked_for: further parts, put before the sources.
    """
    if report.triage.level == EMERGENCY:
        return _emergency_page(report, figures, asked_for)
    parts: list[RenderableType] = [_triage(report)]
    if report.fit.flagged:
        parts.append(section("May be something else", bullets([report.fit.message], "!")))
    if report.evidence:
        given = "; ".join(item.label for item in report.evidence)
        parts.append(section("Given", paragraph(given)))
    parts.append(causes_section(report, can_draw_blocks()))
    if report.must_not_miss:
        parts.append(must_not_miss_section(report.must_not_miss))
    parts.append(question_section(report, words))
    if report.pathway is not None:
        parts.append(pathway_section(report.pathway))
    if report.contributors:
        advice = [f"{each.label}: {each.advice}" for each in report.contributors]
        parts.append(section("Contributors that can be changed", bullets(advice)))
    parts += _for_and_against(report)
    if report.warnings:
        parts.append(section("Warnings", bullets(report.warnings, "!")))
    sources = _sources(report, figures)
    return [*parts, *asked_for, *sources, Text(), paragraph(report.disclaimer)]


def _triage(report: Report) -> RenderableType:
    level = report.triage.level
    title = level.replace("_", " ").upper()
    if report.triage.provisional:
        title += " SO FAR"
    reasons = [_reason(each) for each in report.triage.reasons]
    why = [bullets(reasons)] if reasons else []
    if level in SET_APART:
        message = paragraph(report.triage.message, "bold")
        return _panel(title, [message, *why, *_beside(report.triage)], COLOURS[level])
    line = Text.assemble((title, "bold"), "  ", report.triage.message)
    return Group(line, *why, *_beside(report.triage))


def _reason(reason: TriageReason) -> str:
    """Say why, and which answers would lower it."""
    if not reason.would_fall_if:
        return reason.reason
    return f"{reason.reason} Less with: {'; '.join(each.label for each in reason.would_fall_if)}."


def _beside(triage: TriageResult) -> list[RenderableType]:
    """Return what to leave, what is still to be asked, and words for whom this is not made."""
    parts: list[RenderableType] = []
    if triage.forbids:
        parts.append(
            paragraph(f"Until you have been seen no {', '.join(triage.forbids.values())}.")
        )
    if triage.ask_first:
        asked = "; ".join(each.label for each in triage.ask_first)
        parts.append(paragraph(f"Not decided yet, to be answered first: {asked}."))
    return [*parts, *(paragraph(each.message, "bold") for each in triage.scope)]


def _panel(title: str, body: Sequence[RenderableType], colour: str) -> Panel:
    return Panel(
        Group(*body),
        title=Text(f" {title} ", style="bold"),
        title_align="left",
        border_style=f"bold {colour}",
        padding=(1, 2),
    )


def _emergency_page(
    report: Report,
    figures: Mapping[str, PublishedFigure],
    asked_for: Sequence[RenderableType],
) -> list[RenderableType]:
    """Return what to do and why in a panel; the rest dimmed and in a few lines."""
    pathway = report.pathway
    body: list[RenderableType] = [paragraph(report.triage.message, "bold")]
    if pathway is not None and pathway.urgency == EMERGENCY:
        body += [Text(), bullets([act for phase in pathway.phases for act in phase.actions])]
    body += [Text(), paragraph("Why", "bold")]
    body.append(bullets([_reason(each) for each in report.triage.reasons]))
    body += _beside(report.triage)
    rest = [
        Text(),
        *map(paragraph, _for_the_clinician(report)),
        *asked_for,
        *_sources(report, figures),
        Text(),
        paragraph(report.disclaimer),
    ]
    panel = _panel("EMERGENCY", body, COLOURS[EMERGENCY])
    return [panel, *(Styled(part, "dim") for part in rest)]


def _for_the_clinician(report: Report) -> list[str]:
    likely = ", ".join(f"{c.label} {percent(c.probability)}" for c in report.causes[:BRIEF])
    lines = [f"For the clinician. Most probable causes: {likely}."]
    if report.must_not_miss:
        missed = ", ".join(f"{m.label} {percent(m.probability)}" for m in report.must_not_miss)
        lines.append(f"Not to be missed: {missed}.")
    if report.fit.flagged:
        lines.append(report.fit.message)
    if report.next_question is not None:
        lines.append(f"A question that can wait: {report.next_question.text}")
    if report.evidence:
        lines.append(f"Given: {'; '.join(item.label for item in report.evidence)}.")
    return [*lines, *report.warnings]


def _for_and_against(report: Report) -> list[RenderableType]:
    lines = [
        line
        for each in report.explanation[:BRIEF]
        if each.evidence_for or each.evidence_against
        for line in (_weighed(each),)
    ]
    if not lines:
        return []
    unit = "In decibans: +10 makes the odds ten times higher, +3 doubles them."
    more = "`lbp-infer explain` gives all of it with sources."
    return [section("For and against", bullets(lines), paragraph(f"{unit} {more}", "dim"))]


def _weighed(explanation: CauseExplanation) -> Text:
    said = []
    for word, weights in (
        ("for", explanation.evidence_for),
        ("against", explanation.evidence_against),
    ):
        if weights:
            said.append(f"{word}: {', '.join(map(_in_words, weights[:BRIEF]))}")
    return Text.assemble((explanation.label, "bold"), f"; {'; '.join(said)}")


def _in_words(weight: Weight) -> str:
    return f"{weight.label} ({weight.decibans:+.1f})"


def _sources(report: Report, figures: Mapping[str, PublishedFigure]) -> list[RenderableType]:
    sources = [source for reason in report.triage.reasons for source in reason.sources]
    if report.pathway is not None:
        sources += report.pathway.sources
    listed = cited(sources, figures)
    if not listed:
        return []
    return [section("Sources of the urgency and the pathway", bullets(listed))]
