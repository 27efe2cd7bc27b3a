"""Report further published cases: those looked at as the model changed, and those held out."""

from collections.abc import Iterator, Sequence

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.scoring.shares import of_count, of_people
from lbp_validation.cases.cases import CaseOutcome, marks, score
from lbp_validation.cases.cases_part import MECHANICAL, NOT_LOWER, SERIOUS, case_grid, of_kind
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.goals import Goal, at_least
from lbp_validation.report.part import Part

FOUND = ("cases of", "cases", "first", "first three", "first three or must_not_miss")
TRIAGED = ("cases", "number", "too low", "right", "too high", "urgent or emergency", "lower")
FIRST, FIRST_THREE = 0.58, 0.80
"""Goals: shares of the held-out mechanical cases; what helps serious ones must not cost these."""
WORDS = (
    "Found by search and encoded before any of them was diagnosed. Half were looked at one by one "
    "while the model was changed; of the held-out half only sums like these were ever seen. Most "
    "are known from an abstract alone, which often leaves out what a runner would be asked first."
)


def further_cases_part(model: DiagnosticModel, outcomes: Sequence[CaseOutcome]) -> Part:
    """Report what is found of each half, and of each cause."""
    halves = {
        "held out": [each for each in outcomes if each.case.held_out],
        "looked at": [each for each in outcomes if not each.case.held_out],
    }
    found = tuple(row for name, half in halves.items() for row in _found_rows(name, half))
    triaged = tuple(_triage_row(name, half) for name, half in halves.items())
    section = Section(
        "Further published cases",
        (
            WORDS,
            Grid(FOUND, found, frozenset(FOUND[1:])),
            "Triage:",
            Grid(TRIAGED, triaged, frozenset(TRIAGED[1:])),
            "By confirmed cause, both halves:",
            Grid(FOUND, tuple(_cause_rows(model, outcomes)), frozenset(FOUND[1:])),
        ),
        ("Those looked at, one by one:", case_grid(halves["looked at"])),
    )
    common, rare = (
        score(of_kind(_confirmed(halves["held out"]), k)) for k in (MECHANICAL, SERIOUS)
    )
    said = (
        f"of {len(halves['held out'])} that were held out: mechanical among the first three in "
        f"{common.first_three} of {common.cases}, serious among the first three or on "
        f"must_not_miss in {rare.first_three_or_listed} of {rare.cases}"
    )
    return Part((section,), tuple(_goals(halves["held out"])), {"held-out cases": said})


def _goals(held_out: Sequence[CaseOutcome]) -> Iterator[Goal]:
    common = of_kind(_confirmed(held_out), MECHANICAL)
    for places, least, words in ((1, FIRST, "first"), (3, FIRST_THREE, "among the first three")):
        yield at_least(
            f"held-out cases, mechanical: confirmed cause {words} in {least:.0%}",
            of_people([each.within(places) for each in common]),
            least,
        )


def _found_rows(name: str, outcomes: Sequence[CaseOutcome]) -> Iterator[tuple[str, ...]]:
    for kind in (MECHANICAL, SERIOUS):
        yield _found_row(f"{kind} cause, {name}", of_kind(_confirmed(outcomes), kind))


def _cause_rows(
    model: DiagnosticModel, outcomes: Sequence[CaseOutcome]
) -> Iterator[tuple[str, ...]]:
    for cause in model.description.causes:
        of_cause = [each for each in _confirmed(outcomes) if each.case.confirmed == cause]
        if of_cause:
            yield _found_row(cause, of_cause)


def _found_row(label: str, outcomes: Sequence[CaseOutcome]) -> tuple[str, ...]:
    found = score(outcomes)
    counts = (found.first, found.first_three, found.first_three_or_listed)
    return (label, str(found.cases), *(_of(count, found.cases) for count in counts))


def _triage_row(label: str, outcomes: Sequence[CaseOutcome]) -> tuple[str, ...]:
    pressing = [each for each in outcomes if each.case.triage in NOT_LOWER]
    lower = sum(each.mark == "too low" for each in pressing)
    counted = (_of(count, len(outcomes)) for count in marks(outcomes).values())
    return (label, str(len(outcomes)), *counted, str(len(pressing)), _of(lower, len(pressing)))


def _confirmed(outcomes: Sequence[CaseOutcome]) -> list[CaseOutcome]:
    return [each for each in outcomes if each.case.counts_for_diagnosis]


def _of(count: int, whole: int) -> str:
    """Write a count with its share and the share's interval."""
    share = of_count(count, whole)
    return f"{count} ({share.value:.0%}, {share.low:.0%} to {share.high:.0%})" if whole else "-"
