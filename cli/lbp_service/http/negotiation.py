"""Agree on the form of a FHIR resource: JSON of the version that the address has, nothing else."""

import re
from collections.abc import Mapping

from lbp_service.http.body import media_type_of
from lbp_service.http.problems import ProblemError

FHIR_JSON, JSON = "application/fhir+json", "application/json"
MEDIA_TYPES = (FHIR_JSON, JSON)
FORMATS: Mapping[str, str] = {
    "json": FHIR_JSON,
    "text/json": JSON,
    FHIR_JSON: FHIR_JSON,
    JSON: JSON,
}
"""{value of `_format`: the media type that is meant}."""
ANY = {"*/*": FHIR_JSON, "application/*": FHIR_JSON, **{each: each for each in MEDIA_TYPES}}
WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")
NUMBERS: Mapping[str, str] = {"R4": "4.0", "R5": "5.0"}
"""{version in an address: the value of `fhirVersion`, a parameter of a media type}."""


def form_wanted(accept: str, formats: list[str], version: str) -> str:
    """Return the media type to answer with.

    accept: the header; formats: what `_format` says, which goes before it. Raises ProblemError
    where it is not JSON, or JSON of another version.

    >>> form_wanted("application/fhir+xml;q=0.9, application/json", [], "R4")
    'application/json'
    >>> form_wanted("", ["json"], "R5")
    'application/fhir+json'
    """
    if formats:
        # A plus in an address is read as a blank.
        named = [FORMATS.get(each.strip().lower().replace(" ", "+")) for each in formats]
        if len(set(named)) == 1 and named[0] is not None:
            return named[0]
        raise _refusal("'_format' is json or application/fhir+json, once")
    if not accept.strip():
        return FHIR_JSON
    offered = [
        (_weight(parameters), ANY[media_type])
        for media_type, parameters in map(media_type_of, accept.split(","))
        if media_type in ANY and _fits(parameters, version)
    ]
    # Of those that are wanted as much, this keeps the first.
    weight, best = max(offered, key=lambda each: each[0], default=(0.0, ""))
    if weight > 0:
        return best
    raise _refusal(f"resources are written as {FHIR_JSON}; fhirVersion={NUMBERS[version]}")


def check_sent_form(content_type: str, version: str) -> None:
    """Check that a body is not of another version; raises ProblemError."""
    if not _fits(media_type_of(content_type)[1], version):
        said = f"here is FHIR {NUMBERS[version]}; another version has an address of its own"
        raise ProblemError("unsupported-media-type", said)


def _fits(parameters: Mapping[str, str], version: str) -> bool:
    said = parameters.get("fhirversion", NUMBERS[version])
    return said == NUMBERS[version]


def _weight(parameters: Mapping[str, str]) -> float:
    """Return how much a type is wanted, from 0, not at all, to 1; a weight that is none is 0."""
    said = parameters.get("q", "1")
    return float(said) if WEIGHT.fullmatch(said) else 0.0


def _refusal(said: str) -> ProblemError:
    return ProblemError("not-acceptable", said)
