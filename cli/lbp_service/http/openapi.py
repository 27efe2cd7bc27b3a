"""Describe the service as OpenAPI 3.1, from the same table that its addresses are made of."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from bayesnet import DiagnosticModel
from bayesnet.diagnosis.report.schema import schema_of
from lbp_service.http.endpoints import ANSWERED, SHOWN, Answered, Shown
from lbp_service.http.examples import examples_for
from lbp_service.http.exchange import INTERVIEW_ID, JSON_TYPE
from lbp_service.http.fhir import METADATA
from lbp_service.http.openapi_fhir import fhir_paths, fhir_schemas
from lbp_service.http.problems import KINDS, MEDIA_TYPE, ProblemDocument

API_VERSION = "1.3.0"
"""Version of the addresses and documents under /v1; `docs/openapi.json` holds it to its word."""
ABOUT = (
    "Probabilities of causes, urgency, the next question and the pathway of care, from what is "
    "known of one person. Stateless: nothing is kept between two requests. Decision support for "
    "people who can review its basis, and no diagnosis."
)
PARTS = "Parts"
REFS = "#/components/schemas/"
DEFINITIONS = "#/$defs/"
ALWAYS = ("malformed-request", "internal-error")
WITH_BODY = (
    "slow-request",
    "impossible-evidence",
    "too-large",
    "unsupported-media-type",
    "unknown-name",
    "busy",
)
"""One kind of problem for each status that an answer to a case may have."""


def openapi(model: DiagnosticModel | None = None, keyed: bool = False) -> dict[str, Any]:
    """Build the description; model: whose findings stand in the examples, None for no examples.

    keyed: whether keys are asked for.

    >>> openapi()["openapi"]
    '3.1.0'
    """
    paths: dict[str, Any] = {
        answered.path: {"post": _posting(answered, model)} for answered in ANSWERED
    }
    paths |= {shown.path: {"get": _getting(shown, model)} for shown in SHOWN}
    paths |= {path: {"get": _plain(*told)} for path, told in PLAIN.items()}
    paths |= fhir_paths(model)
    components: dict[str, Any] = {"schemas": schemas()}
    found: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "lbp-infer",
            "version": API_VERSION,
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": components,
    }
    if keyed:
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        found["security"] = [{"key": []}]
        for path in ("/v1/health/live", "/v1/health/ready", "/openapi.json", *METADATA):
            paths[path]["get"]["security"] = []
        for operation in _keyed(paths):
            operation["responses"]["401"] = _unauthorized(operation)
    return found


@cache
def schemas() -> dict[str, Any]:
    """Return all components: the documents, what they are made of, the bodies, the problem."""
    documents = [(_named(each), each.schema()) for each in (*ANSWERED, *SHOWN)]
    documents.append(("Problem", schema_of(ProblemDocument, "Problem")))
    found: dict[str, Any] = {}
    for name, schema in documents:
        found |= schema.get("$defs", {})
        found[name] = {key: value for key, value in schema.items() if key[0] != "$"}
    _, bodies = msgspec.json.schema_components(
        [each.body for each in ANSWERED], ref_template=f"{REFS}{{name}}"
    )
    found[PARTS] = {
        "type": "object",
        "description": "The parts of an answer that `fields` names, as they stand in the whole.",
    }
    return {**{name: _pointed(each) for name, each in found.items()}, **bodies, **fhir_schemas()}


def _keyed(paths: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in paths.values():
        for operation in operations.values():
            if operation.get("security") != []:
                yield operation


def _named(each: Answered | Shown) -> str:
    """Name the component that an answer is."""
    return {"diagnosis": "Report"}.get(
        each.name, "".join(word.capitalize() for word in each.name.split("_")) + "Answer"
    )


def _pointed(schema: Any) -> Any:
    """Point every reference of a schema at the components; write pairs as lists of two.

    Generators of clients do not read `items: false`, which would say it place by place.
    """
    if isinstance(schema, dict):
        places = schema.get("prefixItems", [])
        kinds = [each for at, each in enumerate(places) if each not in places[:at]]
        if kinds:
            items = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
            schema = {**schema, "items": items}
        return {
            key: value.replace(DEFINITIONS, REFS) if key == "$ref" else _pointed(value)
            for key, value in schema.items()
            if key != "prefixItems"
        }
    return [_pointed(each) for each in schema] if isinstance(schema, list) else schema


def _posting(answered: Answered, model: DiagnosticModel | None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": REFS + answered.body.__name__}}
    if model is not None:
        content["examples"] = examples_for(answered.name, model)
    fields = {
        "name": "fields",
        "in": "query",
        "required": False,
        "description": "Parts of the answer that are wanted, such as `triage.level`, with commas "
        "between them; only these are worked out.",
        "schema": {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
        "style": "form",
        "explode": False,
    }
    whole_or_parts = {"anyOf": [{"$ref": REFS + _named(answered)}, {"$ref": REFS + PARTS}]}
    answers = {"200": _answer(whole_or_parts, "The answer; with `fields`, only these parts.")}
    tag = []
    if answered.tagged:
        tag = [_header("If-None-Match", "The ETag of an answer that the caller has.")]
        answers["200"]["headers"] = {"ETag": {"schema": {"type": "string"}}}
        answers["304"] = {"description": "The answer is the one that the caller has."}
    if answered.name in LINKS:
        answers["200"]["links"] = LINKS[answered.name]
    return {
        "operationId": answered.name,
        "summary": answered.summary,
        "parameters": [fields, _interview(), *tag],
        "requestBody": {"required": True, "content": {JSON_TYPE: content}},
        "responses": {**answers, **_problems(*ALWAYS, *WITH_BODY)},
    }


def _getting(shown: Shown, model: DiagnosticModel | None) -> dict[str, Any]:
    named = "{id}" in shown.path
    model_id: dict[str, Any] = {
        "name": "id",
        "in": "path",
        "required": True,
        "description": "A name that `/v1/models` lists.",
        "schema": {"type": "string"},
    }
    if model is not None:
        model_id["example"] = model.description.model.id
    answer = _answer({"$ref": REFS + _named(shown)}, "What was asked for.")
    if shown.name in LINKS:
        answer["links"] = LINKS[shown.name]
    return {
        "operationId": shown.name,
        "summary": shown.summary,
        "parameters": [
            *([model_id] if named else []),
            _interview(),
            _header("If-None-Match", "The ETag of an answer that the caller has."),
        ],
        "responses": {
            "200": answer,
            "304": {"description": "It is what the caller has."},
            **_problems(*ALWAYS, "unknown-name", *(["unknown-model"] if named else [])),
        },
    }


def _plain(name: str, summary: str, media_type: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    content = {media_type: {"schema": schema}}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [_interview()],
        "responses": {
            "200": {"description": summary, "content": content},
            **_problems(*ALWAYS, "unknown-name"),
        },
    }


def _answer(schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {"description": description, "content": {JSON_TYPE: {"schema": schema}}}


def _problems(*kinds: str) -> dict[str, Any]:
    return {str(KINDS[kind][0]): _problem(kind) for kind in kinds}


def _unauthorized(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Say in the form of the operation's other errors that a key is needed."""
    content = operation["responses"]["500"]["content"]
    return {"description": KINDS["unauthorized"][1], "content": content}


