"""FHIR in tests: a client that answers adaptive forms, validators, and what they let through."""

from collections.abc import Iterator, Mapping
from typing import Any

from fhirpathpy import evaluate
from fhirpathpy.models import models
from hypothesis import strategies as st
from lbp_fhir import Version, next_question, questionnaire_url

from bayesnet.diagnosis.model import DiagnosticModel

NOW = "2026-02-03T09:00:00Z"
VERSIONS: tuple[Version, ...] = ("R4", "R5")
DATA_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
UCUM = "http://unitsofmeasure.org"
INVARIANTS = {
    "Questionnaire": {
        "que-1": "repeat(item).all((type='group' implies item.exists()) and "
        "(type='display' implies item.empty()))",
        "que-2": "descendants().linkId.isDistinct()",
        "que-3": "repeat(item).all(type!='display' or code.empty())",
        "que-5": "repeat(item).all(type in ('choice' | 'coding' | 'integer' | 'decimal') or "
        "answerOption.empty())",
        "que-6": "repeat(item).all(type!='display' or (required.empty() and repeats.empty()))",
        "que-7": "repeat(item).enableWhen.all(operator='exists' implies (answer is boolean))",
        "que-12": "repeat(item).all(enableWhen.count() > 1 implies enableBehavior.exists())",
        "sdc text": "repeat(item).all(text.exists())",
        "asked of itself": "repeat(item).enableWhen.all(question in %resource.repeat(item).linkId)",
    },
    "QuestionnaireResponse": {
        "qrs-1": "repeat(item|answer.item).all((answer.exists() and item.exists()).not())",
        "sdcqr-2": "(item|repeat(item)).linkId.isDistinct()",
        "dom-3": "contained.all(%resource.questionnaire = '#' + id)",
        "one value": "repeat(item).answer.all(value.count() <= 1)",
    },
    "RiskAssessment": {
        "ras-1": "prediction.extension.value.all(low.code = '%' and low.system = %ucum and "
        "high.code = '%' and high.system = %ucum and low.value <= high.value)",
        "ras-2": "prediction.all(probability is decimal and (probability as decimal) <= 100 and "
        "(probability as decimal) >= 0)",
        "within": "prediction.where(extension.exists()).all(extension.value.low.value <= "
        "probability and probability <= extension.value.high.value)",
        "dom-3": "contained.all(('#' + id) in %resource.basis.reference)",
    },
    "CodeSystem": {
        "csd-1": "concept.code.combine(concept.concept.code).isDistinct()",
        "count": "count = (concept | concept.concept).count()",
    },
    "OperationOutcome": {"has issues": "issue.exists()"},
}
"""Of FHIR's own invariants those that can be met here, as FHIRPath, and ours beside them."""


def broken(resource: Mapping[str, Any], version: Version) -> list[str]:
    """The invariants that a resource breaks, those of what it contains included."""
    found = []
    for each in (resource, *resource.get("contained", ())):
        for key, expression in INVARIANTS[each["resourceType"]].items():
            names = {"ucum": UCUM, "resource": each}
            if evaluate(each, expression, names, models[version.lower()]) not in ([True], []):
                found.append(f"{each['resourceType']} {key}")
    nested = "contained.contained.empty() and contained.meta.empty()"
    if evaluate(resource, nested, {}, models[version.lower()]) != [True]:
        found.append("dom-2")
    return found


def check_shape(resource: Mapping[str, Any], version: Version) -> None:
    """Have fhir.resources read it: R4B stands for R4, which it does not have."""
    from importlib import import_module

    kind = resource["resourceType"]
    folder = "fhir.resources.R4B" if version == "R4" else "fhir.resources"
    read = getattr(import_module(f"{folder}.{kind.lower()}"), kind)
    read.model_validate(without_absent_numbers(resource) if version == "R5" else resource)


def without_absent_numbers(resource: Any) -> Any:
    """Leave out answers that are an extension alone: its R5 does not count them as an answer."""
    if isinstance(resource, list):
        return [without_absent_numbers(each) for each in resource]
    if not isinstance(resource, dict):
        return resource
    return {
        key: without_absent_numbers(each)
        for key, each in resource.items()
        if key != "answer" or any(not one.startswith("_") for a in each for one in a)
    }


def answers_to(model: DiagnosticModel) -> st.SearchStrategy[dict[str, Any]]:
    """Answers to some questions of a model, each possible; None: not known."""
    of_each = {}
    for name, asked in model.findings.items():
        if asked.derived_from:
            continue
        low, high = asked.limits or (0, 0)
        known = (
            st.sampled_from([low, high, (low + high) // 2, *asked.answer.bands])
            if asked.is_number
            else st.sampled_from([each.value for each in asked.choices()])
        )
        of_each[name] = st.none() | known
    return st.lists(st.sampled_from(sorted(of_each)), unique=True, max_size=12).flatmap(
        lambda names: st.fixed_dictionaries({name: of_each[name] for name in names})
    )


def start(model: DiagnosticModel, audience: str = "self", **more: Any) -> dict[str, Any]:
    """A response with which an interview begins."""
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "in-progress",
        "questionnaire": questionnaire_url(model, audience),
        **more,
    }


def hold(
    model: DiagnosticModel, version: Version, response: dict[str, Any], person: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the response after each step of an interview, until it is completed.

    The client knows of the model what the contained questionnaire says. person: {linkId: answer};
    whatever else is asked is not known.
    """
    for _ in range(200):
        response = next_question(model, response, version, NOW)
        yield response
        if response["status"] == "completed":
            return
        form = response["contained"][0]
        response = {**response, "item": filled(form["item"], response.get("item", []), person)}
    raise AssertionError("it does not end")


def filled(
    form: list[dict[str, Any]], given: list[dict[str, Any]], person: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Answer the items of a form, those that were answered before as they were."""
    before = {each["linkId"]: each for each in given}
    found = []
    for item in form:
        earlier = before.get(item["linkId"], {})
        if item["type"] == "group":
            lines = filled(item["item"], earlier.get("item", []), person)
            found.append({"linkId": item["linkId"], "text": item["text"], "item": lines})
        else:
            answer = [said(item, person.get(item["linkId"]))]
            found.append(earlier or {"linkId": item["linkId"], "answer": answer})
    return found


def said(item: Mapping[str, Any], value: Any) -> dict[str, Any]:
    """Choose the answer of an item that says this; None: not known."""
    if item["type"] in ("integer", "decimal"):
        kind = f"value{item['type'].capitalize()}"
        absent = {"extension": [{"url": DATA_ABSENT, "valueCode": "asked-unknown"}]}
        return {f"_{kind}": absent} if value is None else {kind: value}
    word = {None: "asked-unknown", True: "Y", False: "N"}.get(value, f".{value}")
    options = [each["valueCoding"] for each in item["answerOption"]]
    (chosen,) = [each for each in options if each["code"].endswith(word)]
    return {"valueCoding": chosen}
