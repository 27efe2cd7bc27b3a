"""Answer a form of the page: take the interview one step on, and say which page comes next."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bayesnet import (
    DiagnosticModel,
    EvidenceError,
    ImpossibleEvidenceError,
    Session,
    UnknownNameError,
)
from lbp_service.shelf.shelf import Shelf
from lbp_service.web.fields import Fields
from lbp_service.web.pages import Page, Visit
from lbp_service.web.question_page import gate_page, next_page, page_about, wanted
from lbp_service.web.refused import damaged_page, misfit_page, no_model_page
from lbp_service.web.result_page import result_page
from lbp_service.web.state import (
    AUDIENCES,
    NONE_OF_THESE,
    State,
    check_typed,
    meant,
    session_of,
    spelled,
    state_of,
    unreadable,
)
from lbp_service.web.what_if_page import what_if_page

RENEWED = (
    "The model was renewed since you began. Your answers are all here; questions may come in "
    "another order."
)
NOTHING_CHOSEN = "Tick what applies, or 'None of these'."
BOTH_CHOSEN = "Tick either what applies or 'None of these', not both."
NOTHING_MORE = "There is nothing more to ask."
CHANGE_REMEDY = "Give another answer here, or change the earlier one under 'Your answers'."


def answer(shelf: Shelf, fields: Fields, telephone: str = "") -> Page:
    """Answer a form; whatever it holds, there is a page that keeps what was said.

    telephone: the number to call in an emergency, empty for none.
    """
    state = state_of(fields)
    word, _, about = fields.first("do").partition(" ")
    if word == "without":
        state = _without(state, about)
    try:
        model = shelf.model(state.model or None)
    except UnknownNameError:
        return no_model_page(shelf, state)
    try:
        session = session_of(model, state)
    except (UnknownNameError, EvidenceError, ImpossibleEvidenceError) as error:
        return _unheard(model, state, error)
    visit = Visit(model, state, session, fields, telephone)
    if state.sha256 and state.sha256 != model.compiled.sha256:
        visit = visit.noting(RENEWED)
    return ACTS.get(word, _go)(visit.after(session, state.opened), about)


def _unheard(model: DiagnosticModel, state: State, error: Exception) -> Page:
    """Make the page of answers that cannot be read, or cannot all be true."""
    lost = unreadable(model, state)
    if lost:
        kept = tuple(each for each in state.said if each not in lost)
        return damaged_page(model, replace(state, said=kept), lost)
    return misfit_page(model, state, str(error))


def _without(state: State, about: str) -> State:
    """Return the state without the answer at a place; as it is where there is none."""
    if not about.isdecimal() or int(about) >= len(state.said):
        return state
    at = int(about)
    return replace(state, said=(*state.said[:at], *state.said[at + 1 :]))


def _go(visit: Visit, _: str = "", typed: str = "") -> Page:
    """Go on with the next question, or with the result where there is none."""
    question = visit.session.next_question
    if question is None or visit.session.should_stop:
        return result_page(visit)
    return next_page(visit, question, typed)


def _answered(visit: Visit, _: str) -> Page:
    """Take the answer to the question of the form."""
    name = visit.fields.first("asked")
    if name in visit.model.description.interview.gates:
        return _screened(visit, name)
    if name not in visit.model.findings:
        said = f"{name}={visit.fields.first('answer')}"
        return damaged_page(visit.model, visit.state, (said,))
    typed = visit.fields.first("answer")
    return _said(visit, name, typed) if typed else _refused(visit, name, typed, "")


def _said(visit: Visit, name: str, typed: str) -> Page:
    """Take one answer to one question; typed: as the form has it."""
    try:
        check_typed(visit.model, name, typed)
    except (UnknownNameError, EvidenceError):
        return _refused(visit, name, typed, "")
    later = _heard(visit, {name: meant(typed)})
    if isinstance(later, str):
        return _refused(visit, name, typed, later)
    return _go(visit.after(later, visit.state.opened))


def _heard(visit: Visit, answers: Mapping[str, Any]) -> Session | str:
    """Return the session after answers or, where they do not go with the others, why."""
    session = visit.session
    try:
        for name, value in answers.items():
            session = session.answer(name, value)
    except ImpossibleEvidenceError as error:
        labels = [visit.model.findings[each].label for each in error.conflicting]
        return f"These cannot all be true: {'; '.join(labels)}. {CHANGE_REMEDY}"
    except EvidenceError as error:
        return f"{error}. {CHANGE_REMEDY}"
    return session


def _refused(visit: Visit, name: str, typed: str, said: str) -> Page:
    """Ask again, with what was typed and why it is no answer."""
    error = said or wanted(visit, name)
    question = visit.session.next_question
    if question is not None:
        opened = visit.state.opened == question.id and question.items
        if name == (question.items[0].id if opened else question.id):
            return next_page(visit, question, typed, error)
    return page_about(visit, name, typed, error)


def _screened(visit: Visit, name: str) -> Page:
    """Take the answer to a screen: none of its lines, or those that apply."""
    ticked, none = visit.fields.all("line"), visit.fields.first("none") == "yes"
    lines = visit.model.description.interview.gates[name].lines
    ticked = tuple(each for each in dict.fromkeys(ticked) if each in lines)
    question = visit.session.next_question
    if bool(ticked) == none:
        if question is None or question.id != name:
            return _go(visit)
        error = BOTH_CHOSEN if none else NOTHING_CHOSEN
        return gate_page(visit, question, ticked, error, none)
    later = _heard(visit, {name: NONE_OF_THESE} if none else dict.fromkeys(ticked, True))
    if not isinstance(later, str):
        return _go(visit.after(later, "" if none else name))
    if question is None or question.id != name:
        return _go(visit.noting(later))
    return gate_page(visit, question, ticked, later, none)


def _unknown(visit: Visit, _: str) -> Page:
    name = visit.fields.first("asked")
    if name not in visit.model.findings:
        return _go(visit)
    return _said(visit, name, spelled(None))


def _opened(visit: Visit, _: str) -> Page:
    """Ask the lines of the screen one by one."""
    return _go(visit.after(visit.session, visit.fields.first("asked")))


def _none_left(visit: Visit, _: str) -> Page:
    """Deny all lines of the opened screen that are still open."""
    if visit.state.opened not in visit.model.description.interview.gates:
        return _go(visit)
    later = _heard(visit, {visit.state.opened: NONE_OF_THESE})
    return _go(visit.noting(later) if isinstance(later, str) else visit.after(later))


def _back(visit: Visit, _: str) -> Page:
    """Take the last answer back, and fill it in; close a screen of which no line is left.

    A line that was ticked is not asked alone: the screen is shown again with its ticks.
    """
    gates, opened = visit.model.description.interview.gates, visit.state.opened
    lines = gates[opened].lines if opened in gates else ()
    steps = visit.session.steps
    if not steps or (opened in gates and steps[-1].id not in lines):
        return _go(visit.after(visit.session))
    taken, session = steps[-1], visit.session.back()
    still = session.steps and session.steps[-1].id in lines
    page = visit.after(session, opened if still else "")
    question = session.next_question
    if question is not None and question.items and not page.state.opened:
        denied = taken.id == question.id and taken.value == NONE_OF_THESE
        ticked = (taken.id,) if taken.value is True else ()
        return gate_page(page, question, ticked, denied=denied)
    asked = question.items[0].id if question and question.items else question and question.id
    if asked != taken.id:
        # What was changed stands again as it was; it is not what is asked now.
        return _go(page)
    return _go(page, typed=spelled(taken.value))


def _answers(visit: Visit, _: str) -> Page:
    """Show all that was answered, each to be changed."""
    evidence = visit.session.parts(["evidence"])["evidence"]
    return visit.page("answers.html.jinja", "Your answers", evidence=evidence)


def _change(visit: Visit, name: str) -> Page:
    """Ask again about something that was answered."""
    if name not in visit.model.findings:
        return _answers(visit, "")
    given = visit.session.given
    return page_about(visit, name, spelled(given[name]) if name in given else "")


def _more(visit: Visit, _: str) -> Page:
    further = visit.session.more()
    visit = replace(visit, state=replace(visit.state, more=True)).after(further)
    if further.next_question is None:
        visit = visit.noting(NOTHING_MORE)
    return _go(visit)


def _result(visit: Visit, _: str) -> Page:
    return result_page(visit)


def _for_audience(visit: Visit, audience: str) -> Page:
    """Show the result to another reader, who is then also asked as such."""
    if audience in AUDIENCES:
        visit = visit.after(replace(visit.session, audience=audience))
    return result_page(visit)


def _what_if(visit: Visit, _: str) -> Page:
    return what_if_page(visit)


ACTS: Mapping[str, Callable[[Visit, str], Page]] = {
    "answer": _answered,
    "unknown": _unknown,
    "open": _opened,
    "none_left": _none_left,
    "back": _back,
    "answers": _answers,
    "change": _change,
    "more": _more,
    "result": _result,
    "audience": _for_audience,
    "what_if": _what_if,
}
"""{word of the button that was pressed: what it does}; any other goes on with the interview."""