def _problem(kind: str) -> dict[str, Any]:
    return {
        "description": KINDS[kind][1],
        "content": {MEDIA_TYPE: {"schema": {"$ref": REFS + "Problem"}}},
    }


def _interview() -> dict[str, Any]:
    found = _header("Interview-Id", "The caller's own name for an interview: echoed and logged.")
    return {**found, "schema": {"type": "string", "pattern": f"^{INTERVIEW_ID.pattern}$"}}


def _header(name: str, description: str) -> dict[str, Any]:
    told = {"name": name, "in": "header", "required": False, "description": description}
    return {**told, "schema": {"type": "string"}}


LINKS: Mapping[str, Mapping[str, Any]] = {
    "interview": {
        "next_step": {
            "operationId": "interview",
            "requestBody": {"session": "$response.body#/session"},
            "description": "The session goes back with what is answered next.",
        }
    },
    "models": {
        name: {
            "operationId": name,
            "parameters": {"id": "$response.body#/models/0/name"},
            "description": description,
        }
        for name, description in (("model", "One of them."), ("findings", "What it can be told."))
    },
}
"""{operation: where its answer leads}."""
HEALTH = {
    "type": "object",
    "required": ["status", "models", "broken"],
    "properties": {
        "status": {"const": "ok"},
        "models": {"type": "integer"},
        "broken": {"type": "integer"},
    },
}
PLAIN: Mapping[str, tuple[str, str, str, Mapping[str, Any]]] = {
    "/v1/health/live": ("live", "The process runs.", JSON_TYPE, HEALTH),
    "/v1/health/ready": ("ready", "It can answer; models that are broken.", JSON_TYPE, HEALTH),
    "/metrics": ("metrics", "Counts for Prometheus.", "text/plain", {"type": "string"}),
    "/openapi.json": ("describe", "This description.", JSON_TYPE, {"type": "object"}),
}
"""{path: operation, summary, media type, schema} of what is no case and no model."""
