"""Pages for what cannot be gone on with as it is: each keeps what was said, and says what helps."""

from typing import Any

from bayesnet import DiagnosticModel
from lbp_service.shelf.shelf import Shelf
from lbp_service.web.pages import Page
from lbp_service.web.state import State

LONGEST = 200
"""Characters of a damaged answer that are shown."""


def damaged_page(model: DiagnosticModel, state: State, lost: tuple[str, ...]) -> Page:
    """Say which answers this model cannot read; state: with all others."""
    shown = [each if len(each) <= LONGEST else f"{each[:LONGEST]}…" for each in lost]
    title = "Some answers could not be read"
    return _page("damaged.html.jinja", title, state, lost=shown, kept=_labels(model, state))


def misfit_page(model: DiagnosticModel, state: State, why: str) -> Page:
    """Say that the answers cannot all be true, each to be taken out; why: in words."""
    title = "These answers do not go together"
    return _page("misfit.html.jinja", title, state, why=why, kept=_labels(model, state))


def no_model_page(shelf: Shelf, state: State) -> Page:
    """Say that the model is not served, and offer those that are."""
    title = "This model is not here any more"
    return _page("no_model.html.jinja", title, state, models=shelf.listed().models)


def not_found_page(shelf: Shelf) -> Page:
    """Say that there is no such page, and which models there are."""
    title = "There is nothing here"
    return _page("not_found.html.jinja", title, State(), 404, models=shelf.listed().models)


def unwell_page(state: State, status: int, why: str) -> Page:
    """Say that there is no answer now; state: to send again."""
    return _page("unwell.html.jinja", "There is no answer just now", state, status, why=why)


def _page(template: str, title: str, state: State, status: int = 422, **holds: Any) -> Page:
    return Page(template, title, {"state": state, **holds}, status)


def _labels(model: DiagnosticModel, state: State) -> list[str]:
    """Return each answer in words, as far as its id is known."""
    found = []
    for each in state.said:
        name, _, text = each.partition("=")
        asked = model.findings.get(name)
        gate = model.description.interview.gates.get(name)
        label = asked.label if asked else gate.question if gate else name
        found.append(f"{label}: {'not known' if text == '?' else text.replace('_', ' ')}")
    return found
