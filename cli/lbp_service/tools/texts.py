"""Say in about ten lines what a document holds, the urgency first and the disclaimer last."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bayesnet.diagnosis.report.percentages import percent, percent_range
from lbp_service.tools.brevity import is_emergency

Document = Mapping[str, Any]
LEADING = 3
"""Causes that are named."""
FEW = 2
"""Reasons, and warnings, that are said."""
LISTED = 8
"""Entries of a list that are said."""


def report_text(report: Document) -> str:
    """Say what a report, or the parts of one, holds."""
    return _lines(*_urgency(report), *_rest(report), *_end(report))


def turn_text(turn: Document) -> str:
    """Say where an interview stands: the urgency so far, and what to ask or why it stops."""
    report = turn["report"]
    if is_emergency(report):
        return report_text(report)
    # Whole reports hold what comes next as well.
    parts = {name: part for name, part in report.items() if name not in NEXT}
    rest = [*_rest(parts), *_next(turn)]
    return _lines(*_urgency(report), *rest, *_end(report))


def explained_text(document: Document) -> str:
    """Say what each answer adds to a cause, the strongest first."""
    told = [line for each in document["reasoning"]["causes"] for line in _account(each)]
    return _lines(*_urgency(document), *told, *_end(document))


def what_if_text(document: Document) -> str:
    """Say what other answers change."""
    before, after = document["before"], document["after"]
    if is_emergency(before):
        return report_text(before)
    told = [f"If it were otherwise: {line}" for line in _urgency(after)]
    if not is_emergency(after):
        told += [*_moved(before["causes"], after["causes"]), *_other_care(before, after)]
    return _lines(*_urgency(before), *told, *_end(before))


def findings_text(document: Document) -> str:
    """List findings with their questions and answers."""
    findings = document["findings"]
    told = [f"{each['id']}: {each['text']} {_answers(each)}" for each in findings[:LISTED]]
    return _lines(f"Findings: {len(findings)}.", *told, *_more(findings))


def numbers_text(document: Document) -> str:
    """List numbers with what they rest on."""
    numbers = document["numbers"]
    told = [_number(each) for each in numbers[:LISTED]]
    return _lines(f"{document['model']['title']}; numbers: {len(numbers)}.", *told, *_more(numbers))


NEXT = ("next_question", "should_stop", "stop_reason")


def _lines(*lines: str) -> str:
    return "\n".join(" ".join(each.split()) for each in lines if each)


def _urgency(report: Document) -> Iterator[str]:
    triage = report["triage"]
    so_far = ", so far" if triage["provisional"] else ""
    yield f"URGENCY ({triage['label']}{so_far}): {triage['message']}"
    yield from (each["message"] for each in triage["scope"])
    most = None if is_emergency(report) else FEW
    yield from (f"Why: {each['reason']}" for each in triage["reasons"][:most])
    if triage["ask_first"]:
        asked = ", ".join(f"{each['label']} ({each['id']})" for each in triage["ask_first"])
        yield f"This may still fall; ask first: {asked}."


def _rest(report: Document) -> Iterator[str]:
    if is_emergency(report):
        return
    yield from report.get("warnings", ())[:FEW]
    if causes := report.get("causes"):
        yield f"Most probable: {'; '.join(map(_cause, causes[:LEADING]))}."
    if missed := report.get("must_not_miss"):
        named = (f"{each['label']} {percent(each['probability'])}" for each in missed)
        yield f"Not to be missed: {', '.join(named)}."
    if care := report.get("pathway"):
        first = f": {care['phases'][0]['goal']}" if care["phases"] else ""
        yield f"Care that fits: {care['label']}{first}"
    yield from _next(report)


def _next(document: Document) -> Iterator[str]:
    if question := document.get("next_question"):
        yield f"Next question ({question['id']}): {question['text']} {_answers(question)}"
    elif document.get("stop_reason"):
        yield f"No further question: {document['stop_reason']}"


def _end(report: Document) -> Iterator[str]:
    unsafe = report["model"]["unsafe"]
    yield f"This model is unsafe: {'; '.join(unsafe)}." if unsafe else ""
    yield report["disclaimer"]


def _cause(cause: Document) -> str:
    within = percent_range(cause["interval"])
    known = f"{within}; " if within else ""
    prior = percent(cause["prior"])
    return f"{cause['label']} {percent(cause['probability'])} ({known}{prior} before any answer)"


def _answers(asked: Document) -> str:
    """Say how to answer a question, in the values that go back."""
    if items := asked.get("items"):
        lines = "; ".join(f"{each['id']}: {each['text']}" for each in items)
        return f'Lines: {lines}. To deny all: {{"{asked["id"]}": "none"}}.'
    if not asked["choices"]:
        return f"A number{', ' + asked['unit'] if asked['unit'] else ''}; null: not known."
    choices = ", ".join(f"{_value(each['value'])}: {each['label']}" for each in asked["choices"])
    return f"{choices}, null: not known."


def _value(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _account(cause: Document) -> Iterator[str]:
    yield (
        f"{cause['label']}: {percent(cause['prior'])} before any answer, now "
        f"{percent(cause['probability'])}. Answers, in decibans (10: odds ten times as high):"
    )
    for each in cause["contributions"][:LISTED]:
        yield f"{each['decibans']:+.1f} {', '.join(each['labels'])}"
    yield from _more(cause["contributions"])


def _moved(before: Sequence[Document], after: Sequence[Document]) -> Iterator[str]:
    was = {each["id"]: each["probability"] for each in before}
    moved = sorted(after, key=lambda each: -abs(each["probability"] - was[each["id"]]))
    named = (
        f"{each['label']} {percent(was[each['id']])} -> {percent(each['probability'])}"
        for each in moved[:LEADING]
    )
    yield f"Causes that move most: {'; '.join(named)}."


def _other_care(before: Document, after: Document) -> Iterator[str]:
    one, other = before["pathway"], after["pathway"]
    if one and other:
        same = one["id"] == other["id"]
        yield f"Care that fits: {one['label']}{', as before' if same else ' -> ' + other['label']}."


def _number(number: Document) -> str:
    within = number["interval"]
    known = f" ({within[0]:g} to {within[1]:g})" if within else ""
    return (
        f"{number['at']} = {_figure(number['value'])}{known}: {number['what']}; "
        f"{number['grade']}: {', '.join(number['sources'])}"
    )


def _figure(value: float | Mapping[str, float]) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{state} {share:g}" for state, share in value.items())
    return f"{value:g}"


def _more(entries: Sequence[object]) -> Iterator[str]:
    if len(entries) > LISTED:
        yield f"... and {len(entries) - LISTED} more."
