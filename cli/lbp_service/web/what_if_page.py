"""The page that shows what other answers, or other numbers, would change; none of it is noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bayesnet import EvidenceError, ImpossibleEvidenceError, Session, UnknownNameError
from bayesnet.diagnosis.report.records import Report
from bayesnet.diagnosis.report.urgency_words import EMERGENCY
from lbp_service.web.pages import Page, Visit
from lbp_service.web.question_page import Option, wanted
from lbp_service.web.result_page import result_page
from lbp_service.web.state import check_typed, meant, spelled
from lbp_service.web.supposed_numbers import PREFIX, UNIT, Prevalence, prevalences, supposing

LEADING = 5
"""Causes that lead before or after, and are shown."""
SUPPOSED = "if."
"""Before the id in the name of a field."""


@dataclass(frozen=True)
class Supposed:
    """An answer that can be supposed otherwise.

    given: as it was answered, in the form's spelling; typed: as it is supposed; options: none for a
    number; error: why it is no answer.
    """

    id: str
    label: str
    text: str
    given: str
    typed: str
    options: tuple[Option, ...]
    unit: str
    limits: tuple[int | float, int | float] | None
    step: str
    error: str = ""


def what_if_page(visit: Visit) -> Page:
    """Make the page: each answer and leading cause as a control, and both conclusions."""
    if visit.session.report.triage.level == EMERGENCY:
        return result_page(visit)
    typed = visit.fields.under(SUPPOSED)
    added = visit.fields.first("add")
    names = list(dict.fromkeys([*visit.session.given, *typed, *([added] if added else [])]))
    controls = [
        _supposed(visit, name, typed.get(name)) for name in names if name in visit.model.findings
    ]
    before = visit.session.report
    leading = [each.id for each in before.causes[:LEADING]]
    numbers = prevalences(visit.model, leading, visit.fields.under(PREFIX))
    changed = {each.id: each.typed for each in controls if each.typed != each.given}
    other = [each for each in numbers if each.typed != each.given]
    mistakes = [(f"if-{e.id}", f"{e.label}: {e.error}") for e in controls if e.error]
    mistakes += [(f"prevalence-{e.id}", f"{e.label}: {e.error}") for e in numbers if e.error]
    compared = None
    if not mistakes and (changed or other):
        compared, error = _compared(visit, changed, other)
        first = f"prevalence-{other[0].id}" if other else f"if-{next(iter(changed))}"
        mistakes += [(first, error)] if error else []
    return visit.page(
        "what_if.html.jinja",
        "What if",
        422 if mistakes else 200,
        controls=controls,
        numbers=numbers,
        unit=UNIT,
        mistakes=mistakes,
        spoken=_spoken(mistakes, compared),
        compared=compared,
        before=before,
        addable=[each for each in before.questions if each.id not in names],
    )


def _spoken(mistakes: Sequence[tuple[str, str]], compared: Mapping[str, Any] | None) -> str:
    """Say in a line what the page shows, for those who hear it."""
    if mistakes:
        return mistakes[0][1]
    if compared is None:
        return "Nothing is changed."
    after: Report = compared["after"]
    leading = ", ".join(each.label for each in after.causes[:1])
    first = "" if after.triage.level == EMERGENCY else f" Most probable: {leading}."
    return f"{'; '.join(compared['said'])}. How urgent: {after.urgency}.{first}"


def _supposed(visit: Visit, name: str, typed: str | None) -> Supposed:
    known, given = visit.model.findings[name], visit.session.given
    was = spelled(given[name]) if name in given else ""
    text = was if typed is None else typed
    options = [Option(spelled(c.value), c.label, spelled(c.value) == text) for c in known.choices()]
    options.append(Option(spelled(None), "Not known", text == spelled(None)))
    if name not in given:
        options.insert(0, Option("", "Not asked", not text))
    return Supposed(
        id=name,
        label=known.label,
        text=known.asked.question,
        given=was,
        typed=text,
        options=() if known.is_number else tuple(options),
        unit=known.answer.unit,
        limits=known.limits,
        step="any" if known.takes_decimals else "1",
        error="" if not text or _is_answer(visit, name, text) else wanted(visit, name),
    )


def _is_answer(visit: Visit, name: str, text: str) -> bool:
    try:
        check_typed(visit.model, name, text)
    except (UnknownNameError, EvidenceError):
        return False
    return True


def _compared(
    visit: Visit, changed: Mapping[str, str], other: Sequence[Prevalence]
) -> tuple[Mapping[str, Any] | None, str]:
    """Return both conclusions, or why there is no second one."""
    session: Session = visit.session
    try:
        shares = tuple((each.id, each.share) for each in other)
        session = replace(session, model=supposing(visit.model, shares))
        for name, text in changed.items():
            if text:
                session = session.answer(name, meant(text))
        after = session.report
    except ImpossibleEvidenceError as error:
        labels = [visit.model.findings[each].label for each in error.conflicting]
        return None, f"These cannot all be true: {'; '.join(labels)}."
    except EvidenceError as error:
        return None, f"{error}."
    said = {item.id: item.label for item in after.evidence}
    before = visit.session.report
    return {
        "after": after,
        "said": [said[name] for name in changed if name in said] + [each.said for each in other],
        "rows": _rows(before, after),
        "next": [_next(before), _next(after)],
    }, ""


def _rows(before: Report, after: Report) -> list[dict[str, Any]]:
    """Return the causes that lead before or after, with both probabilities."""
    shown = [each.id for each in before.causes[:LEADING]]
    shown += [each.id for each in after.causes[:LEADING] if each.id not in shown]
    return [
        {"label": was.label, "before": was.probability, "after": after.cause(name).probability}
        for name in shown
        for was in [before.cause(name)]
    ]


def _next(report: Report) -> str:
    return "none" if report.next_question is None else report.next_question.text
