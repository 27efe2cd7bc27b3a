"""Render the evidence for and against each leading cause, with the source of every weight."""

from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.report.records import CauseExplanation, CauseResult, Report, Weight
from lbp_infer.screen.page import bullets, columns, paragraph, section
from lbp_infer.screen.reader import Reader
from lbp_infer.screen.sources import cited, ids
from lbp_infer.screen.urgency import headline, in_one_line, until_seen, why
from lbp_infer.screen.wording import Wording

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
        for weight in _worth_a_line(each, wording)
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
        (wording.weighs(each), each.label, each.grade, ids(each.sources))
        for each in _worth_a_line(explanation, wording)
    ]
    nothing = paragraph("Nothing given speaks much for or against it.")
    return section(title, *parts, columns(rows, right=(0,)) if rows else nothing)


def _worth_a_line(explanation: CauseExplanation, wording: Wording) -> list[Weight]:
    """Return what speaks for the cause and then against it, without what hardly does."""
    weights = (*explanation.evidence_for, *explanation.evidence_against)
    return [each for each in weights if wording.weighs(each)]
