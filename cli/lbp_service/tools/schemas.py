"""Build the JSON Schemas of what tools take and give, from the records that they are."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.json import schema_components

from bayesnet.diagnosis.report.schema import report_schema, schema_of
from lbp_service.answers.documents import Findings
from lbp_service.answers.schemas import explain_schema, interview_schema, what_if_schema
from lbp_service.tools.brevity import ALWAYS, MOST_QUESTIONS
from lbp_service.tools.numbers import ModelNumbers

Schema = dict[str, Any]
REPORT = (
    "The report. In an emergency only what says so is there; during an interview and in a "
    "comparison, a part of it."
)


def arguments_schema(kind: type[Struct]) -> Schema:
    """Build the schema of a tool's arguments, which stands by itself.

    >>> from lbp_service.tools.arguments import ListFindings
    >>> found = arguments_schema(ListFindings)
    >>> found["type"], list(found["properties"]), found["additionalProperties"]
    ('object', ['containing'], False)
    """
    _, definitions = schema_components([kind])
    found = definitions[kind.__name__]
    return {name: part for name, part in found.items() if name not in ("title", "description")}


def brief_report_schema() -> Schema:
    """Build the schema of a report that is cut."""
    whole = report_schema()
    return {**whole, **_brief(whole)}


def turn_schema() -> Schema:
    """Build the schema of an interview after a step."""
    return _with_brief_reports(interview_schema())


def compared_schema() -> Schema:
    """Build the schema of a comparison."""
    return _with_brief_reports(what_if_schema())


def account_schema() -> Schema:
    """Build the schema of the account of a cause."""
    whole = explain_schema()
    names = (*ALWAYS, "reasoning", "citations")
    properties = {name: whole["properties"][name] for name in names}
    said = "How the answers made a cause as probable as it is; in an emergency only what says so."
    return _reachable(
        {**whole, "description": said, "properties": properties, "required": list(ALWAYS)}
    )


def findings_schema() -> Schema:
    """Build the schema of a list of findings."""
    return schema_of(Findings, "Findings of a model of lbp-infer")


def numbers_schema() -> Schema:
    """Build the schema of numbers of a model."""
    return schema_of(ModelNumbers, "Numbers of a model of lbp-infer")


def _with_brief_reports(whole: Schema) -> Schema:
    definitions = whole["$defs"]
    report = definitions["Report"]
    return {**whole, "$defs": {**definitions, "Report": {**report, **_brief(report)}}}


def _brief(report: Mapping[str, Any]) -> Schema:
    properties = report["properties"]
    questions = {**properties["questions"], "maxItems": MOST_QUESTIONS}
    return {
        "description": REPORT,
        "properties": {**properties, "questions": questions},
        "required": list(ALWAYS),
    }


def _reachable(schema: Schema) -> Schema:
    """Leave out the definitions that nothing refers to."""
    definitions = schema["$defs"]
    used: dict[str, Any] = {}
    waiting = [{name: part for name, part in schema.items() if name != "$defs"}]
    while waiting:
        for name in _named(waiting.pop()):
            if name not in used:
                used[name] = definitions[name]
                waiting.append(definitions[name])
    return {**schema, "$defs": {name: definitions[name] for name in definitions if name in used}}


def _named(part: Any) -> list[str]:
    if isinstance(part, dict):
        here = [part["$ref"].rpartition("/")[2]] if "$ref" in part else []
        return here + [name for each in part.values() for name in _named(each)]
    if isinstance(part, list):
        return [name for each in part for name in _named(each)]
    return []
