"""Find the models of a shelf by what FHIR calls them: questionnaires, code systems, canonicals."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from lbp_fhir import AUDIENCES, Version, audience_of, code_system, questionnaire
from lbp_fhir.canonical import BASE, version_of
from lbp_fhir.issues import refusal
from lbp_fhir.shape import RESPONSE, asker_of

from bayesnet import DiagnosticModel, UnknownNameError
from lbp_service.fhir.sent import MODEL, Sent
from lbp_service.shelf.shelf import Shelf

Plain = dict[str, Any]
QUESTIONNAIRE, CODE_SYSTEM = "Questionnaire", "CodeSystem"
SOUGHT = ("_id", "url", "version")
"""The parameters of a search."""


def resources(shelf: Shelf, kind: str, version: Version) -> Iterator[Plain]:
    """Yield every resource of a kind, those of the default model first."""
    for model in shelf.models.values():
        if kind == CODE_SYSTEM:
            yield code_system(model, version)
        else:
            yield from (questionnaire(model, each, version) for each in AUDIENCES)


def searched(
    shelf: Shelf, kind: str, version: Version, sought: Mapping[str, list[str]], base: str
) -> Plain:
    """Return the Bundle of those that a search is for.

    sought: {parameter of SOUGHT: values, one of which is enough}; base: absolute address of the
    server.
    """
    found = [each for each in resources(shelf, kind, version) if _is_sought(each, sought)]
    entries = [
        {
            "fullUrl": f"{base}/{kind}/{each['id']}",
            "resource": each,
            "search": {"mode": "match"},
        }
        for each in found
    ]
    asked = urlencode({name: ",".join(values) for name, values in sought.items()})
    bundle: Plain = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": [{"relation": "self", "url": f"{base}/{kind}{f'?{asked}' if asked else ''}"}],
    }
    return {**bundle, "entry": entries} if entries else bundle


def read(shelf: Shelf, kind: str, version: Version, name: str) -> Plain:
    """Return the resource of an id; raises UnknownNameError with the nearest."""
    found = {each["id"]: each for each in reversed(list(resources(shelf, kind, version)))}
    if name not in found:
        raise UnknownNameError(kind, name, found)
    return found[name]


def model_for(shelf: Shelf, sent: Sent, version: Version) -> DiagnosticModel:
    """Return the model that a response is about.

    The one that is named beside the response; else the one of whose questionnaires it is, by the
    version where two have one id; else, for questionnaires made elsewhere, the default one. Raises
    FhirError for a name that is none, and for a questionnaire of a model that is not served.
    """
    if sent.model is not None:
        return _named(shelf, sent.model)
    canonicals = asker_of(sent.response, version).canonicals
    told = {each.partition("|")[2] for each in canonicals}
    fitting = [
        model
        for model in shelf.models.values()
        if any(audience_of(model, each) is not None for each in canonicals)
    ]
    # Two models may have one id: an overlay and its base, whose versions differ.
    for model in fitting:
        if version_of(model) in told:
            return model
    if fitting:
        return fitting[0]
    if any(each.startswith(f"{BASE}:") for each in canonicals):
        said = "this questionnaire is of a model that is not served here"
        raise refusal("not-found", said, f"{RESPONSE}.questionnaire")
    return shelf.model(None)


def _named(shelf: Shelf, name: str) -> DiagnosticModel:
    try:
        return shelf.model(name)
    except UnknownNameError as error:
        place = f"Parameters.parameter.where(name = '{MODEL}').value"
        raise refusal("not-found", str(error), place) from None


def _is_sought(resource: Plain, sought: Mapping[str, list[str]]) -> bool:
    told = {"_id": resource["id"], "url": resource["url"], "version": resource["version"]}
    return all(told[name] in values for name, values in sought.items())
