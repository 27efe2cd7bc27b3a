"""Write a model as a Questionnaire: all that it can ask an audience, or what was asked so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bayesnet import DiagnosticModel
from lbp_fhir.canonical import (
    Plain,
    Version,
    is_semantic,
    questionnaire_id,
    questionnaire_url,
    version_of,
    versioned,
)
from lbp_fhir.enabling import enabled
from lbp_fhir.items import group_item, question_item
from lbp_fhir.layout import Section, layout, screen_text

ADAPTIVE = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-questionnaireAdaptive"
ALGORITHM = (
    "http://hl7.org/fhir/5.0/StructureDefinition/extension-Questionnaire.versionAlgorithm[x]"
)
SEMVER = {"system": "http://hl7.org/fhir/version-algorithm", "code": "semver"}
ADVICE = "what to do"
"""The linkId of the words at the end of an interview, which nobody answers."""


def questionnaire(model: DiagnosticModel, audience: str, version: Version) -> Plain:
    """Write all that an audience (`self` or `clinician`) can answer as one adaptive Questionnaire.

    linkIds are the model's ids; the version is the model's with what its numbers and words are.
    Raises EvidenceError where there is no such audience.

        >>> import bayesnet
        >>> form = questionnaire(bayesnet.load_model("lbp-runner"), "self", "R4")
        >>> [item["linkId"] for item in form["item"]][:4]
        ['age', 'sex', 'pregnant', 'nerve_screen']
    """
    sections = layout(model, audience)
    described = model.description.model
    identifier = questionnaire_id(model, audience)
    return {
        "resourceType": "Questionnaire",
        "id": identifier,
        "extension": [_adaptive(), *_algorithm_extension(model, version)],
        "url": questionnaire_url(model, audience),
        "version": version_of(model),
        **_algorithm(model, version),
        "name": machine_name(f"questions-of-{identifier}"),
        "title": described.title or described.id,
        "status": "active",
        "subjectType": ["Patient"],
        "description": f"{described.setting} {described.disclaimer}".strip(),
        "item": [
            item for section in sections for item in _items(model, section, sections, version)
        ],
    }


@dataclass(frozen=True)
class Asked:
    """What an interview has asked so far.

    questions: {id of a question, or of a screen: the ids of its lines}, in the order asked; advice:
    words to end with, empty while it goes on.
    """

    audience: str
    questions: Mapping[str, Sequence[str]]
    advice: str


def asked_questionnaire(
    model: DiagnosticModel, asked: Asked, version: Version, identifier: str
) -> Plain:
    """Write what was asked so far, to be contained in the response to it.

    identifier: its id there. It is that of SDC's adaptive questionnaires: it names what it derives
    from, and has no URL and no version of its own.
    """
    items = [
        _screen(model, name, asked.audience, lines, version)
        if name in model.description.interview.gates
        else _required(model, name, version)
        for name, lines in asked.questions.items()
    ]
    if asked.advice:
        items.append({"linkId": ADVICE, "text": asked.advice, "type": "display"})
    written: Plain = {
        "resourceType": "Questionnaire",
        "id": identifier,
        "extension": [_adaptive()],
        "title": model.description.model.title or model.description.model.id,
        "derivedFrom": [versioned(questionnaire_url(model, asked.audience), model)],
        "status": "active",
        "subjectType": ["Patient"],
    }
    return {**written, **({"item": items} if items else {})}


def machine_name(words: str) -> str:
    """Return a name that programs can take for an identifier.

    >>> machine_name("questions-of-lbp-runner-self")
    'QuestionsOfLbpRunnerSelf'
    """
    parts = "".join(each if each.isascii() and each.isalnum() else " " for each in words).split()
    return "".join(part[:1].upper() + part[1:] for part in parts)


def algorithm(model: DiagnosticModel) -> Mapping[str, Any]:
    """Return how the versions of a model compare; nothing where the file's version is another."""
    return SEMVER if is_semantic(version_of(model)) else {}


def _items(
    model: DiagnosticModel, section: Section, sections: Sequence[Section], version: Version
) -> list[Plain]:
    form = {name for each in sections for name in each.names}
    items = [
        {**question_item(model, name, version), **enabled(model, name, form)}
        for name in section.names
    ]
    return [group_item(section.link_id, section.text, items)] if section.link_id else items


def _screen(
    model: DiagnosticModel, gate: str, audience: str, lines: Sequence[str], version: Version
) -> Plain:
    items = [_required(model, line, version) for line in lines]
    return group_item(gate, screen_text(model, gate, audience), items)


def _required(model: DiagnosticModel, name: str, version: Version) -> Plain:
    """Write a question that has to be answered before the next one is known."""
    return {**question_item(model, name, version), "required": True}


def _adaptive() -> Plain:
    return {"url": ADAPTIVE, "valueBoolean": True}


def _algorithm_extension(model: DiagnosticModel, version: Version) -> list[Plain]:
    found = algorithm(model)
    return [{"url": ALGORITHM, "valueCoding": found}] if version == "R4" and found else []


def _algorithm(model: DiagnosticModel, version: Version) -> Plain:
    found = algorithm(model)
    return {"versionAlgorithmCoding": found} if version == "R5" and found else {}
