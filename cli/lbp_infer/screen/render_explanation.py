"""Render the evidence for and against each leading cause, with the source of every weight."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.report.records import CauseExplanation, CauseResult, Report, Weight
from lbp_infer.screen.page import bullets, columns, paragraph, section
from lbp_infer.screen.reader import Reader
from lbp_infer.screen.sources import cited, ids
from lbp_infer.screen.urgency import headline, in_one_line, until_seen, why

GRADES = (
    "Beside each answer stands what its numbers rest on: figures as published, figures adapted, or "
    "judgement alone."
)


def explanation_page(report: Report, reader: Reader) -> list[RenderableType]:
    """Return the parts of the page: the urgency, then the leading causes, then the sources."""
    wording = reader.wording
    reasons = [why(each, wording) for each in report.triage.reasons]
    parts: list[RenderableType] = [headline(report.triage)]
    parts += [bullets(reasons)] if reasons else []
    parts += [paragraph(until_seen(report.triage))] if report.triage.forbids else []
    parts += [
        Text(),
        Text("Evidence for and against the leading causes", style="bold"),
        paragraph(f"{wording.weights_note} {GRADES}", "dim"),
    ]
    causes = {cause.id: cause for cause in report.causes}
    parts += [_cause(each, causes[each.cause], reader) for each in report.explanation]
    if not report.evidence:
        parts += [Text(), paragraph("Nothing was given, so nothing speaks for or against.")]
    sources = [
        source
        for each in report.explanation
        for weight in (*each.evidence_for, *each.evidence_against)
        for source in weight.sources
    ]
    listed = cited(sources, reader.description.figures)
    if listed:
        parts.append(section("Sources", bullets(listed)))
    return [*parts, Text(), paragraph(report.disclaimer), Text(), in_one_line(report)]


def _cause(explanation: CauseExplanation, cause: CauseResult, reader: Reader) -> RenderableType:
    wording = reader.wording
    title = (
        f"{explanation.label}: {wording.chance(cause.probability)}, before any answer "
        f"{wording.chance(cause.prior)}"
    )
    parts: list[RenderableType] = [paragraph(cause.about)] if reader.audience == "self" else []
    rows = [
        row
        for weights in (explanation.evidence_for, explanation.evidence_against)
        for row in _rows(weights, reader)
    ]
    nothing = paragraph("Nothing given speaks much for or against it.")
    return section(title, *parts, columns(rows, right=(0,)) if rows else nothing)


def _rows(weights: Sequence[Weight], reader: Reader) -> list[tuple[str, str, str, str]]:
    """Return a row for each answer that is worth one; the weights come strongest first."""
    said = reader.wording.weighed(weights)
    return [
        (how, label, each.grade, ids(each.sources))
        for (how, label), each in zip(said, weights, strict=False)
    ]
