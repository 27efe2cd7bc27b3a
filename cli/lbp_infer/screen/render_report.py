"""Render the whole report on a page: urgency first and last, and everything in between."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.styled import Styled
from rich.text import Text

from bayesnet.diagnosis.report.records import CauseExplanation, Report, TriageResult
from bayesnet.diagnosis.report.urgency_words import EMERGENCY, undecided, until_seen, why
from bayesnet.diagnosis.report.wording import Wording
from lbp_infer.screen.open_signs import doubted_signs, doubts, in_words, open_signs
from lbp_infer.screen.page import bullets, can_draw_blocks, paragraph, section
from lbp_infer.screen.reader import Reader
from lbp_infer.screen.render_care import pathway_section, question_section
from lbp_infer.screen.render_causes import causes_section, must_not_miss_section
from lbp_infer.screen.signature import signed
from lbp_infer.screen.sources import cited
from lbp_infer.screen.urgency import COLOURS, headline, in_one_line

BRIEF = 3
"""Leading causes, and pieces of evidence for each, that the page names."""


def report_page(
    report: Report, reader: Reader, asked_for: Sequence[RenderableType] = ()
) -> list[RenderableType]:
    """Return the parts of the page, from the top.

    asked_for: further parts, put before the sources.
    """
    if report.triage.level == EMERGENCY:
        return _emergency_page(report, reader, asked_for)
    wording = reader.wording
    parts: list[RenderableType] = [_triage(report, wording)]
    if report.fit.flagged:
        parts.append(section("May be something else", bullets([report.fit.message], "!")))
    if report.evidence:
        given = "; ".join(item.label for item in report.evidence)
        parts.append(section("Given", paragraph(given)))
    parts.append(causes_section(report, reader, can_draw_blocks()))
    if report.must_not_miss:
        parts.append(must_not_miss_section(report.must_not_miss, wording))
    parts.append(question_section(report, reader))
    if report.pathway is not None:
        parts.append(pathway_section(report.pathway, report.triage.label, wording))
    if report.contributors:
        advice = [f"{each.label}: {each.advice}" for each in report.contributors]
        parts.append(section("Contributors that can be changed", bullets(advice)))
    parts += _for_and_against(report, wording)
    warnings = _warnings(report, reader)
    if warnings:
        parts.append(section("Warnings", bullets(warnings, "!")))
    parts += [*asked_for, *_sources(report, reader), Text(), paragraph(signed(report))]
    return [*parts, Text(), in_one_line(report)]


def _warnings(report: Report, reader: Reader) -> list[str]:
    """List that the model is unsafe, what does not go together, and the open red flags to type."""
    said = [report.model.caution] if report.model.caution else []
    said += [each.message for each in report.contradictions]
    signs = (
        doubts(doubted_signs(report, reader.words), reader.words),
        in_words(open_signs(report, reader.words), reader.words),
    )
    return [*said, *(f"{each}." for each in signs if each)]


def _triage(report: Report, wording: Wording) -> RenderableType:
    triage = report.triage
    reasons = [why(each, wording) for each in triage.reasons]
    said = [bullets(reasons)] if reasons else []
    if triage.level in COLOURS:
        message = paragraph(triage.message, "bold")
        return _panel(report, [message, *said, *_beside(triage)])
    return Group(headline(report), *said, *_beside(triage))


def _beside(triage: TriageResult) -> list[RenderableType]:
    """Return what to leave, what is still to be asked, and words for whom this is not made."""
    said = filter(None, (until_seen(triage), undecided(triage)))
    return [*map(paragraph, said), *(paragraph(each.message, "bold") for each in triage.scope)]


def _panel(report: Report, body: Sequence[RenderableType]) -> Panel:
    return Panel(
        Group(*body),
        title=Text(f" {report.urgency.upper()} ", style="bold"),
        title_align="left",
        border_style=f"bold {COLOURS[report.triage.level]}",
        padding=(1, 2),
    )


def _emergency_page(
    report: Report, reader: Reader, asked_for: Sequence[RenderableType]
) -> list[RenderableType]:
    """Return what to do and why in a panel; the rest dimmed and in a few lines."""
    pathway = report.pathway
    body: list[RenderableType] = [paragraph(report.triage.message, "bold")]
    if pathway is not None and pathway.urgency == EMERGENCY:
        body += [Text(), bullets([act for phase in pathway.phases for act in phase.actions])]
    body += [Text(), paragraph("Why", "bold")]
    body.append(bullets([why(each, reader.wording) for each in report.triage.reasons]))
    body += _beside(report.triage)
    rest = [
        Text(),
        *map(paragraph, _for_the_expert(report, reader)),
        *asked_for,
        *_sources(report, reader),
        Text(),
        paragraph(signed(report)),
    ]
    return [
        _panel(report, body),
        *(Styled(part, "dim") for part in rest),
        Text(),
        in_one_line(report),
    ]


def _for_the_expert(report: Report, reader: Reader) -> list[str]:
    wording, expert = reader.wording, reader.description.model.expert
    likely = ", ".join(f"{c.label} {wording.chance(c.probability)}" for c in report.causes[:BRIEF])
    lines = [report.model.caution] if report.model.caution else []
    lines.append(f"For the {expert}. Most probable causes: {likely}.")
    if report.must_not_miss:
        missed = (f"{m.label} {wording.chance(m.probability)}" for m in report.must_not_miss)
        lines.append(f"Not to be missed: {', '.join(missed)}.")
    if report.fit.flagged:
        lines.append(report.fit.message)
    if report.next_question is not None:
        lines.append(f"A question that can wait: {report.next_question.text}")
    if report.evidence:
        lines.append(f"Given: {'; '.join(item.label for item in report.evidence)}.")
    return [*lines, *report.warnings]


def _for_and_against(report: Report, wording: Wording) -> list[RenderableType]:
    lines = [line for each in report.explanation[:BRIEF] for line in _weighed(each, wording)]
    if not lines:
        return []
    more = "`lbp-infer explain` gives all of it with sources."
    note = paragraph(f"{wording.weights_note} {more}", "dim")
    return [section("For and against", bullets(lines), note)]


def _weighed(explanation: CauseExplanation, wording: Wording) -> list[Text]:
    """Return the line of one cause; none where nothing given is worth a word."""
    weights = (*explanation.evidence_for[:BRIEF], *explanation.evidence_against[:BRIEF])
    said = [f"{each.label} ({how})" for each in weights if (how := wording.weighs(each))]
    if not said:
        return []
    return [Text.assemble((explanation.label, "bold"), f"; {', '.join(said)}")]


def _sources(report: Report, reader: Reader) -> list[RenderableType]:
    sources = [source for reason in report.triage.reasons for source in reason.sources]
    if report.pathway is not None:
        sources += report.pathway.sources
    listed = cited(sources, reader.description.figures)
    if not listed:
        return []
    return [section("Sources of the urgency and the pathway", bullets(listed))]
