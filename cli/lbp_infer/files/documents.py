"""The JSON that the command writes and reads, as JSON Schemas: `lbp-infer schema`."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.answers.reading import UNKNOWN, Value, number_range
from bayesnet.diagnosis.report.pivotal_records import PivotalAnswers
from bayesnet.diagnosis.report.reasoning import Reasoning
from bayesnet.diagnosis.report.records import Report
from bayesnet.diagnosis.report.schema import report_schema, schema_of
from bayesnet.diagnosis.report.sensitivity import Sensitivity
from bayesnet.model.format.bands import is_whole
from bayesnet.model.reading.notice import Notice
from lbp_infer.commands.vocabulary import Vocabulary
from lbp_infer.files.kept_interview import VERSION as KEPT_VERSION
from lbp_infer.files.kept_interview import About
from lbp_infer.files.record import VERSION, Recorded

EXPLAINED = (
    "schema_version",
    "model",
    "triage",
    "evidence",
    "causes",
    "explanation",
    "citations",
    "disclaimer",
)
"""The parts of a report that `explain --json` has."""


class ReportWithSensitivity(Report, frozen=True, kw_only=True):
    """A report, with what moves the leading causes most, as `--sensitivity` asks for."""

    sensitivity: tuple[Sensitivity, ...]


class Change(msgspec.Struct, frozen=True):
    """An answer before and after; null: not known, or not given."""

    id: str
    before: Value
    after: Value


class WhatIf(msgspec.Struct, frozen=True):
    """Two reports, and the answers in which they differ."""

    changes: tuple[Change, ...]
    before: Report
    after: Report


def whole_report_schema() -> dict[str, Any]:
    """Build the schema of `lbp-infer --json`: a report, which `--sensitivity` adds a part to."""
    report = report_schema()
    extended = schema_of(ReportWithSensitivity, report["title"])
    return {
        **extended,
        "description": report["description"],
        "required": report["required"],
    }


def what_if_schema() -> dict[str, Any]:
    """Build the schema of `lbp-infer what-if --json`."""
    return schema_of(WhatIf, "Comparison of lbp-infer")


def explain_schema() -> dict[str, Any]:
    """Build the schema of `lbp-infer explain --json`: parts of a report, and how they add up."""
    of_report = schema_of(Report, "Explanation of lbp-infer")
    reasoning = schema_of(Reasoning, Reasoning.__name__)
    pivotal = schema_of(PivotalAnswers, PivotalAnswers.__name__)
    definitions = {**of_report["$defs"], **reasoning.pop("$defs"), **pivotal.pop("$defs")}
    properties = {name: of_report["properties"][name] for name in EXPLAINED}
    return {
        **of_report,
        "description": "Parts of a report, what each answer adds to its leading causes, and the "
        "fewest answers that would change it.",
        "properties": {
            **properties,
            "reasoning": {"$ref": "#/$defs/Reasoning"},
            "pivotal_answers": {"type": "array", "items": {"$ref": "#/$defs/PivotalAnswers"}},
        },
        "required": [*properties, "reasoning", "pivotal_answers"],
        "$defs": {**definitions, "Reasoning": reasoning, "PivotalAnswers": pivotal},
    }


def record_schema() -> dict[str, Any]:
    """Build the schema of one line of a record."""
    schema = schema_of(Recorded, f"Line of a record of lbp-infer, version {VERSION}")
    schema["properties"]["version"] = {"const": VERSION}
    return schema


def check_schema() -> dict[str, Any]:
    """Build the schema of `lbp-infer model check --json`: a list of notices."""
    notice = schema_of(Notice, Notice.__name__)
    return {
        "$schema": notice.pop("$schema"),
        "title": "Check of a model by lbp-infer",
        "description": "Mistakes (errors) and warnings, in the order of their places.",
        "type": "array",
        "items": {"$ref": "#/$defs/Notice"},
        "$defs": {**notice.pop("$defs"), "Notice": notice},
    }


def diff_schema() -> dict[str, Any]:
    """Build the schema of `lbp-infer model diff --json`."""
    from bayesnet.tuning.comparison import Comparison

    return schema_of(Comparison, "Comparison of two models by lbp-infer")


def scores_schema() -> dict[str, Any]:
    """Build the schema of `lbp-infer model test --json`."""
    from bayesnet.tuning.scoring.records import CaseScores

    return schema_of(CaseScores, "Test of a model on cases by lbp-infer")


def case_schema(words: Vocabulary) -> dict[str, Any]:
    """Build the schema of a case file and of a kept interview, which is one too.

    words: the model's ids and answers. Answers are listed in their plain spelling; any case of it
    is read, and `-` for `_`.
    """
    about = schema_of(About, About.__name__)
    answers = {
        "type": "object",
        "properties": {name: _answer(each) for name, each in words.askables.items()},
        "additionalProperties": False,
    }
    nested = {
        "type": "object",
        "required": ["evidence"],
        "properties": {
            "evidence": {"$ref": "#/$defs/Answers"},
            "interview": {"anyOf": [{"$ref": "#/$defs/About"}, {"type": "null"}]},
        },
    }
    return {
        "$schema": about.pop("$schema"),
        "title": f"Case file of lbp-infer, version {KEPT_VERSION}",
        "description": "What is known of a case: {id: answer}, by itself or under `evidence`.",
        "anyOf": [nested, {"$ref": "#/$defs/Answers"}],
        "$defs": {**about.pop("$defs"), "Answers": answers, "About": about},
    }


def _answer(askable: Askable) -> dict[str, Any]:
    """Build the schema of one answer."""
    said = {"description": askable.asked.question}
    if askable.is_number:
        low, high = number_range(askable.answer)
        kind = "integer" if is_whole(askable.answer.bands) else "number"
        number = {"type": kind, "minimum": low, "maximum": high}
        return {**said, "anyOf": [number, {"enum": [*askable.answer.bands, None, UNKNOWN]}]}
    states = (True, False, "yes", "no") if askable.is_yes_no else askable.answer.states
    return {**said, "enum": list(dict.fromkeys((*states, None, UNKNOWN)))}


SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "report": whole_report_schema,
    "explain": explain_schema,
    "what-if": what_if_schema,
    "record": record_schema,
    "check": check_schema,
    "diff": diff_schema,
    "test": scores_schema,
}
"""{document: what builds its schema}; that of a case takes the model's words beside."""
