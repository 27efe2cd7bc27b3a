"""Answer each kind of request about one person: a model and a body in, plain data out.

Each function takes `fields`, names of parts of its document such as `triage.level`; empty for all
of it. Only what is asked for is computed. All raise what `diagnose` raises: UnknownNameError,
EvidenceError, ImpossibleEvidenceError.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from msgspec import to_builtins

from bayesnet import DiagnosticModel, EvidenceError, Report, Session
from bayesnet.diagnosis.report.chosen import Wanted, chosen, wanted
from bayesnet.diagnosis.report.reasoning import Reasoning, about
from bayesnet.diagnosis.report.schema import report_schema
from lbp_service.answers.documents import EXPLAINED, SUGGESTED, TRIAGE, Change
from lbp_service.answers.evidence import as_read, evidence_of, statements
from lbp_service.answers.requests import Case, ChangedCase, ExplainedCase, InterviewStep
from lbp_service.answers.schemas import (
    explain_schema,
    interview_schema,
    suggested_schema,
    triage_schema,
    what_if_schema,
)

Fields = Sequence[str]
Plain = dict[str, Any]


def diagnosis(model: DiagnosticModel, case: Case, fields: Fields = ()) -> Plain:
    """Answer with the report, as `lbp-infer --json` writes it.

    >>> import bayesnet
    >>> model = bayesnet.load_model("lbp-runner")
    >>> diagnosis(model, Case(evidence={"age": 42}), ["evidence.id", "should_stop"])
    {'evidence': [{'id': 'age'}], 'should_stop': False}
    """
    return _of_report(model, case, read_fields(fields, report_schema))


def triage(model: DiagnosticModel, case: Case, fields: Fields = ()) -> Plain:
    """Answer how urgent it is, why, and what would lower it."""
    parts = read_fields(fields, triage_schema) or _whole(TRIAGE)
    return _of_report(model, case, parts)


def suggestions(model: DiagnosticModel, case: Case, fields: Fields = ()) -> Plain:
    """Answer what to ask next and all that is open, with what each question is worth."""
    parts = read_fields(fields, suggested_schema) or _whole(SUGGESTED)
    return _of_report(model, case, parts)


def explanation(model: DiagnosticModel, case: ExplainedCase, fields: Fields = ()) -> Plain:
    """Answer why, as `lbp-infer explain --json`: for the causes named, else the leading ones."""
    parts = read_fields(fields, explain_schema)
    evidence = evidence_of(model, case.evidence)
    of_report = {name: parts.get(name, {}) for name in EXPLAINED if _wants(parts, name)}
    if _wants(parts, "reasoning"):
        report = model.diagnose(evidence, case.audience)
        told = _cut(report.to_dict(), of_report) if of_report else {}
        told["reasoning"] = to_builtins(_reasoning(model, evidence, case.causes, report))
    else:
        told = model.parts(evidence, list(_names(of_report)), case.audience)
    if _wants(parts, "pivotal_answers"):
        told["pivotal_answers"] = to_builtins(model.pivotal_answers(evidence, case.audience))
    return _cut(told, parts)


def what_if(model: DiagnosticModel, case: ChangedCase, fields: Fields = ()) -> Plain:
    """Answer with two reports, as `lbp-infer what-if --json`: as it is, and with the changes."""
    parts = read_fields(fields, what_if_schema)
    given = as_read(model, evidence_of(model, case.evidence))
    changed = as_read(model, evidence_of(model, case.change))
    if not changed:
        raise EvidenceError("'change' is empty; name an answer to put in place of the one given")
    other = evidence_of(model, {**given, **changed})
    changes = [to_builtins(Change(name, given.get(name), changed[name])) for name in changed]
    told: Plain = {"changes": changes}
    for name, evidence in (("before", given), ("after", other)):
        if _wants(parts, name):
            told[name] = _report(model, evidence, case.audience, parts.get(name, {}))
    return _cut(told, parts)


def interview(model: DiagnosticModel, step: InterviewStep, fields: Fields = ()) -> Plain:
    """Take an interview one step on: the session as it then is, the next question, the report.

    Nothing is kept here: `session` of the answer goes back with the next step.

    >>> import bayesnet
    >>> model = bayesnet.load_model("lbp-runner")
    >>> first = interview(model, InterviewStep(), ["session", "next_question.id"])
    >>> step = InterviewStep(session=first["session"], answers={first["next_question"]["id"]: 42})
    >>> interview(model, step, ["next_question.id"])
    {'next_question': {'id': 'sex'}}
    """
    parts = read_fields(fields, interview_schema)
    session = _stepped(_begun(model, step), step)
    told: dict[str, Callable[[], Any]] = {
        "session": session.to_dict,
        "next_question": lambda: to_builtins(session.next_question),
        "should_stop": lambda: session.should_stop,
        "stop_reason": lambda: session.stop_reason,
        "report": lambda: _report(
            model,
            evidence_of(model, as_read(model, session.given)),
            session.audience,
            parts.get("report", {}),
        ),
    }
    return _cut({name: make() for name, make in told.items() if _wants(parts, name)}, parts)


def read_fields(fields: Fields, schema: Callable[[], Mapping[str, Any]]) -> Wanted:
    """Read names of parts of a document; raises UnknownNameError and EvidenceError."""
    return wanted(fields, _made_once(schema)) if fields else {}


@cache
def _made_once(schema: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
    return schema()


def _whole(names: Sequence[str]) -> Wanted:
    return {name: {} for name in names}


def _of_report(model: DiagnosticModel, case: Case, parts: Wanted) -> Plain:
    return _report(model, evidence_of(model, case.evidence), case.audience, parts)


def _report(
    model: DiagnosticModel, evidence: Mapping[str, Any], audience: str, parts: Wanted
) -> Plain:
    if not parts:
        return model.diagnose(evidence, audience).to_dict()
    return model.parts(evidence, list(_names(parts)), audience)


def _reasoning(
    model: DiagnosticModel, evidence: Mapping[str, Any], causes: Sequence[str], report: Report
) -> Reasoning:
    """Account for the causes that are named, or else for the leading ones."""
    named = list(dict.fromkeys(causes))
    leading = [each.id for each in report.leading]
    reasoning = model.reasoning(evidence, list(dict.fromkeys([*named, *leading])))
    return about(reasoning, named) if named else reasoning


def _cut(document: Plain, parts: Wanted) -> Plain:
    found: Plain = chosen(document, parts)
    return found


def _wants(parts: Wanted, name: str) -> bool:
    return not parts or name in parts


def _names(parts: Wanted, above: str = "") -> Iterator[str]:
    """Yield the dotted names of what is wanted."""
    for name, within in parts.items():
        if within:
            yield from _names(within, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def _begun(model: DiagnosticModel, step: InterviewStep) -> Session:
    """Return the session that a step goes on from; raises EvidenceError where it is damaged."""
    if step.session is None:
        evidence = evidence_of(model, step.evidence)
        return model.interview(evidence, step.audience, step.policy or "care", step.most)
    if step.evidence:
        raise EvidenceError("'evidence' stands beside 'session'; give it as 'answers'")
    if step.policy is not None or step.most is not None:
        raise EvidenceError("'policy' and 'most' are the session's; leave them out")
    return Session.from_dict(model, step.session)


def _stepped(session: Session, step: InterviewStep) -> Session:
    if step.back:
        session = session.back()
    for name, answer in statements(step.answers):
        session = session.answer(name, answer)
    return session.more() if step.more else session
