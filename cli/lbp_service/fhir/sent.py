"""Take out of what is posted the response that is meant: bare, in Parameters, or in a Bundle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lbp_fhir import AUDIENCES
from lbp_fhir.issues import refusal

Plain = Mapping[str, Any]
RESPONSE, SUBJECT = "questionnaire-response", "subject"
MODEL, AUDIENCE = "model", "audience"
"""Names of parameters."""


@dataclass(frozen=True)
class Sent:
    """What an operation was sent.

    place, subject_place: FHIRPath of the response and of the patient in what came; model, audience:
    which are asked where the response does not say so; in_parameters: whether the answer goes back
    in Parameters.
    """

    response: Plain
    place: str
    patient: Plain | None = None
    subject_place: str = ""
    model: str | None = None
    audience: str | None = None
    in_parameters: bool = False


def read_sent(body: Any, parameters: Sequence[str]) -> Sent:
    """Read the body of an operation; raises FhirError where it holds no response, or two.

    parameters: the names of those that it has; with a subject among them, a Bundle will do too.

    >>> read_sent({"resourceType": "QuestionnaireResponse"}, [RESPONSE]).place
    'QuestionnaireResponse'
    """
    if not isinstance(body, Mapping):
        raise refusal("structure", "send a resource of FHIR, an object with a 'resourceType'")
    kind = body.get("resourceType")
    if kind == "QuestionnaireResponse":
        return Sent(body, kind)
    if kind == "Parameters":
        return _of_parameters(body, parameters)
    if kind == "Bundle" and SUBJECT in parameters:
        return _of_bundle(body)
    named = f"a {kind}" if isinstance(kind, str) and kind.isalpha() else "no resource"
    also = " or a Bundle" if SUBJECT in parameters else ""
    told = f"this is {named}; send a QuestionnaireResponse, Parameters with one{also}"
    raise refusal("not-supported", told, "resourceType")


def _of_parameters(body: Plain, parameters: Sequence[str]) -> Sent:
    found: dict[str, Any] = {}
    places: dict[str, str] = {}
    for at, each in enumerate(_list(body, "parameter", "Parameters")):
        place = f"Parameters.parameter[{at}]"
        name = str(each.get("name"))
        if name not in parameters:
            known = ", ".join(parameters)
            raise refusal("not-supported", f"parameters here are {known}", f"{place}.name")
        if name in found:
            raise refusal("business-rule", f"'{name}' stands twice; keep one", place)
        part, kind = PARAMETERS[name]
        found[name], places[name] = _value(each, part, kind, place), f"{place}.{part}"
    if found.get(AUDIENCE, AUDIENCES[0]) not in AUDIENCES:
        raise refusal("value", f"give one of {', '.join(AUDIENCES)}", places[AUDIENCE])
    if RESPONSE not in found:
        told = f"the parameter '{RESPONSE}' is missing"
        raise refusal("required", told, "Parameters.parameter")
    return Sent(
        found[RESPONSE],
        places[RESPONSE],
        found.get(SUBJECT),
        places.get(SUBJECT, ""),
        found.get(MODEL),
        found.get(AUDIENCE),
        in_parameters=True,
    )


PARAMETERS: Mapping[str, tuple[str, str]] = {
    RESPONSE: ("resource", "QuestionnaireResponse"),
    SUBJECT: ("resource", "Patient"),
    MODEL: ("valueString", ""),
    AUDIENCE: ("valueCode", ""),
}
"""{name of a parameter: the part that holds its value, and which resource that is}."""


def _value(parameter: Plain, part: str, kind: str, place: str) -> Any:
    value = parameter.get(part)
    if not kind:
        if not isinstance(value, str):
            raise refusal("structure", f"the value is a '{part}'", place)
        return value
    if not isinstance(value, Mapping) or value.get("resourceType") != kind:
        raise refusal("structure", f"the resource here is a {kind}", f"{place}.{part}")
    return value


def _of_bundle(body: Plain) -> Sent:
    found: dict[str, tuple[Any, str]] = {}
    for at, entry in enumerate(_list(body, "entry", "Bundle")):
        place = f"Bundle.entry[{at}].resource"
        resource = entry.get("resource")
        kind = resource.get("resourceType") if isinstance(resource, Mapping) else None
        if not isinstance(resource, Mapping) or kind not in ("QuestionnaireResponse", "Patient"):
            told = "a Bundle here holds one QuestionnaireResponse and at most one Patient"
            raise refusal("not-supported", told, place)
        if kind in found:
            raise refusal("business-rule", f"there are two of {kind}; send one", place)
        found[kind] = resource, place
    if "QuestionnaireResponse" not in found:
        raise refusal("required", "the Bundle holds no QuestionnaireResponse", "Bundle.entry")
    response, place = found["QuestionnaireResponse"]
    patient, subject_place = found.get("Patient", (None, ""))
    return Sent(response, place, patient, subject_place)


def _list(body: Plain, name: str, kind: str) -> list[Plain]:
    entries = body.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(each, Mapping) for each in entries):
        raise refusal("structure", f"'{name}' is a list of objects", f"{kind}.{name}")
    return entries
