"""Report what is decided of all published cases: triage in full, and the pathway by true cause."""

from collections.abc import Iterator, Sequence

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.tuning.scoring.shares import Share, of_people
from lbp_validation.advice.own_pathways import chosen
from lbp_validation.cases.cases import CaseOutcome
from lbp_validation.cases.cases_part import MECHANICAL, NOT_LOWER, of_kind
from lbp_validation.cases.pathway_reasons import RIGHT, STANDS_OUT, reasons_grid, why
from lbp_validation.cases.textbook import Presentation
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.goals import Goal, at_least, at_most
from lbp_validation.report.part import Part
from lbp_validation.simulation.decisions import thresholds
from lbp_validation.simulation.families import families

MANY_FACTS = 8
"""From so many facts a case is told in full; under it is thin, and neutral care is right too."""
MOST_HURRIED, MOST_LOWER, LEAST_LISTED = 0.25, 0.05, 0.60
LEAST_TEXTBOOK, LEAST_CASES = 0.95, 0.65
"""Goals: shares of cases (see `_goals`)."""
CHOSEN = ("confirmed cause", "cases", "own", "neutral", "other", "urgent or more")
WORDS = (
    "All published cases, the looked at and the held-out ones. Rows: the level expected when the "
    "case was abstracted, by the abstractor's judgement in most; columns: the level given."
)


def case_decisions_part(
    model: DiagnosticModel,
    outcomes: Sequence[CaseOutcome],
    textbooks: Sequence[Presentation],
) -> Part:
    """Report the whole confusion of triage, and pathways, of all cases together."""
    hurried = _hurried(outcomes)
    sections = (
        Section(
            "All published cases: triage", (WORDS, confusion(outcomes), *_lines(model, outcomes))
        ),
        Section(
            "All published cases: the pathway by confirmed cause",
            (
                "Own and neutral as for simulated people. Most cases are thin, and then neutral "
                f"care is right as well: under {MANY_FACTS} facts.",
                _pathway_grid(model, outcomes),
                *_reasons(model, outcomes),
            ),
        ),
    )
    said = {
        "hurried cases": f"{hurried} of published mechanical cases of which soon or less was "
        "expected are told urgent or emergency"
    }
    return Part(sections, tuple(_goals(model, outcomes, textbooks)), said)


def confusion(outcomes: Sequence[CaseOutcome]) -> Grid:
    """Tabulate the level expected by the level given."""
    headers = ("expected", *LEVELS, "cases")
    rows = []
    for expected in LEVELS:
        given = [each.triage for each in outcomes if each.case.triage == expected]
        rows.append((expected, *(str(given.count(level)) for level in LEVELS), str(len(given))))
    return Grid(headers, tuple(rows), frozenset(headers[1:]))


def _goals(
    model: DiagnosticModel, outcomes: Sequence[CaseOutcome], textbooks: Sequence[Presentation]
) -> Iterator[Goal]:
    yield at_most(
        "published cases, mechanical, expected soon or less: told urgent or more, at most "
        f"{MOST_HURRIED:.0%}",
        _hurried(outcomes),
        MOST_HURRIED,
    )
    yield at_most(
        f"published cases, urgent or emergency, at least {MANY_FACTS} facts: told less, at most "
        f"{MOST_LOWER:.0%} (bone stress, pars too: less than soon)",
        _lower(model, [each for each in outcomes if each.facts >= MANY_FACTS]),
        MOST_LOWER,
    )
    yield at_least(
        f"published cases, bone stress: among the first three or listed, {LEAST_LISTED:.0%}",
        _bone_listed(model, outcomes),
        LEAST_LISTED,
    )
    yield at_least(
        f"textbook presentations, mechanical: the cause's own pathway, {LEAST_TEXTBOOK:.0%}",
        _textbook_own(model, textbooks),
        LEAST_TEXTBOOK,
    )
    yield at_least(
        "published cases, mechanical: the cause's own pathway, or neutral under "
        f"{MANY_FACTS} facts, {LEAST_CASES:.0%}",
        _fitting(outcomes),
        LEAST_CASES,
    )


