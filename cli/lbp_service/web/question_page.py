"""The page of one question, or of a screen as one list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bayesnet.diagnosis.report.records import Choice, NextQuestion
from lbp_service.web.pages import Page, Visit
from lbp_service.web.state import spelled

LEADING = 3
"""Causes that are named beside a question."""
SO_FAR = (
    "triage.level",
    "triage.label",
    "triage.message",
    "causes.id",
    "causes.label",
    "causes.probability",
)


@dataclass(frozen=True)
class Option:
    """An answer on offer: the text that the form sends, its words, and whether it is chosen."""

    text: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """A question as it stands on a page.

    options: the answers, none for a number, whose unit and limits then count; typed: what stands in
    the field; opened: the screen of which it is a line, so that all the rest can be denied.
    """

    id: str
    text: str
    reason: str
    options: tuple[Option, ...]
    typed: str
    unit: str = ""
    limits: tuple[int | float, int | float] | None = None
    takes_decimals: bool = False
    by_expert: bool = False
    opened: str = ""


def next_page(visit: Visit, question: NextQuestion, typed: str = "", error: str = "") -> Page:
    """Make the page of the next question; typed: what is filled in; error: why it was refused."""
    if question.items and visit.state.opened == question.id:
        line = question.items[0]
        asked = _asked(visit, line.id, line.text, line.choices, question.reason, typed, question.id)
        return _page(visit, asked, error)
    if question.items:
        return gate_page(visit, question, (), error)
    asked = _asked(visit, question.id, question.text, question.choices, question.reason, typed)
    return _page(visit, asked, error)


def gate_page(
    visit: Visit,
    question: NextQuestion,
    ticked: Iterable[str],
    error: str = "",
    denied: bool = False,
) -> Page:
    """Make the page of a screen; ticked: ids of lines that are; denied: whether all were."""
    chosen = set(ticked)
    lines = [Option(each.id, each.text, each.id in chosen) for each in question.items]
    return visit.page(
        "gate.html.jinja",
        question.text,
        422 if error else 200,
        question=question,
        lines=lines,
        denied=denied,
        error=error,
        number=len(visit.session.steps) + 1,
        so_far=so_far(visit),
    )


def page_about(visit: Visit, name: str, typed: str, error: str = "") -> Page:
    """Make the page of the question about anything that can be answered, asked now or not."""
    known = visit.model.findings[name]
    asked = _asked(visit, name, known.asked.question, known.choices(), "", typed)
    return _page(visit, asked, error, changing=not error)


def wanted(visit: Visit, name: str) -> str:
    """Say what an answer can be, for one that is none."""
    known = visit.model.findings[name]
    if known.limits is None:
        return "Choose one of the answers."
    low, high = known.limits
    kind = "a number, decimals after a point," if known.takes_decimals else "a whole number"
    unit = f" ({known.answer.unit})" if known.answer.unit else ""
    return f"Enter {kind} from {low} to {high}{unit}, without words."


def so_far(visit: Visit) -> dict[str, Any]:
    """Return how urgent it is so far, and the leading causes."""
    parts = visit.session.parts(SO_FAR)
    return {"triage": parts["triage"], "causes": parts["causes"][:LEADING]}


def _asked(
    visit: Visit,
    name: str,
    text: str,
    choices: Sequence[Choice],
    reason: str,
    typed: str,
    opened: str = "",
) -> Asked:
    known = visit.model.findings[name]
    options = tuple(
        Option(spelled(each.value), each.label, spelled(each.value) == typed) for each in choices
    )
    return Asked(
        id=name,
        text=text,
        reason=reason,
        options=options,
        typed=typed,
        unit=known.answer.unit,
        limits=known.limits,
        takes_decimals=known.takes_decimals,
        by_expert=known.asked.asked_of != "self",
        opened=opened,
    )


def _page(visit: Visit, asked: Asked, error: str, changing: bool = False) -> Page:
    return visit.page(
        "question.html.jinja",
        asked.text,
        422 if error else 200,
        asked=asked,
        error=error,
        changing=changing,
        number=len(visit.session.steps) + 1,
        so_far=so_far(visit),
    )
