"""The operations: a response in, what follows from it out, in the form in which it came."""

from datetime import datetime
from typing import Any

from lbp_fhir import (
    About,
    Issue,
    Version,
    next_question,
    operation_outcome,
    risk_assessment,
)

from lbp_service.fhir.assess import Assessed, assess, stamp
from lbp_service.fhir.library import model_for
from lbp_service.fhir.places import moved, placed
from lbp_service.fhir.sent import AUDIENCE, MODEL, RESPONSE, SUBJECT, Sent, read_sent
from lbp_service.fhir.subject import subject_of
from lbp_service.shelf.shelf import Shelf

Plain = dict[str, Any]
NEXT_QUESTION, ASSESS_RISK = "next-question", "assess-risk"
RETURN, ISSUES = "return", "issues"


def ask_next(shelf: Shelf, body: Any, version: Version, now: datetime) -> Plain:
    """Answer `Questionnaire/$next-question` of SDC: the response with the next question in it.

    Raises FhirError, with places in what was sent.
    """
    sent = read_sent(body, (RESPONSE,))
    with placed(sent):
        model = model_for(shelf, sent, version)
        answer = next_question(model, sent.response, version, stamp(now))
    return _parameters(answer) if sent.in_parameters else answer


def assess_risk(shelf: Shelf, body: Any, version: Version, now: datetime) -> Plain:
    """Answer `QuestionnaireResponse/$assess-risk`: the RiskAssessment that follows from a response.

    Raises FhirError, with places in what was sent.
    """
    sent = read_sent(body, (RESPONSE, SUBJECT, MODEL, AUDIENCE))
    with placed(sent):
        model = model_for(shelf, sent, version)
        subject = subject_of(sent)
        found = assess(model, sent, version, now, sent.audience)
        about = About(stamp(now), subject, answered=found.answered)
        written = risk_assessment(model, found.report, about)
    answer = {**written, "note": [*written["note"], *({"text": each} for each in found.notes)]}
    return _parameters(answer, _issues(found, sent)) if sent.in_parameters else answer


def _issues(found: Assessed, sent: Sent) -> list[Issue]:
    told = (
        Issue("information", "not-supported", f"not used: {each.why}", each.expression)
        for each in found.not_used
    )
    return [moved(each, sent) for each in told]


def _parameters(answer: Plain, issues: list[Issue] | None = None) -> Plain:
    parts: list[Plain] = [{"name": RETURN, "resource": answer}]
    if issues:
        parts.append({"name": ISSUES, "resource": operation_outcome(issues)})
    return {"resourceType": "Parameters", "parameter": parts}
