"""Report the published cases, in words and tables."""

import math
from collections.abc import Mapping, Sequence

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.scoring.shares import of_count, of_people
from lbp_validation.cases.cases import TRIAGE_JUDGED, CaseOutcome, marks, score
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.goals import Goal, at_least
from lbp_validation.report.part import Part
from lbp_validation.simulation.decisions import thresholds

MECHANICAL, SERIOUS = "mechanical", "serious"
FIRST, FIRST_THREE, FOUND = 0.60, 0.85, 0.90
"""Goals: shares of the cases of each kind (see `_goals`)."""
NOT_LOWER = ("urgent", "emergency")


def cases_part(model: DiagnosticModel, outcomes: Sequence[CaseOutcome]) -> Part:
    """Report every case: ranks, triage, and how they compare with the figures to reach."""
    sections = (
        _case_section(outcomes),
        _score_section(outcomes, thresholds(model)),
    )
    too_low = [e for e in outcomes if e.case.triage in NOT_LOWER and e.mark == "too low"]
    return Part(sections, _goals(outcomes), _figures(outcomes, too_low))


def _goals(outcomes: Sequence[CaseOutcome]) -> tuple[Goal, ...]:
    confirmed = [each for each in outcomes if each.case.counts_for_diagnosis]
    common, rare = of_kind(confirmed, MECHANICAL), of_kind(confirmed, SERIOUS)
    return (
        at_least(
            f"cases, mechanical: confirmed cause first in {FIRST:.0%}",
            of_people([each.within(1) for each in common]),
            FIRST,
        ),
        at_least(
            f"cases, mechanical: among the first three in {FIRST_THREE:.0%}",
            of_people([each.within(3) for each in common]),
            FIRST_THREE,
        ),
        at_least(
            f"cases, serious: among the first three or on must_not_miss in {FOUND:.0%}",
            of_people([each.within(3) or each.listed for each in rare]),
            FOUND,
        ),
    )


def _figures(outcomes: Sequence[CaseOutcome], too_low: Sequence[CaseOutcome]) -> dict[str, str]:
    confirmed = [each for each in outcomes if each.case.counts_for_diagnosis]
    common = score(of_kind(confirmed, MECHANICAL))
    rare = score(of_kind(confirmed, SERIOUS))
    triage = marks(outcomes)
    missed = [each for each in confirmed if not (each.within(3) or each.listed)]
    ranks = [each.rank for each in confirmed if each.rank is not None]
    return {
        "cases": str(len(outcomes)),
        "case ranks": (
            f"{len(confirmed)} published cases with a confirmed cause of the model, mean rank "
            f"{sum(ranks) / max(1, len(ranks)):.1f}: mechanical first in {common.first} and among "
            f"the first three in {common.first_three} of {common.cases}; serious among the first "
            f"three or on must_not_miss in {rare.first_three_or_listed} of {rare.cases}"
        ),
        "case triage": (
            f"triage of {len(outcomes)} cases: {triage['too low']} too low, {triage['right']} "
            f"right, {triage['too high']} too high"
        ),
        "missed cases": _named(missed),
        "low cases": _named(too_low),
    }


def _named(outcomes: Sequence[CaseOutcome]) -> str:
    return ", ".join(f"{e.case.id} ({e.case.confirmed})" for e in outcomes) or "none"


def _case_section(outcomes: Sequence[CaseOutcome]) -> Section:
    return Section(
        "Published cases",
        (
            "Rank and P are those of the confirmed cause; ! after a rank: it is on must_not_miss; "
            "(t) after an id: its cause was never confirmed, so it counts for triage only. Case "
            "reports over-represent what is odd: these counts say how the model fails, not how "
            "often it would in a clinic.",
            case_grid(outcomes),
        ),
    )


def case_grid(outcomes: Sequence[CaseOutcome]) -> Grid:
    """Tabulate every case whose cause the model holds."""
    headers = ("case", "confirmed", "rank", "P", "leading", "triage", "expected", "mark")
    rows = tuple(_case_row(each) for each in outcomes if each.case.inside_model)
    return Grid(headers, rows, frozenset({"rank", "P"}))


def _case_row(each: CaseOutcome) -> tuple[str, ...]:
    case = each.case
    return (
        case.id if case.counts_for_diagnosis else f"{case.id} (t)",
        case.confirmed,
        f"{each.rank} {'!' if each.listed else ' '}",
        f"{each.probability:.3f}",
        each.leading,
        each.triage,
        case.triage,
        each.mark,
    )


