"""Render the causes as bars, and the ones not to be missed."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.report.records import CauseResult, MustNotMiss, Report
from lbp_infer.screen.page import bar, bullets, columns, paragraph, percent, percent_range, section

BAR = 20
"""Characters of a full bar: a twentieth, 5 %, for each."""
SHOWN = 6
"""Leading causes that are always shown."""
WORTH_SHOWING = 0.05
"""Probability from which a further cause is shown: one whole character of its bar."""


def causes_section(report: Report, blocks: bool) -> RenderableType:
    """Render the leading causes with bars, then the probability of none."""
    shown = [
        cause
        for rank, cause in enumerate(report.causes)
        if rank < SHOWN or cause.probability >= WORTH_SHOWING
    ]
    rows = [_row(cause, blocks) for cause in shown]
    none = report.no_identified_cause
    cells = none.probability, none.interval, none.prior
    rows.append(_cells("No identified cause", *cells, blocks))
    left = len(report.causes) - len(shown)
    note = (
        "Range: the 95 % interval, from how uncertain the model's numbers are. Causes can occur "
        "together, so these do not add up to 100 %."
    )
    if left:
        highest = percent(report.causes[len(shown)].probability)
        note = f"{left} more causes are at {highest} or less; --json lists them. {note}"
    table = columns(rows, right=(2, 3, 4), head=("", "", "now", "range", "prior"))
    return section("Causes", table, paragraph(note, "dim"))


def must_not_miss_section(missed: Sequence[MustNotMiss]) -> RenderableType:
    """Render the serious causes over their own threshold."""
    lines = [
        Text.assemble(
            (f"{each.label} {percent(each.probability)}", "bold"),
            f" ({each.times_prior:.1f} times its prevalence): {each.reason}",
        )
        for each in missed
    ]
    return section("Not to be missed", bullets(lines, "!"))


def _row(cause: CauseResult, blocks: bool) -> tuple[str | Text, ...]:
    label = f"{cause.label} (serious)" if cause.serious else cause.label
    return _cells(label, cause.probability, cause.interval, cause.prior, blocks)


def _cells(
    label: str, now: float, within: tuple[float, float] | None, before: float, blocks: bool
) -> tuple[str | Text, ...]:
    drawn = Text(bar(now, BAR, blocks), style="cyan")
    return label, drawn, percent(now), percent_range(within), percent(before)
