"""Make the examples of the OpenAPI description, from what the served model itself knows."""

from typing import Any

from bayesnet import DiagnosticModel
from lbp_service.answers.evidence import as_read

FEW = 3
"""Answers in an example."""


def examples_for(name: str, model: DiagnosticModel) -> dict[str, Any]:
    """Return the examples of bodies for one address, {name: example}.

    >>> import bayesnet
    >>> sorted(examples_for("interview", bayesnet.load_model("lbp-runner")))
    ['begin', 'go_on']
    """
    answers = some_answers(model)
    if name == "interview":
        return _interview(model)
    if name == "what_if":
        *kept, (changed, value) = answers.items()
        body = {"evidence": dict(kept), "change": {changed: value}}
        return {"one_more": {"summary": "One answer more.", "value": body}}
    listed = [
        {"id": each, "choice_id": _choice(value), "source": "initial"}
        for each, value in answers.items()
    ]
    return {
        "nothing": {"summary": "Nothing known yet.", "value": {}},
        "map": {
            "summary": "Answers by id.",
            "value": {"evidence": answers, "audience": "clinician"},
        },
        "list": {"summary": "Answers as a list.", "value": {"evidence": listed}},
    }


def some_answers(model: DiagnosticModel) -> dict[str, Any]:
    """Return answers that go together: what the first cause with a textbook presentation shows."""
    for cause in model.causes.values():
        shown = dict(list(cause.textbook.items())[:FEW])
        if shown:
            return as_read(model, shown)
    first = next(each for each in model.findings.values() if each.is_yes_no)
    return {first.id: True}


def _choice(value: Any) -> Any:
    """Write yes and no as lists of evidence elsewhere do."""
    return {True: "present", False: "absent"}[value] if isinstance(value, bool) else value


def _interview(model: DiagnosticModel) -> dict[str, Any]:
    session = model.interview()
    begun = {"session": session.to_dict(), "answers": [_not_known(session)]}
    return {
        "begin": {"summary": "It begins.", "value": {"audience": session.audience}},
        "go_on": {"summary": "It goes on with an answer.", "value": begun},
    }


def _not_known(session: Any) -> dict[str, Any]:
    question = session.next_question
    return {"id": question.id, "choice_id": "unknown"}
