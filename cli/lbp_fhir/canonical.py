"""Name what is published of a model: canonical URLs, ids and versions."""

import re
from typing import Any, Literal

from bayesnet import DiagnosticModel, EvidenceError

Version = Literal["R4", "R5"]
"""The version of FHIR: 4.0.1 or 5.0.0."""
Plain = dict[str, Any]
"""A resource, or a part of one, as JSON has it."""

# An identity that stays the same wherever the service runs; nothing is to be found at it.
BASE = "urn:lbp-infer:fhir"
AUDIENCES = ("self", "clinician")
INTERVAL = f"{BASE}:StructureDefinition:probability-interval"
"""The extension that holds the 95 % interval of a prediction."""
NUMBER_RANGE = f"{BASE}:StructureDefinition:number-range"
"""The extension that stands for a number of which only the range is known."""
SOFT_ANSWER = f"{BASE}:StructureDefinition:soft-answer"
"""The extension that stands for an answer of which only the weight of each choice is known."""
LONGEST_ID = 64
SEMANTIC = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)([-+].+)?")


def code_system_url(model: DiagnosticModel) -> str:
    """Return the canonical URL of a model's causes, questions and answers as codes."""
    return f"{BASE}:CodeSystem:{_id(model)}"


def questionnaire_url(model: DiagnosticModel, audience: str) -> str:
    """Return the canonical URL of a model's questionnaire; raises EvidenceError for no audience."""
    return f"{BASE}:Questionnaire:{questionnaire_id(model, audience)}"


def questionnaire_id(model: DiagnosticModel, audience: str) -> str:
    """Return the id of a model's questionnaire; raises EvidenceError where there is no audience.

    >>> import bayesnet
    >>> questionnaire_id(bayesnet.load_model("lbp-runner"), "self")
    'lbp-runner-self'
    """
    if audience not in AUDIENCES:
        raise EvidenceError(f"audience is {audience!r}; give one of {', '.join(AUDIENCES)}")
    return f"{_id(model)[: LONGEST_ID - len(audience) - 1]}-{audience}"


def code_system_id(model: DiagnosticModel) -> str:
    """Return the id of a model's code system."""
    return _id(model)


def version_of(model: DiagnosticModel) -> str:
    """Return the model's version with what its numbers and words are, as SemVer's build metadata.

    Two models that differ in a number or in a word have two versions here, also where the file
    says the same.
    """
    return f"{model.description.model.version or '0.0.0'}+{model.compiled.sha256[:12]}"


def versioned(url: str, model: DiagnosticModel) -> str:
    """Return a canonical URL with the version behind it."""
    return f"{url}|{version_of(model)}"


def is_semantic(version: str) -> bool:
    """Tell whether a version is one of Semantic Versioning."""
    return SEMANTIC.fullmatch(version) is not None


def audience_of(model: DiagnosticModel, canonical: str) -> str | None:
    """Return whom a questionnaire of this model asks; None where it is not one of this model.

    canonical: its URL, with or without a version; the address of a server that holds it is as good.

        >>> import bayesnet
        >>> model = bayesnet.load_model("lbp-runner")
        >>> audience_of(model, "https://ehr.example/fhir/Questionnaire/lbp-runner-clinician|0.1.0")
        'clinician'
    """
    url = canonical.partition("|")[0]
    for audience in AUDIENCES:
        served = f"/Questionnaire/{questionnaire_id(model, audience)}"
        if url == questionnaire_url(model, audience) or url.endswith(served):
            return audience
    return None


def is_of_another_model(model: DiagnosticModel, canonical: str) -> bool:
    """Tell whether it is a questionnaire that was made here of another model."""
    published = canonical.startswith(f"{BASE}:Questionnaire:")
    return published and audience_of(model, canonical) is None


def _id(model: DiagnosticModel) -> str:
    """Return the model's id as an id of FHIR, which has letters, digits, `-` and `.`."""
    return re.sub(r"[^A-Za-z0-9.-]", "-", model.description.model.id)[:LONGEST_ID]
