"""The OpenAPI description: held to its word by a committed copy, its examples run."""

import json

import pytest
from jsonschema import Draft202012Validator
from lbp_service.http.openapi import API_VERSION, openapi
from lbp_service.http.openapi_file import COMMITTED, write
from support.service import Caller, service

from bayesnet import EvidenceError


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service()


@pytest.fixture(scope="module")
def described(caller):
    return caller.get("/openapi.json").json


def test_the_committed_description_is_the_one_that_is_served():
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))
    assert committed == openapi(), "raise API_VERSION and run 'make schema'"


def test_another_description_needs_another_version(tmp_path):
    file = tmp_path / "openapi.json"
    write(file)
    write(file)
    other = {**openapi(), "servers": []}
    file.write_text(json.dumps(other))
    with pytest.raises(EvidenceError, match=f"raise API_VERSION from {API_VERSION}"):
        write(file)
    file.write_text(json.dumps({**other, "info": {**other["info"], "version": "0.9.0"}}))
    write(file)
    assert json.loads(file.read_text()) == openapi()


def operations(described):
    return [
        (path, method, operation)
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    ]


def test_every_reference_leads_somewhere_and_every_component_is_a_schema(described):
    text = json.dumps(described)
    schemas = described["components"]["schemas"]
    for part in text.split('"$ref": "')[1:]:
        name = part.partition('"')[0].removeprefix("#/components/schemas/")
        assert name in schemas
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    assert "#/$defs/" not in text


def test_every_operation_has_a_name_of_its_own_and_words(described):
    names = [operation["operationId"] for *_, operation in operations(described)]
    assert len(names) == len(set(names)) == 32
    assert all(operation["summary"] for *_, operation in operations(described))


def validator(described, schema):
    """What checks a document against a schema of the description."""
    return Draft202012Validator({**schema, "components": described["components"]})


def test_every_example_is_answered_as_described(caller, described):
    ran = 0
    for path, method, operation in operations(described):
        if method == "get":
            named = [each for each in operation["parameters"] if each["name"] == "id"]
            reply = caller.get(path.replace("{id}", named[0]["example"]) if named else path)
            check(described, operation, reply)
            continue
        content = operation["requestBody"]["content"]["application/json"]
        for example in content["examples"].values():
            validator(described, content["schema"]).validate(example["value"])
            reply = caller.post(path, example["value"])
            check(described, operation, reply)
            ran += 1
    assert ran >= 21


def check(described, operation, reply):
    """A reply is one of those that are described."""
    told = operation["responses"][str(reply.status)]
    assert reply.status == 200
    media_type = reply.headers["content-type"].partition(";")[0]
    schema = told["content"][media_type]["schema"]
    if media_type.endswith("json"):
        validator(described, schema).validate(reply.json)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/diagnosis", b"{"),
        ("/v1/diagnosis", b'{"evidence": {"wine": true}}'),
        ("/v1/interview", b"[" * 30),
        ("/v1/what-if", b"{}"),
        ("/fhir/R4/Questionnaire/$next-question", b"{}"),
        ("/fhir/R5/QuestionnaireResponse/$assess-risk", b"{"),
        ("/cds-services/lbp-next", b"{}"),
        ("/cds-services/lbp-next/feedback", b"[]"),
    ],
)
def test_every_problem_is_one_that_is_described(caller, described, path, body):
    reply = caller.send("POST", path, [body], {"Content-Type": "application/json"})
    told = described["paths"][path]["post"]["responses"][str(reply.status)]
    schema = told["content"][reply.headers["content-type"]]["schema"]
    validator(described, schema).validate(reply.json)


def test_the_examples_of_the_shipped_model_read_its_own_findings():
    described = service("lbp-runner").get("/openapi.json").json
    content = described["paths"]["/v1/diagnosis"]["post"]["requestBody"]["content"]
    assert content["application/json"]["examples"]["map"]["value"]["evidence"]