def _score_section(outcomes: Sequence[CaseOutcome], acted_from: Mapping[str, float]) -> Section:
    confirmed = [each for each in outcomes if each.case.counts_for_diagnosis]
    inside = [each for each in outcomes if each.case.inside_model]
    outside = [each for each in outcomes if not each.case.inside_model]
    judged = sum(each.case.triage_basis == TRIAGE_JUDGED for each in outcomes)
    return Section(
        "What the published cases come to",
        (
            "Confirmed cause found:",
            Grid(
                ("cases of", "cases", "first", "first three", "first three or must_not_miss"),
                (
                    _score_row("mechanical cause", of_kind(confirmed, MECHANICAL)),
                    _score_row("serious cause", of_kind(confirmed, SERIOUS)),
                    _score_row("all", confirmed),
                    _score_row("all, case reports", _used_for(confirmed, "diagnosis")),
                    _score_row("all, teaching cases", _used_for(confirmed, "diagnosis_secondary")),
                ),
                frozenset({"cases", "first", "first three", "first three or must_not_miss"}),
            ),
            _intervals_line(confirmed),
            "Triage:",
            Grid(
                ("cases of", "cases", "too low", "right", "too high"),
                (
                    _mark_row("mechanical cause", of_kind(inside, MECHANICAL)),
                    _mark_row("serious cause", of_kind(inside, SERIOUS)),
                    _mark_row("cause not in the model", outside),
                    _mark_row("all", outcomes),
                ),
                frozenset({"cases", "too low", "right", "too high"}),
            ),
            f"The expected level was judged when the case was abstracted in {judged} of "
            f"{len(outcomes)} cases; the others carry their source's label.",
            _must_not_miss_line(confirmed),
            _factor_line(of_kind(confirmed, SERIOUS), acted_from),
        ),
    )


def of_kind(outcomes: Sequence[CaseOutcome], kind: str) -> list[CaseOutcome]:
    """Return the cases whose cause is mechanical, or serious."""
    return [each for each in outcomes if each.case.kind == kind]


def _used_for(outcomes: Sequence[CaseOutcome], use: str) -> list[CaseOutcome]:
    return [each for each in outcomes if each.case.use_for == use]


def _score_row(label: str, outcomes: Sequence[CaseOutcome]) -> tuple[str, ...]:
    found = score(outcomes)
    numbers = (found.cases, found.first, found.first_three, found.first_three_or_listed)
    return (label, *map(str, numbers))


def _mark_row(label: str, outcomes: Sequence[CaseOutcome]) -> tuple[str, ...]:
    return (label, str(len(outcomes)), *map(str, marks(outcomes).values()))


def _intervals_line(outcomes: Sequence[CaseOutcome]) -> str:
    parts = []
    for kind in (MECHANICAL, SERIOUS):
        found = score(of_kind(outcomes, kind))
        counts = (found.first, found.first_three, found.first_three_or_listed)
        shares = ", ".join(str(of_count(count, found.cases)) for count in counts)
        parts.append(f"{kind} cause {shares}")
    return f"As shares with 95 % intervals, in the same order: {'; '.join(parts)}."


def _must_not_miss_line(outcomes: Sequence[CaseOutcome]) -> str:
    serious = of_kind(outcomes, SERIOUS)
    mechanical = of_kind(outcomes, MECHANICAL)
    listed = sum(each.listed for each in serious)
    alarmed = sum(bool(each.false_alarms) for each in mechanical)
    return (
        f"must_not_miss names the confirmed cause in {listed} of {len(serious)} serious cases: "
        f"{of_count(listed, len(serious))}, and a cause that was not confirmed in {alarmed} of "
        f"{len(mechanical)} mechanical ones: {of_count(alarmed, len(mechanical))}."
    )


def factor_needed(outcomes: Sequence[CaseOutcome], acted_from: Mapping[str, float]) -> float:
    """Return the factor on all thresholds that would make a share FOUND of some cases found.

    acted_from: {serious cause: its threshold}. Found means: among the first three or listed on
    must_not_miss. The factor is at most 1.
    """
    bearable = [
        math.inf if each.within(3) else (each.probability or 0.0) / acted_from[each.case.confirmed]
        for each in outcomes
    ]
    wanted = math.ceil(FOUND * len(bearable))
    return min([1.0, *sorted(bearable, reverse=True)[:wanted]])


def _factor_line(outcomes: Sequence[CaseOutcome], acted_from: Mapping[str, float]) -> str:
    return (
        f"For {FOUND:.0%} of the serious cases to be found, all thresholds would have to be "
        f"multiplied by {factor_needed(outcomes, acted_from):.2g}; how many people without a "
        "serious cause would get a list then is in the trade-off of must_not_miss."
    )
