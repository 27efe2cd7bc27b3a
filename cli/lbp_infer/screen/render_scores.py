"""Render what comes of testing a model on cases: how often it is right, and where it is not."""

from collections.abc import Iterator

from rich.console import RenderableType

from bayesnet.diagnosis.report.percentages import percent, percent_range
from bayesnet.tuning.scoring.records import (
    CalibrationBin,
    CaseScores,
    CauseScores,
    RowError,
    Surprise,
)
from bayesnet.tuning.scoring.words import (
    CAUSES_NOTE,
    OVERALL_NOTE,
    UNDEFINED,
    URGENCY_NOTE,
    called,
    counted,
    figure,
    level,
    needed,
    overall,
    reading,
    share,
)
from lbp_infer.screen.page import bullets, columns, paragraph, section

MOST_ERRORS = 10
"""Rows in error that are shown; `--json` has more."""


def scores_page(found: CaseScores, full: bool) -> list[RenderableType]:
    """Render the scores; full: also every cause by itself."""
    parts = [
        paragraph(f"{found.model.name}, tested on {found.scored:,} cases", "bold"),
        *([paragraph(found.model.caution, "bold")] if found.model.caution else []),
        paragraph(f"{counted(found)} Brackets hold 95 % intervals."),
        section("How often it is right", columns(overall(found)), paragraph(OVERALL_NOTE, "dim")),
        section("Urgency", *_urgency(found)),
        section("Causes", *_causes(found, full)),
    ]
    if full:
        parts += [section(each.label, *_cause(each)) for each in found.causes if each.had_it.of]
    surprising = [_surprise(each) for each in found.surprises]
    title = "Most surprising: what is known, and how probable it was"
    parts.append(section(title, columns(surprising, right=(3,), whole=(0,))))
    if found.notices:
        parts.append(section("To bear in mind", bullets(found.notices)))
    if found.errors:
        parts.append(section("Rows in error", *_errors(found)))
    return parts


def _urgency(found: CaseScores) -> Iterator[RenderableType]:
    levels = list(found.triage.told[0].needed)
    rows = [
        (level(each.level), *(f"{each.needed[name]:,}" for name in levels))
        for each in found.triage.told
    ]
    yield columns(rows, right=range(1, len(levels) + 1), head=("told", *map(needed, levels)))
    yield columns(
        [
            ("Told less than was needed", share(found.triage.under)),
            ("Urgent or more where nothing was", share(found.triage.over)),
        ]
    )
    yield paragraph(URGENCY_NOTE, "dim")


def _causes(found: CaseScores, full: bool) -> Iterator[RenderableType]:
    rows = [
        (
            each.label,
            f"{each.had_it.count:,}/{each.had_it.of:,}",
            UNDEFINED if each.told is None else f"{each.told * each.had_it.of:,.1f}",
            figure(each.auc),
            figure(each.slope),
        )
        for each in found.causes
        if each.had_it.of
    ]
    head = ("", "had it", "expected", "ROC area", "slope")
    yield columns(rows, right=(1, 2), head=head, whole=(3, 4))
    more = "" if full else " --full has all of each cause."
    yield paragraph(f"{CAUSES_NOTE}{more}", "dim")


def _cause(cause: CauseScores) -> Iterator[RenderableType]:
    yield columns(
        [
            ("ROC area", figure(cause.auc)),
            ("Calibration slope", figure(cause.slope)),
            ("Calibration in the large", figure(cause.in_the_large)),
            ("Brier score", figure(cause.brier, 4)),
            ("Its skill (1 is perfect, 0 no better than the share)", figure(cause.brier_skill)),
        ]
    )
    if cause.not_defined:
        yield paragraph(f"{UNDEFINED}: not defined, since {cause.not_defined}.", "dim")
    rows = [
        (
            reading(each),
            *map(share, (each.sensitivity, each.specificity, each.positive_predictive)),
        )
        for each in cause.confusions
    ]
    head = ("said", "of those with it", "not, of those without", "right when said")
    yield columns(rows, head=head)
    bins = [_bin(each) for each in cause.bins]
    yield columns(bins, right=(0, 1), head=("probability", "mean", "had it"))


def _bin(each: CalibrationBin) -> tuple[str, ...]:
    return percent_range((each.low, each.high)), percent(each.told), share(each.had_it)


def _surprise(each: Surprise) -> tuple[str, ...]:
    known = f"{each.label}: {'confirmed' if each.present else 'ruled out'}"
    return f"row {each.row:,}", called(each.kept), known, percent(each.probability)


def _errors(found: CaseScores) -> Iterator[RenderableType]:
    yield bullets(_error(each) for each in found.errors[:MOST_ERRORS])
    if found.failed > MOST_ERRORS:
        more = found.failed - MOST_ERRORS
        yield paragraph(f"and {more:,} more; --json has the first hundred.", "dim")


def _error(each: RowError) -> str:
    name = called(each.kept)
    return f"row {each.row:,}{f' ({name})' if name else ''}: {each.message}"
