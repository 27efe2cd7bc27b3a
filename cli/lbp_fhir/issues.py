"""Say what is wrong with a FHIR resource, or what came of it, as FHIR says it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bayesnet import EvidenceError

Severity = Literal["fatal", "error", "warning", "information"]
Code = Literal[
    "structure",
    "required",
    "value",
    "invariant",
    "not-supported",
    "not-found",
    "code-invalid",
    "business-rule",
    "conflict",
    "informational",
]
"""Of FHIR's issue types those that are used here."""


@dataclass(frozen=True)
class Issue:
    """One thing to say about a resource.

    details: what it is and what to do, for a person; expression: FHIRPath of where it stands, empty
    where it is about the whole.
    """

    severity: Severity
    code: Code
    details: str
    expression: str = ""


class FhirError(EvidenceError):
    """A resource that cannot be read; `issues` holds every reason, each with its place."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("; ".join(_in_words(each) for each in self.issues))


def refusal(code: Code, details: str, expression: str = "") -> FhirError:
    """Make the error for one reason."""
    return FhirError([Issue("error", code, details, expression)])


def operation_outcome(issues: Sequence[Issue]) -> dict[str, Any]:
    """Write issues, one at least, as an OperationOutcome; the same in R4 and R5.

    >>> found = operation_outcome([Issue("error", "value", "'x' is no date", "Bundle.timestamp")])
    >>> found["issue"][0]["code"], found["issue"][0]["expression"]
    ('value', ['Bundle.timestamp'])
    """
    return {"resourceType": "OperationOutcome", "issue": [_written(each) for each in issues]}


def _written(issue: Issue) -> dict[str, Any]:
    written: dict[str, Any] = {
        "severity": issue.severity,
        "code": issue.code,
        "details": {"text": issue.details},
    }
    if issue.expression:
        written["expression"] = [issue.expression]
    return written


def _in_words(issue: Issue) -> str:
    return f"{issue.expression}: {issue.details}" if issue.expression else issue.details
