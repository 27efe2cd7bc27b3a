"""Render the causes as bars, and the ones not to be missed."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.report.records import CauseResult, MustNotMiss, Report
from bayesnet.diagnosis.report.wording import Wording
from lbp_infer.screen.page import bar, bullets, columns, paragraph, section
from lbp_infer.screen.reader import Reader

BAR = 20
"""Characters of a full bar: a twentieth, 5 %, for each."""
SHOWN = 6
"""Leading causes that are always shown."""
WORTH_SHOWING = 0.05
"""Probability from which a further cause is shown: one whole character of its bar."""
EXPLAINED = 3
"""Leading causes that are said to be what they are, where that is said."""


WITHOUT_RANGES = (
    "The model does not say how sure its numbers are, so there are no ranges. Several causes can "
    "be there together, so these do not add up."
)


def causes_section(report: Report, reader: Reader, blocks: bool) -> RenderableType:
    """Render the leading causes with bars, then the probability of none."""
    wording = reader.wording
    shown = [
        cause
        for rank, cause in enumerate(report.causes)
        if rank < SHOWN or cause.probability >= WORTH_SHOWING
    ]
    rows = [_row(cause, wording, blocks) for cause in shown]
    none = report.no_identified_cause
    cells = none.probability, none.interval, none.prior
    rows.append(_cells(_capital(wording.none_of_them), *cells, wording, blocks))
    left = len(report.causes) - len(shown)
    heads, note = wording.heads, wording.range_note
    if none.interval is None:
        heads, note = (heads[0], "", heads[2]), WITHOUT_RANGES
    if left:
        highest = wording.chance(report.causes[len(shown)].probability)
        note = f"{left} more causes: {highest} at most; --json lists them. {note}"
    table = columns(rows, right=(2, 3, 4), head=("", "", *heads))
    title = wording.causes_title(reader.description.model.people)
    return section(title, table, *_about(shown, reader), paragraph(note, "dim"))


def _about(shown: Sequence[CauseResult], reader: Reader) -> list[RenderableType]:
    """Say what the leading causes are, to those who do not know."""
    if reader.audience != "self":
        return []
    lines = [Text.assemble((c.label, "bold"), f": {c.about}") for c in shown[:EXPLAINED]]
    return [Text(), bullets(lines), Text()]


def must_not_miss_section(missed: Sequence[MustNotMiss], wording: Wording) -> RenderableType:
    """Render the serious causes over their own threshold."""
    lines = [Text.assemble((each.label, "bold"), f": {wording.missed(each)}") for each in missed]
    return section("Not to be missed", bullets(lines, "!"))


def _row(cause: CauseResult, wording: Wording, blocks: bool) -> tuple[str | Text, ...]:
    label = f"{cause.label} (serious)" if cause.serious else cause.label
    return _cells(label, cause.probability, cause.interval, cause.prior, wording, blocks)


def _cells(
    label: str,
    now: float,
    within: tuple[float, float] | None,
    before: float,
    wording: Wording,
    blocks: bool,
) -> tuple[str | Text, ...]:
    drawn = Text(bar(now, BAR, blocks), style="cyan")
    return label, drawn, wording.number(now), wording.span(within), wording.number(before)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
