"""The terminologies that answers are written and read in: yes, no, not known, units."""

from collections.abc import Mapping
from enum import Enum

from bayesnet import DiagnosticModel
from lbp_fhir.canonical import Plain, code_system_url

HL7 = "http://terminology.hl7.org/CodeSystem/"
YES_NO = f"{HL7}v2-0136"
ABSENT = f"{HL7}data-absent-reason"
ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
ASKED_UNKNOWN = "asked-unknown"
SNOMED, LOINC, UCUM = "http://snomed.info/sct", "http://loinc.org", "http://unitsofmeasure.org"


class Said(Enum):
    """What a code can say beside yes, no and not known."""

    NOTHING = "it was not asked"


Meaning = bool | None | Said
"""True, False; None: asked and not known; or that nothing was said."""

# What FHIR's value set `yesnodontknow` is made of comes first: it is what is written here.
MEANINGS: Mapping[tuple[str, str], Meaning] = {
    (YES_NO, "Y"): True,
    (YES_NO, "N"): False,
    (ABSENT, ASKED_UNKNOWN): None,
    (ABSENT, "unknown"): None,
    (ABSENT, "asked-declined"): None,
    (ABSENT, "not-asked"): Said.NOTHING,
    (ABSENT, "temp-unknown"): Said.NOTHING,
    (SNOMED, "373066001"): True,
    (SNOMED, "373067005"): False,
    (SNOMED, "261665006"): None,
    (LOINC, "LA33-6"): True,
    (LOINC, "LA32-8"): False,
    (LOINC, "LA12688-0"): None,
    (LOINC, "LA4489-6"): None,
    (f"{HL7}v2-0532", "Y"): True,
    (f"{HL7}v2-0532", "N"): False,
    (f"{HL7}v2-0532", "UNK"): None,
    (f"{HL7}v2-0532", "ASKU"): None,
    (f"{HL7}v2-0532", "NASK"): Said.NOTHING,
    (f"{HL7}v3-NullFlavor", "UNK"): None,
    (f"{HL7}v3-NullFlavor", "ASKU"): None,
    (f"{HL7}v3-NullFlavor", "NASK"): Said.NOTHING,
}
"""{(system, code): what it says as the answer to a question}."""

UNITS: Mapping[str, str] = {
    "years": "a",
    "months": "mo",
    "weeks": "wk",
    "days": "d",
    "hours": "h",
    "minutes": "min",
    "volts": "V",
    "bar": "bar",
}
"""{a unit of a model: its UCUM code}."""


def coding(system: str, code: str, display: str) -> Plain:
    """Write a Coding."""
    return {"system": system, "code": code, "display": display}


def yes_no_options() -> tuple[Plain, ...]:
    """Write the answers to a yes/no question: those of FHIR's value set `yesnodontknow`."""
    return (coding(YES_NO, "Y", "Yes"), coding(YES_NO, "N", "No"), not_known())


def not_known() -> Plain:
    """Write the answer of somebody who was asked and does not know."""
    return coding(ABSENT, ASKED_UNKNOWN, "Don't know")


def not_known_extension() -> Plain:
    """Write the same where an answer is a number and there is none."""
    return {"extension": [{"url": ABSENT_EXTENSION, "valueCode": ASKED_UNKNOWN}]}


def answer_code(name: str, state: str) -> str:
    """Return the code of an answer in the model's own code system.

    >>> answer_code("referral", "buttock")
    'referral.buttock'
    """
    return f"{name}.{state}"


def own_coding(model: DiagnosticModel, name: str, label: str) -> Plain:
    """Write the model's own code of a cause or a question."""
    return coding(code_system_url(model), name, label)


def codings(model: DiagnosticModel, name: str, label: str) -> list[Plain]:
    """Write all codes of a cause or a question: the model's own first, then those of its file."""
    others = model.codings.get(name, ())
    return [
        own_coding(model, name, label),
        *(coding(each.system, each.code, each.display) for each in others),
    ]
