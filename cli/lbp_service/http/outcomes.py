"""Say what is wrong with a request as an OperationOutcome, which is how FHIR has it."""

from collections.abc import Mapping, Sequence
from typing import Any

from lbp_fhir import Issue, operation_outcome
from msgspec import json

from lbp_service.http.problems import URN, ProblemError

MEDIA_TYPE = "application/fhir+json"
ISSUES: Mapping[str, str] = {
    "malformed-request": "structure",
    "unauthorized": "login",
    "not-found": "not-found",
    "unknown-model": "not-found",
    "method-not-allowed": "not-supported",
    "not-acceptable": "not-supported",
    "slow-request": "timeout",
    "impossible-evidence": "business-rule",
    "not-prefetched": "required",
    "too-large": "too-long",
    "unsupported-media-type": "not-supported",
    "unknown-name": "not-supported",
    "invalid-request": "invalid",
    "too-costly": "too-costly",
    "internal-error": "exception",
    "busy": "throttled",
    "too-slow": "timeout",
}
"""{kind of problem: code of an issue, as FHIR's issue-type has it}."""


def outcome(
    problem: ProblemError, request: str, issues: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return the OperationOutcome of a problem; issues: of a resource, in place of the problem's.

    request: its id, under which the log has the request too.

    >>> told = outcome(ProblemError("busy", "try again"), "7")
    >>> told["issue"][0]["code"], told["issue"][0]["details"]["text"]
    ('throttled', 'try again')
    """
    return {
        "resourceType": "OperationOutcome",
        "id": request,
        "issue": list(issues) or [_issue(problem)],
    }


def write_outcome(problem: ProblemError, request: str) -> bytes:
    """Write the OperationOutcome of a problem."""
    return json.encode(outcome(problem, request, problem.issues))


def _issue(problem: ProblemError) -> dict[str, Any]:
    coding = {"system": URN.removesuffix(":"), "code": problem.kind}
    return {
        "severity": "fatal" if problem.kind == "internal-error" else "error",
        "code": ISSUES[problem.kind],
        "details": {"coding": [coding], "text": problem.detail},
    }


def refused(kind: str, issues: Sequence[Issue]) -> ProblemError:
    """Return the problem of this kind that the issues of a body are."""
    said = "; ".join(each.details for each in issues)
    return ProblemError(kind, said, issues=operation_outcome(issues)["issue"])
