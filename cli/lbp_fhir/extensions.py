"""Define the extensions that are written here, for whoever validates what holds them."""

from lbp_fhir.canonical import INTERVAL, NUMBER_RANGE, SOFT_ANSWER, Plain, Version

FHIR_VERSION = {"R4": "4.0.1", "R5": "5.0.0"}
DEFINED = {
    INTERVAL: (
        "RiskAssessment.prediction",
        "The 95 % interval of the probability, in percent, that follows from how uncertain the "
        "numbers of the model are.",
        "Range",
    ),
    NUMBER_RANGE: (
        "QuestionnaireResponse.item.answer.value[x]",
        "A number of which only the range is known, both ends included.",
        "Range",
    ),
    SOFT_ANSWER: (
        "QuestionnaireResponse.item.answer.value[x]",
        "How much the answer speaks for each choice, such as yes:0.7,no:0.3, where it is not "
        "known which it is.",
        "string",
    ),
}
"""{canonical URL: (where it stands, what it says, the type of its value)}"""


def structure_definitions(version: Version) -> tuple[Plain, ...]:
    """Write the definition of each extension.

    >>> [each["id"] for each in structure_definitions("R4")]
    ['probability-interval', 'number-range', 'soft-answer']
    """
    return tuple(_defined(url, *DEFINED[url], version) for url in DEFINED)


def _defined(url: str, place: str, said: str, kind: str, version: Version) -> Plain:
    identifier = url.rpartition(":")[2]
    elements = [
        {"id": "Extension", "path": "Extension", "short": said, "definition": said},
        {"id": "Extension.extension", "path": "Extension.extension", "max": "0"},
        {"id": "Extension.url", "path": "Extension.url", "fixedUri": url},
        {
            "id": "Extension.value[x]",
            "path": "Extension.value[x]",
            "min": 1,
            "type": [{"code": kind}],
        },
    ]
    return {
        "resourceType": "StructureDefinition",
        "id": identifier,
        "url": url,
        "name": "".join(word.capitalize() for word in identifier.split("-")),
        "title": identifier.replace("-", " ").capitalize(),
        "status": "active",
        "description": said,
        "fhirVersion": FHIR_VERSION[version],
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": place}],
        "type": "Extension",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
        "derivation": "constraint",
        "differential": {"element": elements},
    }
