"""Render how the answers made the leading causes as probable as they are, with every source."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.decisions.policy import EMERGENCY
from bayesnet.diagnosis.report.explanation import NEGLIGIBLE
from bayesnet.diagnosis.report.pivotal_records import PivotalAnswers
from bayesnet.diagnosis.report.pivotal_words import pivotal_sentences
from bayesnet.diagnosis.report.reasoning import (
    CauseReasoning,
    Combination,
    ExplainedAway,
    Reasoning,
)
from bayesnet.diagnosis.report.records import CauseResult, Report, Weight
from bayesnet.diagnosis.report.urgency_words import until_seen, why
from bayesnet.diagnosis.report.wording import Wording
from bayesnet.model.lookup.grades import grade
from lbp_infer.screen.page import bullets, columns, paragraph, section
from lbp_infer.screen.reader import Reader
from lbp_infer.screen.signature import signed
from lbp_infer.screen.sources import cited, ids
from lbp_infer.screen.urgency import headline, in_one_line

GRADES = (
    "Beside each answer stands what its numbers rest on: figures as published, figures adapted, or "
    "judgement alone."
)


def explanation_page(
    report: Report, reasoning: Reasoning, pivotal: Sequence[PivotalAnswers], reader: Reader
) -> list[RenderableType]:
    """Return the parts of the page: urgency, causes, which go together, what would change it."""
    wording = reader.wording
    reasons = [why(each, wording) for each in report.triage.reasons]
    parts: list[RenderableType] = [headline(report)]
    parts += [bullets(reasons)] if reasons else []
    parts += [paragraph(until_seen(report.triage))] if report.triage.forbids else []
    parts += [paragraph(f"! {report.model.caution}", "bold")] if report.model.caution else []
    parts += [
        Text(),
        Text("What each answer adds for and against each cause", style="bold"),
        paragraph(f"{wording.shares_note} {GRADES}", "dim"),
    ]
    causes = {cause.id: cause for cause in report.causes}
    parts += [_cause(each, causes[each.cause], reader) for each in reasoning.causes]
    if not report.evidence:
        parts += [Text(), paragraph("Nothing was given, so nothing speaks for or against.")]
    together = [_together(each, wording) for each in reasoning.combinations]
    parts.append(section("Most likely together", bullets(together)))
    if reasoning.explained_away:
        labels = {item.id: item.label for item in report.evidence}
        away = [_away(each, labels, wording) for each in reasoning.explained_away]
        parts.append(section("One cause accounts for what another would", bullets(away)))
    if pivotal and report.triage.level != EMERGENCY:
        changing = [pivotal_sentences(each, wording.chance) for each in pivotal]
        parts.append(section("The fewest answers that would change this", bullets(changing)))
    sources = [
        source
        for each in reasoning.causes
        for weight in _worth_a_line(each, reader)
        for source in weight.sources
    ]
    listed = cited(sources, reader.description.figures)
    if listed:
        parts.append(section("Sources", bullets(listed)))
    return [*parts, Text(), paragraph(signed(report)), Text(), in_one_line(report)]


def _cause(reasoning: CauseReasoning, cause: CauseResult, reader: Reader) -> RenderableType:
    wording = reader.wording
    title = (
        f"{reasoning.label}: {wording.chance(cause.probability)}, before any answer "
        f"{wording.chance(cause.prior)}"
    )
    parts: list[RenderableType] = [paragraph(cause.about)] if reader.audience == "self" else []
    rows = [
        (wording.weighs(each), each.label, each.grade, ids(each.sources))
        for each in _worth_a_line(reasoning, reader)
    ]
    nothing = paragraph("Nothing given speaks much for or against it.")
    summed = wording.summed(reasoning.before, reasoning.after)
    return section(
        title,
        *parts,
        columns(rows, right=(0,)) if rows else nothing,
        *([paragraph(summed, "dim")] if summed and rows else []),
    )


def _worth_a_line(reasoning: CauseReasoning, reader: Reader) -> list[Weight]:
    """Return what speaks for the cause and then against it, without what hardly does."""
    figures = reader.description.figures
    weights = [
        Weight(
            " ".join(each.ids),
            "; ".join(each.labels),
            each.decibans,
            each.sources,
            grade(each.sources, figures),
        )
        for each in reasoning.contributions
        if abs(each.decibans) >= NEGLIGIBLE
    ]
    shown = [each for each in weights if reader.wording.weighs(each)]
    return sorted(shown, key=lambda each: each.decibans < 0)


def _together(combination: Combination, wording: Wording) -> str:
    first, *others = combination.labels or (wording.none_of_them,)
    said = " with ".join([first, *(each.lower() for each in others)])
    said = f"{said} and nothing else" if combination.labels else said
    return f"{said}: {wording.chance(combination.probability)}"


def _away(each: ExplainedAway, labels: dict[str, str], wording: Wording) -> str:
    answers = ", ".join(labels[name] for name in each.answers)
    return (
        f"{each.label}: {wording.chance(each.without_other)} without {each.other_label.lower()}, "
        f"{wording.chance(each.with_other)} with it, since either accounts for: {answers}"
    )
