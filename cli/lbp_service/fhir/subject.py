"""Tell whose answers they are, and refuse what is of two people."""

import re
from collections.abc import Mapping
from typing import Any

from lbp_fhir.issues import refusal
from lbp_fhir.shape import RESPONSE

from lbp_service.fhir.sent import Sent

PATIENT = re.compile(r"(?:.*/)?Patient/([A-Za-z0-9.-]{1,64})(?:/_history/.*)?")
"""A reference that has the id of a Patient; one by UUID within a Bundle has none."""


def subject_of(sent: Sent) -> Mapping[str, Any] | None:
    """Return the reference to the person: the response's own, or to the Patient by its id.

    None where neither tells: what a response contains cannot be referred to from outside of it.
    Raises what `check_person` raises.

    >>> subject_of(Sent({}, "Bundle.entry[0].resource", {"id": "7"}))
    {'reference': 'Patient/7'}
    """
    check_person(sent)
    said = sent.response.get("subject")
    if said is not None and not str(said.get("reference", "")).startswith("#"):
        own: Mapping[str, Any] = said
        return own
    name = (sent.patient or {}).get("id")
    return {"reference": f"Patient/{name}"} if isinstance(name, str) else None


def check_person(sent: Sent, person: str = "") -> None:
    """Check that response and Patient are of one person.

    person: the id of the Patient whom all is about, empty where only those two tell. Raises
    FhirError where they are not, or where the subject is no Reference.
    """
    name = (sent.patient or {}).get("id")
    if person and isinstance(name, str) and name != person:
        raise _of_two(name, person, "Patient.id")
    whose = _referred(sent.response.get("subject"))
    wanted = person or name
    if whose and isinstance(wanted, str) and whose != wanted:
        raise _of_two(whose, wanted, f"{RESPONSE}.subject")


def _referred(subject: Any) -> str:
    """Return the id of the Patient that a Reference names; empty where it names none."""
    if subject is None:
        return ""
    if not isinstance(subject, Mapping):
        said = "give a Reference, such as {'reference': 'Patient/1'}"
        raise refusal("structure", said, f"{RESPONSE}.subject")
    found = PATIENT.fullmatch(str(subject.get("reference", "")))
    return found[1] if found else ""


def _of_two(one: str, other: str, place: str) -> Exception:
    said = f"this is of Patient/{one:.64} and the rest of Patient/{other:.64}; send one person's"
    return refusal("business-rule", said, place)
