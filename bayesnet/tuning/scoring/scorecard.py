"""Score a model on cases whose causes were confirmed."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.diagnosis.report.identity import identity_of
from bayesnet.diagnosis.report.percentages import percent
from bayesnet.errors import EvidenceError, counted
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.format.variables import Cause
from bayesnet.tuning.scoring.by_cause import by_cause, together
from bayesnet.tuning.scoring.judged import Judged
from bayesnet.tuning.scoring.readings import FIRST, NAMED, Said, rate, readings
from bayesnet.tuning.scoring.records import CaseScores, CauseScores, Rate, RowError, Surprise
from bayesnet.tuning.scoring.urgency import triage_scores

SCHEMA_VERSION = 1
MOST_ERRORS, MOST_SURPRISING = 100, 10
"""Rows in error, and surprising cases, that are listed."""
ENOUGH = 100
"""Cases with a cause, and without, under which its calibration says little.

Collins, Ogundimu and Altman 2016, Stat Med 35:214.
"""


def score(
    model: DiagnosticModel,
    judged: Judged,
    errors: Mapping[int, str],
    named: Callable[[int], Mapping[str, str | None]],
    audience: str = "self",
) -> CaseScores:
    """Score cases that were diagnosed.

    errors: {row from 1: why it cannot be used}; named: returns what a row is called by, beside its
    number. Raises EvidenceError where nothing is known of any case.
    """
    cases = _telling(judged, errors)
    causes = list(model.description.causes.items())
    steps = [model.thresholds.get(name) for name, _ in causes]
    thresholds = [np.inf if step is None else step.value for step in steps]
    levels = [-1 if step is None else LEVELS.index(step.level) for step in steps]
    prior = np.array([cause.prevalence.value or 0.0 for _, cause in causes])
    scored = by_cause(cases, causes, thresholds)
    first_right, first_not_known, named_right = _right(cases, thresholds)
    return CaseScores(
        SCHEMA_VERSION,
        identity_of(model.compiled),
        audience,
        rows=len(judged) + len(errors),
        scored=len(cases),
        nothing_known=len(judged) - len(cases),
        failed=len(errors),
        errors=tuple(
            RowError(row, errors[row], dict(named(row))) for row in sorted(errors)[:MOST_ERRORS]
        ),
        first_right=first_right,
        first_not_known=first_not_known,
        named_right=named_right,
        together=together(cases, prior),
        causes=scored,
        triage=triage_scores(cases, levels),
        surprises=tuple(_surprises(cases, causes, named)),
        notices=tuple(_notices(cases, scored, levels)),
    )


def _telling(judged: Judged, errors: Mapping[int, str]) -> Judged:
    """Return the cases of which something is known; raises EvidenceError where there is none."""
    something = np.flatnonzero(judged.known.any(axis=1))
    if not len(something):
        row = min(errors, default=0)
        first = f"; the first row in error is row {row:,}: {errors[row]}" if row else ""
        rows = counted(len(judged) + len(errors), "row")
        raise EvidenceError(f"of {rows} none that can be used says yes or no to any cause{first}")
    return judged.take(something)


def _right(cases: Judged, thresholds: list[float]) -> tuple[Rate, int, Rate]:
    """Return how often the first cause was right, was not known, and one named was right."""
    some = cases.take(np.flatnonzero(cases.present.any(axis=1)))
    said = readings(some.probability, thresholds)
    first, named = (_any(said[reading] & some.present) for reading in (FIRST, NAMED))
    return rate(first), int(_any(said[FIRST] & ~some.known).sum()), rate(named)


def _any(flags: Said) -> Said:
    return np.asarray(flags.any(axis=1))


def _surprises(
    cases: Judged,
    causes: Sequence[tuple[str, Cause]],
    named: Callable[[int], Mapping[str, str | None]],
) -> Iterator[Surprise]:
    """Yield the cases of which the model held the truth least likely, each by one cause."""
    told = np.where(cases.present, cases.probability, 1.0 - cases.probability)
    told = np.where(cases.known, told, np.inf)
    worst = told.argmin(axis=1)
    lowest = told[np.arange(len(cases)), worst]
    for case in np.argsort(lowest, kind="stable")[:MOST_SURPRISING].tolist():
        name, cause = causes[worst[case]]
        row = int(cases.rows[case])
        yield Surprise(
            row,
            name,
            cause.label,
            bool(cases.present[case, worst[case]]),
            float(lowest[case]),
            dict(named(row)),
        )


def _notices(cases: Judged, scored: tuple[CauseScores, ...], levels: list[int]) -> Iterator[str]:
    """Say what these cases cannot tell, and what misleads in them."""
    unknown = [each.label for each in scored if not each.had_it.of]
    if unknown:
        yield f"Nothing is known of {_some(unknown)}: no row says yes or no."
    never = [each.label for each in scored if each.had_it.of and not each.had_it.count]
    if never:
        yield f"No case had {_some(never)}: how well it is told from others cannot be said."
    only = [each.label for each in scored if each.had_it.count == each.had_it.of > 0]
    if only:
        yield (
            f"Every row that is not empty says yes to {_some(only)}: where it was ruled out, write "
            "no; a row that is empty counts for nothing."
        )
    if not cases.known.all():
        yield (
            "A case counts for a cause only where yes or no is known of it: "
            f"{percent(float(cases.known.mean()))} of all. Where a cause was looked for only in "
            "those who seemed to have it, its figures are of these."
        )
    few = [each.label for each in scored if 0 < min(each.had_it.count, _without(each)) < ENOUGH]
    if few:
        yield (
            f"Under {ENOUGH} cases with it or without it say little about calibration: "
            f"{_some(few)}."
        )
    if not (cases.known[:, np.array(levels) >= 0].all(axis=1)).any():
        yield "Over-triage cannot be told: in no row are all causes that are acted on known."


def _without(each: CauseScores) -> int:
    return each.had_it.of - each.had_it.count


def _some(labels: list[str], most: int = 6) -> str:
    more = len(labels) - most
    return ", ".join(labels[:most]) + (f" and {more} more" if more > 0 else "")
