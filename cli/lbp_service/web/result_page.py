"""The page of the result: how urgent it is, what it may be and why, and what to do."""

from collections.abc import Sequence
from typing import Any

from bayesnet.diagnosis.report.drawings import probability_bars, weight_bars
from bayesnet.diagnosis.report.records import CauseExplanation, CauseResult, Report, Weight
from bayesnet.diagnosis.report.urgency_words import EMERGENCY, undecided, until_seen, why, why_now
from lbp_service.web.pages import Page, Visit

SHOWN = 6
"""Leading causes that are always shown."""
WORTH_SHOWING = 0.05
"""Probability from which a further cause is shown."""
DESCRIBED = 3
"""Leading causes that are said to be what they are."""


def result_page(visit: Visit) -> Page:
    """Make the page of the report; in an emergency it holds where to go and why, and no more."""
    report = visit.session.report
    if report.triage.level == EMERGENCY:
        return _emergency_page(visit, report)
    shown = [
        each
        for rank, each in enumerate(report.causes)
        if rank < SHOWN or each.probability >= WORTH_SHOWING
    ]
    return visit.page(
        "result.html.jinja",
        f"How urgent: {report.urgency}",
        report=report,
        reasons=[why(each, visit.wording) for each in report.triage.reasons],
        until_seen=until_seen(report.triage),
        undecided=undecided(report.triage),
        causes=shown,
        others=report.causes[len(shown) :],
        described=shown[:DESCRIBED] if visit.session.audience == "self" else [],
        drawn=_drawn(report, shown, visit.wording.none_of_them),
        explained=[_explained(visit, each) for each in report.explanation],
        going_on=not (visit.session.should_stop or visit.session.next_question is None),
        stop_reason=visit.session.stop_reason,
        may_ask_more=_may_ask_more(visit),
    )


def _emergency_page(visit: Visit, report: Report) -> Page:
    """Make the page that says where to go and why, how, and how a mistake is put right."""
    phases = report.pathway.phases if report.pathway else ()
    return visit.page(
        "emergency.html.jinja",
        f"{report.urgency.capitalize()}: {report.triage.message}",
        report=report,
        reasons=why_now(report.triage),
        actions=[act for phase in phases for act in phase.actions],
    )


def _may_ask_more(visit: Visit) -> bool:
    """Tell whether the questions stopped, and go on if more are wanted."""
    return visit.session.should_stop and bool(visit.session.report.questions)


def _drawn(report: Report, shown: Sequence[CauseResult], none_of_them: str) -> str:
    rows = [(each.label, each.probability, each.interval) for each in shown]
    none = report.no_identified_cause
    rows.append((none_of_them.capitalize(), none.probability, none.interval))
    return probability_bars("How many of 100 have each cause; the same as in the table", rows)


def _explained(visit: Visit, explanation: CauseExplanation) -> dict[str, Any]:
    """Return what speaks for and against a cause, drawn and in words."""
    weights = (*explanation.evidence_for, *explanation.evidence_against)
    named = [each for each in weights if visit.wording.weighs(each)]
    return {
        "label": explanation.label,
        "weights": named,
        "drawn": _weighed(explanation, named),
        "sources": list(dict.fromkeys(source for each in named for source in each.sources)),
    }


def _weighed(explanation: CauseExplanation, named: Sequence[Weight]) -> str:
    if not named:
        return ""
    title = f"For and against {explanation.label}; the same as in the table"
    return weight_bars(title, [(each.label, each.decibans) for each in named])
