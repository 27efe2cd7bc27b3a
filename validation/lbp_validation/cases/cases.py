"""Diagnose published cases: what a source told, what was confirmed, what the model makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS, Level
from bayesnet.tuning.published_cases import Case
from lbp_validation.advice.own_pathways import Chosen, chosen
from lbp_validation.conclusion import Conclusion, conclude

Mark = Literal["too low", "right", "too high"]
TRIAGE_JUDGED = "judged when the case was abstracted; the source gives no label"


@dataclass(frozen=True)
class CaseOutcome:
    """What the model says of a case.

    rank (from 1) and probability are those of the confirmed cause, or of the best placed one where
    several were confirmed together, as a disc and the root that it presses on; None when the model
    does not hold it. leading, leading_probability: of the most probable cause. provisional: the
    report asks first what could change the level. pathway: its id, empty for none; chosen: whether
    it is the own one of what was confirmed, neutral care or another one.
    """

    case: Case
    rank: int | None
    probability: float | None
    leading: str
    leading_probability: float
    triage: str
    provisional: bool
    must_not_miss: tuple[str, ...]
    pathway: str
    chosen: Chosen

    @property
    def facts(self) -> int:
        """How many answers the source gave."""
        return len(self.case.evidence)

    def told(self, level: Level) -> bool:
        """Tell whether the triage given is this level or more."""
        return LEVELS.index(self.triage) >= LEVELS.index(level)

    @property
    def mark(self) -> Mark:
        """The triage given, compared with the one expected."""
        return compare_triage(self.triage, self.case.triage)

    @property
    def listed(self) -> bool:
        """Whether the confirmed cause stands on must_not_miss."""
        return self.case.confirmed in self.must_not_miss

    @property
    def false_alarms(self) -> tuple[str, ...]:
        """The causes on must_not_miss that were not confirmed."""
        confirmed = (self.case.confirmed, *self.case.also)
        return tuple(name for name in self.must_not_miss if name not in confirmed)

    def within(self, places: int) -> bool:
        """Tell whether the confirmed cause is among the first so many."""
        return self.rank is not None and self.rank <= places


def compare_triage(given: str, expected: str) -> Mark:
    """Compare two levels of triage; `soon` lies between `routine` and `urgent`.

    >>> compare_triage("soon", "urgent")
    'too low'
    """
    difference = LEVELS.index(given) - LEVELS.index(expected)
    if difference == 0:
        return "right"
    return "too low" if difference < 0 else "too high"


def outcome(model: DiagnosticModel, case: Case) -> CaseOutcome:
    """Diagnose a case; raises what `DiagnosticModel.diagnose` raises."""
    report = conclude(model, case.evidence)
    confirmed = (case.confirmed, *case.also)
    rank = min(rank_of(report, each) for each in confirmed) if case.inside_model else None
    pathway = "" if report.pathway is None else report.pathway.id
    return CaseOutcome(
        case=case,
        rank=rank,
        probability=None if rank is None else report.causes[rank - 1].probability,
        leading=report.causes[0].id,
        leading_probability=report.causes[0].probability,
        triage=report.triage.level,
        provisional=report.triage.provisional,
        must_not_miss=tuple(each.id for each in report.must_not_miss),
        pathway=pathway,
        chosen=chosen(model, pathway, confirmed if case.inside_model else ()),
    )


def rank_of(report: Conclusion, cause: str) -> int:
    """Return the place of a cause in a report, from 1."""
    return [each.id for each in report.causes].index(cause) + 1


@dataclass(frozen=True)
class Score:
    """In how many of some cases the cause was found."""

    cases: int
    first: int
    first_three: int
    first_three_or_listed: int


def score(outcomes: Sequence[CaseOutcome]) -> Score:
    """Count the cases whose confirmed cause leads, is in the first three, or is listed."""
    return Score(
        cases=len(outcomes),
        first=sum(each.within(1) for each in outcomes),
        first_three=sum(each.within(3) for each in outcomes),
        first_three_or_listed=sum(each.within(3) or each.listed for each in outcomes),
    )


def marks(outcomes: Sequence[CaseOutcome]) -> dict[Mark, int]:
    """Count the cases triaged too low, right and too high."""
    found: dict[Mark, int] = {"too low": 0, "right": 0, "too high": 0}
    for each in outcomes:
        found[each.mark] += 1
    return found
