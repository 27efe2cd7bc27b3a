"""The JSON that the command writes and reads, as JSON Schemas: `lbp-infer schema`."""

from collections.abc import Callable, Mapping
from typing import Any

from lbp_service.answers.schemas import explain_schema, what_if_schema

from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.answers.reading import UNKNOWN, choices_of
from bayesnet.diagnosis.report.records import Report
from bayesnet.diagnosis.report.schema import report_schema, schema_of
from bayesnet.diagnosis.report.sensitivity import Sensitivity
from bayesnet.model.reading.notice import Notice
from lbp_infer.commands.vocabulary import Vocabulary
from lbp_infer.files.kept_interview import VERSION as KEPT_VERSION
from lbp_infer.files.kept_interview import About
from lbp_infer.files.record import VERSION, Recorded


class ReportWithSensitivity(Report, frozen=True, kw_only=True):
    """A report, with what moves the leading causes most, as `--sensitivity` asks for."""

    sensitivity: tuple[Sensitivity, ...]


def whole_report_schema() -> dict[str, Any]:
    """Build the schema of `lbp-infer --json`: a report, which `--sensitivity` adds a part to."""
    report = report_schema()
    extended = schema_of(ReportWithSensitivity, report["title"])
    return {
        **extended,
        "description": report["description"],
        "required": report["required"],
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


def fit_schema() -> dict[str, Any]:
    """Build the schema of `lbp-infer model fit --json`."""
    from bayesnet.tuning.fitting.records import FitTold

    return schema_of(FitTold, "Fit of a model to cases by lbp-infer")


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
    choices = choices_of(askable.answer)
    weights = {
        "description": "A soft answer: the weight of each choice.",
        "type": "object",
        "properties": {each: {"type": "number", "minimum": 0} for each in choices},
        "additionalProperties": False,
        "minProperties": 1,
    }
    if askable.limits:
        low, high = askable.limits
        kind = "number" if askable.takes_decimals else "integer"
        number = {"type": kind, "minimum": low, "maximum": high}
        return {**said, "anyOf": [number, {"enum": [*choices, None, UNKNOWN]}, weights]}
    states = (True, False, *choices) if askable.is_yes_no else choices
    return {**said, "anyOf": [{"enum": list(dict.fromkeys((*states, None, UNKNOWN)))}, weights]}


SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "report": whole_report_schema,
    "explain": explain_schema,
    "what-if": what_if_schema,
    "record": record_schema,
    "check": check_schema,
    "diff": diff_schema,
    "test": scores_schema,
    "fit": fit_schema,
}
"""{document: what builds its schema}; that of a case takes the model's words beside."""
