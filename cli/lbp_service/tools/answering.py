"""Answer each tool: a model and its arguments in, plain data out, the urgency first."""

from typing import Any

from msgspec import to_builtins

from bayesnet import DiagnosticModel, UnknownNameError
from bayesnet.diagnosis.report.citations import cited_figures
from lbp_service.answers.answering import diagnosis, explanation, interview, what_if
from lbp_service.answers.catalogue import findings
from lbp_service.answers.documents import Finding
from lbp_service.answers.requests import Case, ChangedCase, ExplainedCase, InterviewStep
from lbp_service.tools.arguments import (
    AnswerQuestion,
    AssessCase,
    ExplainCause,
    ListFindings,
    ShowModelNumber,
    StartInterview,
    WhatIf,
)
from lbp_service.tools.brevity import brief, is_emergency, only_urgency
from lbp_service.tools.numbers import model_numbers

Plain = dict[str, Any]
TURN = ("next_question", "should_stop", "stop_reason", "session")
WHILE_ASKING = (
    "schema_version",
    "model",
    "triage",
    "evidence",
    "causes",
    "must_not_miss",
    "contradictions",
    "warnings",
    "disclaimer",
)
"""Parts of a report that an interview gives while there is a question: the rest is for its end."""
COMPARED = (*WHILE_ASKING, "no_identified_cause", *TURN[:3], "pathway")
"""Parts of the two reports that are compared."""
ACCOUNT = ("schema_version", "model", "triage", "evidence", "reasoning", "disclaimer")


def start_interview(model: DiagnosticModel, said: StartInterview) -> Plain:
    """Begin an interview.

    >>> import bayesnet
    >>> turn = start_interview(bayesnet.load_model("lbp-runner"), StartInterview())
    >>> list(turn), turn["next_question"]["id"]
    (['report', 'next_question', 'should_stop', 'stop_reason', 'session'], 'age')
    """
    return _turn(model, InterviewStep(evidence=said.evidence, audience=said.audience))


def answer_question(model: DiagnosticModel, said: AnswerQuestion) -> Plain:
    """Take an interview one step on; nothing is kept, its session travels."""
    step = InterviewStep(session=said.session, answers=said.answers, back=said.back, more=said.more)
    return _turn(model, step)


def assess_case(model: DiagnosticModel, said: AssessCase) -> Plain:
    """Answer with the report."""
    return brief(diagnosis(model, Case(evidence=said.evidence, audience=said.audience)))


def explain_cause(model: DiagnosticModel, said: ExplainCause) -> Plain:
    """Answer how the answers made a cause as probable as it is."""
    case = ExplainedCase(evidence=said.evidence, audience=said.audience, causes=[said.cause])
    told = explanation(model, case, ACCOUNT)
    if is_emergency(told):
        return brief(told)
    sources = [
        source
        for cause in told["reasoning"]["causes"]
        for each in cause["contributions"]
        for source in each["sources"]
    ]
    named = cited_figures(sources, model.description.figures)
    return {**brief(told), "citations": to_builtins(named)}


def change_answers(model: DiagnosticModel, said: WhatIf) -> Plain:
    """Answer with two reports: as it is, and with other answers.

    In an emergency both say that alone, since no answer that is imagined lowers it.
    """
    case = ChangedCase(evidence=said.evidence, audience=said.audience, change=said.change)
    parts = [f"{which}.{name}" for which in ("before", "after") for name in COMPARED]
    told = what_if(model, case, ["changes", *parts])
    cut = only_urgency if is_emergency(told["before"]) else brief
    before, after = brief(told["before"]), cut(told["after"])
    return {"before": before, "after": after, "changes": told["changes"]}


def list_findings(model: DiagnosticModel, said: ListFindings) -> Plain:
    """List what a model can be told; raises UnknownNameError where nothing has that word."""
    every = findings(model)
    found = [each for each in every.findings if _holds(each, said.containing)]
    if not found:
        raise UnknownNameError("finding", said.containing, model.findings)
    names = {each.id for each in found}
    screens = [each for each in every.screens if names & set(each.items)]
    told: Plain = to_builtins({"model": every.model, "findings": found, "screens": screens})
    return told


def show_model_number(model: DiagnosticModel, said: ShowModelNumber) -> Plain:
    """Show numbers of the model with interval, grade, sources and reason."""
    told: Plain = to_builtins(model_numbers(model, said.id, said.about))
    return told


def _turn(model: DiagnosticModel, step: InterviewStep) -> Plain:
    """Take a step; the report comes whole once the interview stops."""
    asking = [*TURN, *(f"report.{name}" for name in WHILE_ASKING)]
    turn = interview(model, step, asking)
    if turn["next_question"] is None and not is_emergency(turn["report"]):
        turn |= interview(model, InterviewStep(session=turn["session"]), ["report"])
    return {"report": brief(turn["report"]), **{name: turn[name] for name in TURN}}


def _holds(finding: Finding, word: str) -> bool:
    words = (finding.id, finding.text, finding.label, finding.group)
    return any(word.strip().lower() in each.lower() for each in words)
