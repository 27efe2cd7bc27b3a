"""Describe the addresses of FHIR and of CDS Hooks for the OpenAPI description."""

from collections.abc import Mapping, Sequence
from typing import Any

from lbp_fhir import Version, questionnaire_id, questionnaire_url

from bayesnet import DiagnosticModel
from lbp_service.fhir.capability import OPERATION
from lbp_service.fhir.library import CODE_SYSTEM, QUESTIONNAIRE, SOUGHT
from lbp_service.fhir.operations import ASSESS_RISK, NEXT_QUESTION
from lbp_service.hooks.call import CONTEXT, HOOK, RESPONSE
from lbp_service.hooks.feedback import OUTCOMES
from lbp_service.http.fhir import BASE, FORMAT, VERSIONS
from lbp_service.http.hooks import Discovery, Feedback, Hook
from lbp_service.http.negotiation import FHIR_JSON, JSON
from lbp_service.http.problems import KINDS

Plain = dict[str, Any]
REFS = "#/components/schemas/"
ALWAYS = ("malformed-request", "internal-error", "busy")
SHOWN = (*ALWAYS, "not-acceptable", "unknown-name")
POSTED = (*SHOWN, "slow-request", "too-large", "unsupported-media-type")
CALLED = (*ALWAYS, "slow-request", "not-prefetched", "too-large", "unsupported-media-type")
"""One kind of problem for each status that an answer may have."""
STATUSES = ("in-progress", "completed", "amended", "stopped")
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"


def fhir_paths(model: DiagnosticModel | None) -> Plain:
    """Return the paths; model: whose questionnaire stands in the examples, None for no examples."""
    paths: Plain = {}
    for version in VERSIONS:
        paths |= {
            f"{BASE}/{version}/{below}": each for below, each in _of_version(version, model).items()
        }
    return {**paths, **_of_hooks(model)}


def fhir_schemas() -> Plain:
    """Return the components that the paths refer to."""
    resource = _object({"resourceType": {"type": "string"}}, ["resourceType"])
    answered: Plain = {
        "resourceType": {"const": "QuestionnaireResponse"},
        "status": {"enum": list(STATUSES)},
        "questionnaire": {"type": "string"},
        "item": {
            "type": "array",
            "items": _object({"linkId": {"type": "string", "minLength": 1}}, ["linkId"]),
        },
    }
    context = {name: {"type": "string", "minLength": 1} for name in CONTEXT}
    called: Plain = {
        "hook": {"const": HOOK},
        "hookInstance": {"type": "string", "format": "uuid"},
        "context": _object(context, list(CONTEXT)),
        "prefetch": {**_object({RESPONSE: _nullable()}, []), "type": ["object", "null"]},
    }
    told = {"card": {"type": "string"}, "outcome": {"enum": list(OUTCOMES)}}
    feedback = {"type": "array", "minItems": 1, "items": _object(told, list(told))}
    return {
        "Resource": {**resource, "description": "A resource of FHIR."},
        "OperationOutcome": {
            **_object(
                {"resourceType": {"const": "OperationOutcome"}, "issue": {"type": "array"}},
                ["resourceType", "issue"],
            ),
            "description": "What is wrong, as FHIR has it.",
        },
        "QuestionnaireResponse": _object(answered, ["resourceType", "status"]),
        "QuestionnaireResponseR5": _object(answered, ["resourceType", "status", "questionnaire"]),
        "HookCall": _object(called, ["hook", "hookInstance", "context"]),
        "HookCards": _object({"cards": {"type": "array", "items": {"type": "object"}}}, ["cards"]),
        "HookServices": _object({"services": {"type": "array"}}, ["services"]),
        "HookFeedback": _object({"feedback": feedback}, ["feedback"]),
    }


def _of_version(version: Version, model: DiagnosticModel | None) -> Plain:
    found: Plain = {
        "metadata": _shown("capability", version, "What this server can do.", []),
    }
    for kind, name in ((QUESTIONNAIRE, "questionnaire"), (CODE_SYSTEM, "code_system")):
        sought = [_query(each) for each in SOUGHT]
        found[kind] = _shown(f"search_{name}", version, f"Searches each {kind}.", sought)
        example = {} if model is None else {"example": _id(kind, model)}
        named = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        shown = _shown(name, version, f"One {kind}.", [{**named, **example}])
        shown["get"]["responses"] |= _problems(FHIR_JSON, "not-found")
        found[f"{kind}/{{id}}"] = shown
    about = f"The definition of ${ASSESS_RISK}."
    found[f"{OPERATION}/{ASSESS_RISK}"] = _shown("operation_definition", version, about, [])
    ask = "SDC's adaptive interview: the response with the next question in it."
    assess = "The RiskAssessment that follows from a response: percentages of causes."
    for below, name, about in (
        (f"{QUESTIONNAIRE}/${NEXT_QUESTION}", "next_question", ask),
        (f"QuestionnaireResponse/${ASSESS_RISK}", "assess_risk", assess),
    ):
        found[below] = _posted(name, version, about, model)
    return found


