"""Render a diagnosis beside the one that other answers would give."""

from collections.abc import Iterable

from rich.console import RenderableType

from bayesnet.diagnosis.report.percent import percent
from bayesnet.diagnosis.report.records import Report
from lbp_infer.screen.page import columns, paragraph
from lbp_infer.screen.render_turn import change, said_words

LEADING = 5
"""Causes that lead before or after, and are shown."""


def what_if_lines(before: Report, after: Report, changed: Iterable[str]) -> list[RenderableType]:
    """Render urgency, causes, pathway and next question before and after.

    changed: ids of the answers that differ.
    """
    ids = list(changed)
    earlier = said_words(before, ids) or "not asked"
    shown = [cause.id for cause in before.causes[:LEADING]]
    shown += [cause.id for cause in after.causes[:LEADING] if cause.id not in shown]
    now = {cause.id: cause for cause in after.causes}
    was = {cause.id: cause for cause in before.causes}
    rows = [
        (
            was[name].label,
            percent(was[name].probability),
            percent(now[name].probability),
            change(was[name].probability, now[name].probability),
        )
        for name in shown
    ]
    parts: list[RenderableType] = [
        paragraph(f"What if {said_words(after, ids)} (now: {earlier})", "bold"),
        columns(_said(before, after), head=("", "before", "after")),
        columns(rows, right=(1, 2, 3), head=("", "before", "after", "points")),
    ]
    parts += [paragraph(after.model.name, "dim")]
    parts += [paragraph(f"! {after.model.caution}", "bold")] if after.model.caution else []
    if after.triage.level != before.triage.level:
        parts.append(paragraph(f"{after.urgency.capitalize()}: {after.triage.message}"))
    return parts


def _said(before: Report, after: Report) -> list[tuple[str, str, str]]:
    """Return urgency, pathway and next question as rows."""
    rows = [("Urgency", before.urgency, after.urgency)]
    rows.append(("Pathway", _pathway(before), _pathway(after)))
    rows.append(("Next question", _question(before), _question(after)))
    return rows


def _pathway(report: Report) -> str:
    return "none" if report.pathway is None else report.pathway.label


def _question(report: Report) -> str:
    return "none" if report.next_question is None else report.next_question.text
