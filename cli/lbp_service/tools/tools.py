"""Define the tools, the one place that names them, and call one by its name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Struct, json

from bayesnet import DiagnosticModel, UnknownNameError
from lbp_service.answers.reading import read_request
from lbp_service.tools import answering, arguments, schemas, texts
from lbp_service.tools.brevity import is_emergency

Schema = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """A tool; description: what it is for and when, for the one who chooses among tools.

    arguments: the record that it is called with; answer: (model, arguments) to plain data; output:
    what builds the schema of that; text: what says it in about ten lines.
    """

    name: str
    title: str
    description: str
    arguments: type[Struct]
    answer: Callable[[DiagnosticModel, Any], dict[str, Any]]
    output: Callable[[], Schema]
    text: Callable[[Mapping[str, Any]], str]

    @property
    def input_schema(self) -> Schema:
        """The JSON Schema of its arguments."""
        return schemas.arguments_schema(self.arguments)

    @property
    def output_schema(self) -> Schema:
        """The JSON Schema of its answer."""
        return self.output()


@dataclass(frozen=True)
class Answered:
    """The answer of a tool: as data, and in a few lines."""

    document: dict[str, Any]
    text: str


TOOLS: Mapping[str, Tool] = {
    each.name: each
    for each in (
        Tool(
            "start_interview",
            "Start an interview",
            "Begin an interview about one person, with what is known already: how urgent it is so "
            "far, the first question, and the session. Go on with answer_question.",
            arguments.StartInterview,
            answering.start_interview,
            schemas.turn_schema,
            texts.turn_text,
        ),
        Tool(
            "answer_question",
            "Answer a question of an interview",
            "Go on with an interview: hand back its session with what the person answered, and get "
            "the next question, or the whole report once it stops. Never guess an answer: what is "
            "not known is null.",
            arguments.AnswerQuestion,
            answering.answer_question,
            schemas.turn_schema,
            texts.turn_text,
        ),
        Tool(
            "assess_case",
            "Assess a case",
            "Get the whole report about one person from what is known, without an interview: "
            "urgency first, the probability of each cause, the care that fits, the next question.",
            arguments.AssessCase,
            answering.assess_case,
            schemas.brief_report_schema,
            texts.report_text,
        ),
        Tool(
            "explain_cause",
            "Explain a cause's probability",
            "Get what each answer adds to or takes from the probability of one cause, so that it "
            "adds up, with the sources of the numbers behind it.",
            arguments.ExplainCause,
            answering.explain_cause,
            schemas.account_schema,
            texts.explained_text,
        ),
        Tool(
            "what_if",
            "Compare with other answers",
            "See what would change if some answers were otherwise: urgency, causes and care before "
            "and after. What is imagined says nothing about the person.",
            arguments.WhatIf,
            answering.change_answers,
            schemas.compared_schema,
            texts.what_if_text,
        ),
        Tool(
            "list_findings",
            "List findings",
            "Look up the ids, questions, choices and limits of findings, risk factors and tests "
            "that can be answered; by a word, to turn a person's own words into evidence.",
            arguments.ListFindings,
            answering.list_findings,
            schemas.findings_schema,
            texts.findings_text,
        ),
        Tool(
            "show_model_number",
            "Show the model's numbers",
            "Look up numbers of the model with 95 % interval, grade, sources and reason: how "
            "common a cause is, how often it shows a finding. Nothing about a person.",
            arguments.ShowModelNumber,
            answering.show_model_number,
            schemas.numbers_schema,
            texts.numbers_text,
        ),
    )
}
"""{name: tool}, in the order in which they are used."""


def tool(name: str) -> Tool:
    """Return a tool by its name; raises UnknownNameError with the nearest names."""
    if name not in TOOLS:
        raise UnknownNameError("tool", name, TOOLS)
    return TOOLS[name]


def call(model: DiagnosticModel, name: str, given: Mapping[str, Any] | None = None) -> Answered:
    """Call a tool with its arguments, as JSON gives them.

    Raises UnknownNameError, EvidenceError and ImpossibleEvidenceError.

    >>> import bayesnet
    >>> model = bayesnet.load_model("lbp-runner")
    >>> answered = call(model, "assess_case", {"evidence": {"saddle_numbness": True}})
    >>> list(answered.document)
    ['triage', 'schema_version', 'model', 'evidence', 'disclaimer']
    """
    found = tool(name)
    said = read_request(found.arguments, dict(given or {}), f"argument of '{name}'")
    # As JSON has it: lists for tuples, null for what is not finite.
    document = json.decode(json.encode(found.answer(model, said)))
    urgent = "triage" in document and is_emergency(document)
    return Answered(document, (texts.report_text if urgent else found.text)(document))
