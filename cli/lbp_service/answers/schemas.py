"""Build the JSON Schema of each document that is answered beside the report."""

from collections.abc import Mapping
from typing import Any

from bayesnet import Report
from bayesnet.diagnosis.report.pivotal_records import PivotalAnswers
from bayesnet.diagnosis.report.reasoning import Reasoning
from bayesnet.diagnosis.report.schema import schema_of
from lbp_service.answers.documents import EXPLAINED, SUGGESTED, TRIAGE, InterviewTurn, WhatIf


def triage_schema() -> dict[str, Any]:
    """Build the schema of what says how urgent it is: parts of a report."""
    return _parts_of_report(TRIAGE, "Triage", "How urgent it is, and what would change that.")


def suggested_schema() -> dict[str, Any]:
    """Build the schema of what says which questions are open: parts of a report."""
    return _parts_of_report(SUGGESTED, "Suggestions", "What to ask next, and all that is open.")


def explain_schema() -> dict[str, Any]:
    """Build the schema of an explanation: parts of a report, and how they add up."""
    of_report = _parts_of_report(
        EXPLAINED,
        "Explanation",
        "Parts of a report, what each answer adds to its leading causes, and the fewest answers "
        "that would change it.",
    )
    reasoning = schema_of(Reasoning, Reasoning.__name__)
    pivotal = schema_of(PivotalAnswers, PivotalAnswers.__name__)
    definitions = {**of_report["$defs"], **reasoning.pop("$defs"), **pivotal.pop("$defs")}
    properties = {
        **of_report["properties"],
        "reasoning": {"$ref": "#/$defs/Reasoning"},
        "pivotal_answers": {"type": "array", "items": {"$ref": "#/$defs/PivotalAnswers"}},
    }
    return {
        **of_report,
        "properties": properties,
        "required": list(properties),
        "$defs": {**definitions, "Reasoning": reasoning, "PivotalAnswers": pivotal},
    }


def what_if_schema() -> dict[str, Any]:
    """Build the schema of a comparison of two reports."""
    return schema_of(WhatIf, "Comparison of lbp-infer")


def interview_schema() -> dict[str, Any]:
    """Build the schema of an interview after a step."""
    return schema_of(InterviewTurn, "Interview of lbp-infer")


def _parts_of_report(names: tuple[str, ...], title: str, description: str) -> dict[str, Any]:
    whole: Mapping[str, Any] = schema_of(Report, f"{title} of lbp-infer")
    properties = {name: whole["properties"][name] for name in names}
    return {
        **whole,
        "description": description,
        "properties": properties,
        "required": list(properties),
    }