def _lines(model: DiagnosticModel, outcomes: Sequence[CaseOutcome]) -> Iterator[str]:
    bone = _of(outcomes, families(model).soon)
    yield (
        "Mechanical cause, soon or less expected, told urgent or more: "
        f"{_hurried(outcomes).in_full}."
    )
    yield (
        "Urgent or emergency expected, told less (bone stress, pars too: less than soon): "
        f"{_lower(model, outcomes).in_full}; of these the report calls its level provisional, and "
        f"asks first what no source answers, in {_left_open(model, outcomes).in_full}."
    )
    yield f"Bone stress, told soon or more: {of_people([e.told('soon') for e in bone]).in_full}."


def _hurried(outcomes: Sequence[CaseOutcome]) -> Share:
    calm = [e for e in of_kind(outcomes, MECHANICAL) if e.case.triage not in NOT_LOWER]
    return of_people([each.told("urgent") for each in calm])


def _lower(model: DiagnosticModel, outcomes: Sequence[CaseOutcome]) -> Share:
    return of_people([_told_less(model, each) for each in _pressing(outcomes)])


def _left_open(model: DiagnosticModel, outcomes: Sequence[CaseOutcome]) -> Share:
    low = [each for each in _pressing(outcomes) if _told_less(model, each)]
    return of_people([each.provisional for each in low])


def _pressing(outcomes: Sequence[CaseOutcome]) -> list[CaseOutcome]:
    return [each for each in outcomes if each.case.triage in NOT_LOWER]


def _told_less(model: DiagnosticModel, each: CaseOutcome) -> bool:
    if each.case.confirmed in families(model).unloaded:
        return not each.told("soon")
    return each.mark == "too low"


def _bone_listed(model: DiagnosticModel, outcomes: Sequence[CaseOutcome]) -> Share:
    bone = [e for e in _of(outcomes, families(model).soon) if e.case.counts_for_diagnosis]
    return of_people([each.within(3) or each.listed for each in bone])


def _textbook_own(model: DiagnosticModel, textbooks: Sequence[Presentation]) -> Share:
    common = [each for each in textbooks if each.cause not in thresholds(model)]
    return of_people([chosen(model, each.pathway, (each.cause,)) == "own" for each in common])


def _fitting(outcomes: Sequence[CaseOutcome]) -> Share:
    common = [e for e in of_kind(outcomes, MECHANICAL) if e.case.counts_for_diagnosis]
    return of_people(
        [
            each.chosen == "own" or (each.chosen == "neutral" and each.facts < MANY_FACTS)
            for each in common
        ]
    )


def _reasons(model: DiagnosticModel, outcomes: Sequence[CaseOutcome]) -> Iterator[str | Grid]:
    common = [e for e in of_kind(outcomes, MECHANICAL) if e.case.counts_for_diagnosis]
    calm = [each for each in common if not each.told("urgent")]
    right = of_people([why(model, each) in RIGHT for each in calm])
    yield (
        "Why, of the mechanical ones. The count of facts is a coarse sign of how much is known, so "
        f"here a cause stands out from {STANDS_OUT:.0%} on, and short of that neutral care is "
        f"right. Own or rightly neutral, of those told less than urgent: {right.in_full}."
    )
    yield reasons_grid(model, common)


def _pathway_grid(model: DiagnosticModel, outcomes: Sequence[CaseOutcome]) -> Grid:
    confirmed = [each for each in outcomes if each.case.counts_for_diagnosis]
    groups = {cause: _of(confirmed, (cause,)) for cause in model.description.causes}
    groups["mechanical"] = of_kind(confirmed, MECHANICAL)
    rows = tuple(
        (
            cause,
            str(len(cases)),
            *(str(of_people([e.chosen == how for e in cases])) for how in CHOSEN[2:5]),
            str(of_people([each.told("urgent") for each in cases])),
        )
        for cause, cases in groups.items()
        if cases
    )
    return Grid(CHOSEN, rows, frozenset(CHOSEN[1:]))


def _of(outcomes: Sequence[CaseOutcome], causes: Sequence[str]) -> list[CaseOutcome]:
    return [each for each in outcomes if each.case.confirmed in causes]
