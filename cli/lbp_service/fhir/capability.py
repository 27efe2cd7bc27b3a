"""Say what the FHIR door can do: a CapabilityStatement, and the definition of its own operation."""

from typing import Any

from lbp_fhir import Version
from lbp_fhir.canonical import BASE

import bayesnet
from lbp_service.fhir.library import CODE_SYSTEM, QUESTIONNAIRE, SOUGHT
from lbp_service.fhir.operations import ASSESS_RISK, ISSUES, NEXT_QUESTION, RETURN
from lbp_service.fhir.sent import AUDIENCE, MODEL, RESPONSE, SUBJECT

Plain = dict[str, Any]
NUMBERS = {"R4": "4.0.1", "R5": "5.0.0"}
SINCE = "2026-11-29"
"""When what stands here last changed: with the program's version it is what a client caches by."""
SDC = "http://hl7.org/fhir/uv/sdc/OperationDefinition/Questionnaire-next-question"
SEARCHED = {"_id": "token", "url": "uri", "version": "token"}
OPERATION = "OperationDefinition"
ASSESS_URL = f"{BASE}:{OPERATION}:{ASSESS_RISK}"


def capability(version: Version, base: str) -> Plain:
    """Return the CapabilityStatement of a version; base: the absolute address of the server.

    >>> capability("R4", "http://localhost/fhir/R4")["fhirVersion"]
    '4.0.1'
    """
    reads = [{"code": "read"}, {"code": "search-type"}]
    sought = [{"name": name, "type": SEARCHED[name]} for name in SOUGHT]
    shown = {"interaction": reads, "searchParam": sought}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": SINCE,
        "kind": "instance",
        "software": {"name": "lbp-infer", "version": bayesnet.__version__},
        "implementation": {"description": "lbp-infer: keeps nothing that it is sent", "url": base},
        "fhirVersion": NUMBERS[version],
        "format": ["json"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": True},
                "resource": [
                    {
                        "type": QUESTIONNAIRE,
                        **shown,
                        "operation": [{"name": NEXT_QUESTION, "definition": SDC}],
                    },
                    {
                        "type": "QuestionnaireResponse",
                        "operation": [{"name": ASSESS_RISK, "definition": ASSESS_URL}],
                    },
                    {"type": CODE_SYSTEM, **shown},
                    {"type": OPERATION, "interaction": [{"code": "read"}]},
                ],
            }
        ],
    }


def operation_definition() -> Plain:
    """Return the definition of `$assess-risk`, the same in R4 and R5."""
    taken = [
        _parameter(RESPONSE, "in", 1, "QuestionnaireResponse", "Answers to any questionnaire."),
        _parameter(SUBJECT, "in", 0, "Patient", "Tells age and sex where they are not answered."),
        _parameter(MODEL, "in", 0, "string", "A served model, for questionnaires made elsewhere."),
        _parameter(AUDIENCE, "in", 0, "code", "self, or clinician, who examines."),
        _parameter(RETURN, "out", 1, "RiskAssessment", "Percentages of causes, never a diagnosis."),
        _parameter(ISSUES, "out", 0, "OperationOutcome", "What of the response was not used."),
    ]
    return {
        "resourceType": OPERATION,
        "id": ASSESS_RISK,
        "url": ASSESS_URL,
        "version": bayesnet.__version__,
        "name": "AssessRisk",
        "title": "The probabilities of causes from a questionnaire's answers",
        "status": "active",
        "kind": "operation",
        "affectsState": False,
        "code": ASSESS_RISK,
        "comment": (
            "A QuestionnaireResponse may be posted bare, or in a Bundle with its Patient; the "
            "RiskAssessment then comes back bare, with what was not used among its notes."
        ),
        "resource": ["QuestionnaireResponse"],
        "system": False,
        "type": True,
        "instance": False,
        "parameter": taken,
    }


def _parameter(name: str, use: str, least: int, kind: str, about: str) -> Plain:
    told = {"name": name, "use": use, "min": least, "max": "1"}
    return {**told, "documentation": about, "type": kind}