def _id(kind: str, model: DiagnosticModel) -> str:
    name = questionnaire_id(model, "self")
    return name if kind == QUESTIONNAIRE else name.removesuffix("-self")


def _shown(name: str, version: Version, about: str, parameters: Sequence[Plain]) -> Plain:
    answer = {"200": _resource(about)}
    same = {"304": {"description": "It is what the caller has."}}
    return {
        "get": {
            "operationId": f"{name}_{version.lower()}",
            "summary": f"{about} FHIR {version}.",
            "parameters": [*parameters, _format(), *_headers("If-None-Match")],
            "responses": {**answer, **same, **_problems(FHIR_JSON, *SHOWN)},
        }
    }


def _posted(name: str, version: Version, about: str, model: DiagnosticModel | None) -> Plain:
    schema = {"$ref": f"{REFS}QuestionnaireResponse{'R5' if version == 'R5' else ''}"}
    content: Plain = {"schema": schema}
    if model is not None:
        content["examples"] = {"begin": {"summary": "It begins.", "value": _response(model)}}
    return {
        "post": {
            "operationId": f"{name}_{version.lower()}",
            "summary": f"{about} FHIR {version}.",
            "parameters": [_format(), *_headers()],
            "requestBody": {"required": True, "content": {FHIR_JSON: content, JSON: content}},
            "responses": {
                "200": _resource(about),
                **_problems(FHIR_JSON, *POSTED),
                **_problems(FHIR_JSON, "unknown-model"),
            },
        }
    }


def _of_hooks(model: DiagnosticModel | None) -> Plain:
    call = None
    if model is not None:
        context = dict.fromkeys(CONTEXT, "1")
        call = {"hook": HOOK, "hookInstance": INSTANCE, "context": context}
        call["prefetch"] = {RESPONSE: _response(model)}
    feedback = {"feedback": [{"card": INSTANCE, "outcome": OUTCOMES[0]}]}
    discovery: Plain = {
        "operationId": "cds_services",
        "summary": "What is offered to CDS clients.",
        "parameters": _headers("If-None-Match"),
        "responses": {
            "200": _content(JSON, "HookServices", "The services of CDS Hooks."),
            "304": {"description": "It is what the caller has."},
            **_problems(JSON, *ALWAYS, "unknown-name"),
        },
    }
    return {
        Discovery.path: {"get": discovery},
        Hook.path: {"post": _hooked("cds_next", "Cards for a patient.", "Call", "Cards", call)},
        Feedback.path: {
            "post": _hooked(
                "cds_feedback",
                "What became of cards: accepted and forgotten.",
                "Feedback",
                None,
                None if model is None else feedback,
            )
        },
    }


def _hooked(name: str, about: str, sent: str, told: str | None, example: Plain | None) -> Plain:
    content: Plain = {"schema": {"$ref": f"{REFS}Hook{sent}"}}
    if example is not None:
        content["examples"] = {"one": {"summary": about, "value": example}}
    answer = {JSON: {"schema": {"$ref": f"{REFS}Hook{told}"} if told else {"type": "object"}}}
    return {
        "operationId": name,
        "summary": about,
        "parameters": _headers(),
        "requestBody": {"required": True, "content": {JSON: content}},
        "responses": {
            "200": {"description": about, "content": answer},
            **_problems(JSON, *CALLED, "unknown-name"),
        },
    }


def _response(model: DiagnosticModel) -> Plain:
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "in-progress",
        "questionnaire": questionnaire_url(model, "self"),
    }


def _object(properties: Mapping[str, Any], required: Sequence[str]) -> Plain:
    told: Plain = {"type": "object", "properties": dict(properties)}
    return {**told, "required": list(required)} if required else told


def _nullable() -> Plain:
    return {"anyOf": [{"$ref": f"{REFS}QuestionnaireResponse"}, {"type": "null"}]}


def _format() -> Plain:
    return {**_query(FORMAT), "schema": {"enum": ["json", JSON, FHIR_JSON]}}


def _query(name: str) -> Plain:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}


def _headers(*names: str) -> list[Plain]:
    told = {"in": "header", "required": False, "schema": {"type": "string"}}
    return [{"name": name, **told} for name in names]


def _resource(about: str) -> Plain:
    schema = {"schema": {"$ref": f"{REFS}Resource"}}
    return {"description": about, "content": {FHIR_JSON: schema, JSON: schema}}


def _content(media_type: str, name: str, about: str) -> Plain:
    return {"description": about, "content": {media_type: {"schema": {"$ref": REFS + name}}}}


def _problems(media_type: str, *kinds: str) -> Plain:
    return {
        str(KINDS[kind][0]): _content(media_type, "OperationOutcome", KINDS[kind][1])
        for kind in kinds
    }
