"""Write the causes, questions and answers of a model as a CodeSystem."""

from collections.abc import Iterator

from bayesnet import DiagnosticModel
from lbp_fhir.canonical import Plain, Version, code_system_id, code_system_url, version_of
from lbp_fhir.codes import answer_code
from lbp_fhir.form import algorithm, machine_name


def code_system(model: DiagnosticModel, version: Version) -> Plain:
    """Write every cause, every question and, under it, its answers, in the order of the model.

    The answers of yes/no questions are those of HL7, and numbers have none.

        >>> import bayesnet
        >>> found = code_system(bayesnet.load_model("lbp-runner"), "R5")
        >>> referral = next(each for each in found["concept"] if each["code"] == "referral")
        >>> [each["code"] for each in referral["concept"]][:2]
        ['referral.none', 'referral.buttock']
    """
    concepts = [*_causes(model), *_questions(model)]
    described, compared = model.description.model, algorithm(model)
    return {
        "resourceType": "CodeSystem",
        "id": code_system_id(model),
        "url": code_system_url(model),
        "version": version_of(model),
        **({"versionAlgorithmCoding": compared} if version == "R5" and compared else {}),
        "name": machine_name(f"codes-of-{code_system_id(model)}"),
        "title": f"{described.title or described.id}: causes, questions and answers",
        "status": "active",
        "description": described.setting,
        "caseSensitive": True,
        "hierarchyMeaning": "grouped-by",
        "content": "complete",
        "count": sum(1 + len(each.get("concept", ())) for each in concepts),
        "property": [{"code": "kind", "description": "cause, question or answer", "type": "code"}],
        "concept": concepts,
    }


def _causes(model: DiagnosticModel) -> Iterator[Plain]:
    for name, cause in model.causes.items():
        yield _concept(name, cause.label, cause.about, "cause")


def _questions(model: DiagnosticModel) -> Iterator[Plain]:
    for name, asked in model.findings.items():
        found = _concept(name, asked.label, asked.asked.question, "question")
        answers = [
            _concept(answer_code(name, str(each.value)), each.label, "", "answer")
            for each in asked.choices()
            if not asked.is_yes_no
        ]
        yield {**found, **({"concept": answers} if answers else {})}


def _concept(code: str, display: str, definition: str, kind: str) -> Plain:
    words = {"display": display, **({"definition": definition} if definition else {})}
    return {"code": code, **words, "property": [{"code": "kind", "valueCode": kind}]}
