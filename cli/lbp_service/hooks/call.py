"""Read what a CDS client calls the service with: the hook, and the resources that came along."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lbp_fhir import Issue
from lbp_fhir.issues import refusal

from bayesnet import EvidenceError
from lbp_service.fhir.sent import Sent

Plain = Mapping[str, Any]
HOOK = "patient-view"
PATIENT, RESPONSE = "patient", "response"
"""The keys of what is prefetched."""
CONTEXT = ("patientId", "userId")


class NotPrefetchedError(EvidenceError):
    """What is needed did not come along, and the service fetches nothing by itself."""

    def __init__(self, issue: Issue) -> None:
        self.issues = (issue,)
        super().__init__(issue.details)


@dataclass(frozen=True)
class Call:
    """One call of the hook.

    instance: its id; person: the id of the Patient whom it is about; sent: the latest
    QuestionnaireResponse with the Patient, where one came along; None where nothing was answered
    yet.
    """

    instance: uuid.UUID
    person: str
    sent: Sent | None


def read_call(body: Any) -> Call:
    """Read the body of a call.

    Raises FhirError where it is no call of this hook, NotPrefetchedError where the answers did not
    come along.

    >>> instance = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
    >>> context = {"patientId": "1", "userId": "Practitioner/1"}
    >>> call = {"hook": "patient-view", "hookInstance": instance, "context": context}
    >>> read_call({**call, "prefetch": {"response": None}}).sent is None
    True
    """
    if not isinstance(body, Mapping):
        raise refusal("structure", "a call is an object with 'hook', 'hookInstance', 'context'")
    if body.get("hook") != HOOK:
        raise refusal("not-supported", f"this service is for the hook '{HOOK}'", "hook")
    instance = _instance(body.get("hookInstance"))
    context = body.get("context")
    for name in CONTEXT:
        said = context.get(name) if isinstance(context, Mapping) else None
        if not isinstance(said, str) or not said:
            raise refusal("required", f"'{name}' of the context is missing", f"context.{name}")
    return Call(instance, body["context"]["patientId"], _with_resources(body.get("prefetch")))


def _instance(said: Any) -> uuid.UUID:
    try:
        return uuid.UUID(said)
    except (ValueError, TypeError, AttributeError):
        told = "'hookInstance' is a UUID that is made for each call"
        raise refusal("required", told, "hookInstance") from None


def _with_resources(prefetch: Any) -> Sent | None:
    if prefetch is not None and not isinstance(prefetch, Mapping):
        raise refusal("structure", "'prefetch' is an object of resources by key", "prefetch")
    came = prefetch or {}
    if RESPONSE not in came:
        raise _missing(
            "did not come along, and no FHIR server is called; null says that there is none"
        )
    response, place = _resource(came[RESPONSE], "QuestionnaireResponse", RESPONSE)
    patient, subject_place = _resource(came.get(PATIENT), "Patient", PATIENT)
    return Sent(response, place, patient, subject_place) if response else None


def _resource(said: Any, kind: str, key: str) -> tuple[Plain | None, str]:
    """Return the resource of a kind and its place, or the first of a Bundle; None for none."""
    place = f"prefetch.{key}"
    if said is None:
        return None, place
    found = said.get("resourceType") if isinstance(said, Mapping) else None
    if found == "OperationOutcome" and key == RESPONSE:
        raise _missing("is an OperationOutcome: it could not be fetched")
    if found == "OperationOutcome":
        return None, place
    if found == "Bundle":
        return _first(said.get("entry", []), kind, place)
    if found != kind:
        raise refusal("structure", f"give a {kind}, a Bundle that holds one, or null", place)
    return said, place


def _first(entries: Any, kind: str, place: str) -> tuple[Plain | None, str]:
    """Return the first resource of a kind: searches are sorted, the latest first."""
    if not isinstance(entries, list):
        raise refusal("structure", "'entry' of a Bundle is a list", f"{place}.entry")
    for at, entry in enumerate(entries):
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, Mapping) and resource.get("resourceType") == kind:
            return resource, f"{place}.entry[{at}].resource"
    if kind != "Patient" and any(_failed(entry) for entry in entries):
        raise _missing("holds an OperationOutcome with an error: it could not be fetched")
    return None, place


def _failed(entry: Any) -> bool:
    """Tell whether an entry says that a search went wrong: then nothing found is not none."""
    resource = entry.get("resource") if isinstance(entry, Mapping) else None
    if not isinstance(resource, Mapping) or resource.get("resourceType") != "OperationOutcome":
        return False
    issues = resource.get("issue")
    told = (
        (each for each in issues if isinstance(each, Mapping)) if isinstance(issues, list) else ()
    )
    return any(each.get("severity") in ("fatal", "error") for each in told)


def _missing(why: str) -> NotPrefetchedError:
    place = f"prefetch.{RESPONSE}"
    return NotPrefetchedError(Issue("error", "required", f"'{place}' {why}", place))
