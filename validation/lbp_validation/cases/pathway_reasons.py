"""Sort published cases by why the pathway chosen is the cause's own, or why it is not."""

from collections.abc import Sequence

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.scoring.shares import of_people
from lbp_validation.cases.cases import CaseOutcome
from lbp_validation.report.document import Grid

STANDS_OUT = 0.5
"""A leading cause stands out from this probability: as likely as not."""
OWN, NEUTRAL = "own pathway", "neutral care, and no cause stands out"
RIGHT = (OWN, NEUTRAL)
HURRIED = "told urgent or more, where only that care is open"
SERIOUS = "plan of a serious cause at or over its threshold"
MISTAKEN = "another cause leads, as likely as not"
REST = "another plan, or neutral care beside a cause that stands out"
WHY = (OWN, NEUTRAL, HURRIED, SERIOUS, MISTAKEN, REST)


def why(model: DiagnosticModel, outcome: CaseOutcome) -> str:
    """Tell why a case got its pathway, in one of the words of WHY: the first that holds."""
    confirmed = (outcome.case.confirmed, *outcome.case.also)
    acting = {model.description.causes[each].act_by for each in outcome.must_not_miss}
    stands_out = outcome.leading_probability >= STANDS_OUT
    holds = {
        OWN: outcome.chosen == "own",
        NEUTRAL: outcome.chosen == "neutral" and not stands_out,
        HURRIED: outcome.told("urgent"),
        SERIOUS: outcome.pathway in acting,
        MISTAKEN: stands_out and outcome.leading not in confirmed,
    }
    return next((word for word, each in holds.items() if each), REST)


def reasons_grid(model: DiagnosticModel, outcomes: Sequence[CaseOutcome]) -> Grid:
    """Count the cases by `why`: of all, and of those told less than urgent."""
    calm = [each for each in outcomes if not each.told("urgent")]
    rows = []
    for word in WHY:
        shares = (of_people([why(model, e) == word for e in some]) for some in (outcomes, calm))
        rows.append((word, *map(str, shares)))
    headers = ("pathway", f"of {len(outcomes)} cases", f"of {len(calm)} told less than urgent")
    return Grid(headers, tuple(rows), frozenset(headers[1:]))
