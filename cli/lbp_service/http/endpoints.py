"""List what is served under which address: the one table that routes and OpenAPI are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from bayesnet import DiagnosticModel, UnknownNameError
from bayesnet.diagnosis.report.schema import report_schema, schema_of
from lbp_service.answers import answering
from lbp_service.answers.catalogue import findings
from lbp_service.answers.documents import Findings, Models, ServedModel
from lbp_service.answers.requests import Case, ChangedCase, ExplainedCase, InterviewStep
from lbp_service.answers.schemas import (
    explain_schema,
    interview_schema,
    suggested_schema,
    triage_schema,
    what_if_schema,
)
from lbp_service.http.problems import ProblemError
from lbp_service.shelf.shelf import Shelf

Schema = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Answered:
    """An address to which a case is posted.

    body: what is posted; answer: works it out; schema: of the whole answer; tagged: whether the
    answer has an ETag, by which the same case is not worked out twice for one who has the answer;
    long: whether it may take seconds, so that it waits in a queue of its own.
    """

    path: str
    name: str
    summary: str
    body: type[Case]
    answer: Callable[[DiagnosticModel, Any, answering.Fields], dict[str, Any]]
    schema: Schema
    tagged: bool = True
    long: bool = False


@dataclass(frozen=True)
class Shown:
    """An address that shows a model, or all of them; show: raises ProblemError for no model."""

    path: str
    name: str
    summary: str
    show: Callable[[Shelf, Mapping[str, str]], Struct]
    schema: Schema


def _models(shelf: Shelf, _: Mapping[str, str]) -> Models:
    return shelf.listed()


def _model(shelf: Shelf, path: Mapping[str, str]) -> ServedModel:
    _find(shelf, path)
    return next(each for each in shelf.listed().models if each.name == path["id"])


def _findings(shelf: Shelf, path: Mapping[str, str]) -> Findings:
    return findings(_find(shelf, path))


def _find(shelf: Shelf, path: Mapping[str, str]) -> DiagnosticModel:
    try:
        return shelf.model(path["id"])
    except UnknownNameError as error:
        raise ProblemError("unknown-model", str(error), error.nearest) from None


ANSWERED = (
    Answered(
        "/v1/diagnosis",
        "diagnosis",
        "The whole report: urgency, causes, next question, pathway of care, with sources.",
        Case,
        answering.diagnosis,
        report_schema,
    ),
    Answered(
        "/v1/triage",
        "triage",
        "How urgent it is, why, and which answers would lower it.",
        Case,
        answering.triage,
        triage_schema,
    ),
    Answered(
        "/v1/explain",
        "explain",
        "What each answer adds for and against causes, and the fewest answers that would change "
        "the conclusion.",
        ExplainedCase,
        answering.explanation,
        explain_schema,
        long=True,
    ),
    Answered(
        "/v1/suggest",
        "suggest",
        "What to ask next, and what every open question is worth.",
        Case,
        answering.suggestions,
        suggested_schema,
    ),
    Answered(
        "/v1/what-if",
        "what_if",
        "The report as it is, and as other answers would make it.",
        ChangedCase,
        answering.what_if,
        what_if_schema,
    ),
    Answered(
        "/v1/interview",
        "interview",
        "One step of an interview: the session, which travels, the next question and the report.",
        InterviewStep,
        answering.interview,
        interview_schema,
        tagged=False,
    ),
)

SHOWN = (
    Shown(
        "/v1/models",
        "models",
        "The models that can be asked.",
        _models,
        lambda: schema_of(Models, "Models"),
    ),
    Shown(
        "/v1/models/{id}",
        "model",
        "One model.",
        _model,
        lambda: schema_of(ServedModel, "Model"),
    ),
    Shown(
        "/v1/models/{id}/findings",
        "findings",
        "All that a model can be told: ids, questions, choices and screens.",
        _findings,
        lambda: schema_of(Findings, "Findings"),
    ),
)
