"""Render the evidence for and against each leading cause, with the source of every weight."""

from collections.abc import Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.report.records import CauseExplanation, CauseResult, Report, Weight
from bayesnet.model.format.published_figures import PublishedFigure
from lbp_infer.screen.page import bullets, columns, paragraph, percent, section
from lbp_infer.screen.sources import cited, ids


def explanation_page(
    report: Report, figures: Mapping[str, PublishedFigure]
) -> list[RenderableType]:
    """Return the parts of the page, from the top."""
    title = "Evidence for and against the leading causes"
    unit = (
        "Weights are in decibans: +10 makes the odds of the cause ten times higher, +3 doubles "
        "them, -3 halves them; each with everything else that was given known. Beside each stands "
        "what its numbers rest on: figures as published, figures adapted, or judgement alone."
    )
    parts: list[RenderableType] = [Text(title, style="bold"), paragraph(unit, "dim")]
    causes = {cause.id: cause for cause in report.causes}
    parts += [_cause(each, causes[each.cause]) for each in report.explanation]
    if not report.evidence:
        parts += [Text(), paragraph("Nothing was given, so nothing speaks for or against.")]
    sources = [
        source
        for each in report.explanation
        for weight in (*each.evidence_for, *each.evidence_against)
        for source in weight.sources
    ]
    listed = cited(sources, figures)
    if listed:
        parts.append(section("Sources", bullets(listed)))
    return [*parts, Text(), paragraph(report.disclaimer)]


def _cause(explanation: CauseExplanation, cause: CauseResult) -> RenderableType:
    title = (
        f"{explanation.label}: {percent(cause.probability)}, before any answer "
        f"{percent(cause.prior)}"
    )
    parts: list[RenderableType] = []
    for word, weights in (
        ("For", explanation.evidence_for),
        ("Against", explanation.evidence_against),
    ):
        if weights:
            parts += [paragraph(word), columns(_rows(weights), right=(0,))]
    return section(title, *(parts or [paragraph("Nothing given speaks for or against it.")]))


def _rows(weights: Sequence[Weight]) -> list[tuple[str, str, str, str]]:
    return [(f"{w.decibans:+.1f}", w.label, w.grade, ids(w.sources)) for w in weights]
