"""Pages of a model: its network drawn, every number with its source, what overlays set."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bayesnet import DiagnosticModel
from bayesnet.diagnosis.report.citations import cited_figures
from bayesnet.model.lookup.graded_words import GRADE_WORDS, of_whom, uncertainty, value
from bayesnet.model.lookup.grades import GradedNumber, graded_numbers
from bayesnet.model.lookup.number_words import number_words
from bayesnet.tuning.graph.drawing import graph_svg
from bayesnet.tuning.graph.of_model import graph_of_model
from bayesnet.tuning.graph.parts import LAYERS, Graph, neighbourhood
from lbp_service.answers.catalogue import identity
from lbp_service.shelf.shelf import Shelf
from lbp_service.web.pages import Page
from lbp_service.web.refused import not_found_page

JUDGEMENT = "expert judgement"
DRAWN = 4
"""Models of which the drawings are kept."""


@dataclass(frozen=True)
class Told:
    """A number as the page tells it; base: what the model under the overlay has, where it differs.

    entry: the id that it belongs to, with its label; what: what it is, in words; of: the ids that
    it is about, such as a cause.
    """

    entry: str
    label: str
    what: str
    of: tuple[str, ...]
    value: str
    range: str
    grade: str
    sources: tuple[str, ...]
    why: str
    base: str = ""


def page_of(shelf: Shelf, name: str, entry: str | None) -> Page:
    """Make the page of a model, or of one entry; one that lists the models where there is none."""
    if name not in shelf.models:
        return not_found_page(shelf)
    return _model_page(shelf, name) if entry is None else _entry_page(shelf, name, entry)


def _model_page(shelf: Shelf, name: str) -> Page:
    """Make the page of a model: its parts, each with a page of its own, and all of it drawn."""
    model = shelf.model(name)
    graph = _graph(model)
    grades = [each.grade for each in graded_numbers(model.description)]
    return Page(
        "model.html.jinja",
        model.description.model.title,
        {
            **_about(shelf, name),
            "nodes": {layer: graph.layer(layer) for layer in LAYERS},
            "grades": {grade: (grades.count(grade), GRADE_WORDS[grade]) for grade in GRADE_WORDS},
            "drawn": graph_svg(graph, f"{model.description.model.title}: the network", ()),
            "changed": [each for each in _told(shelf, model) if each.base],
        },
    )


def _entry_page(shelf: Shelf, name: str, entry: str) -> Page:
    """Make the page of a cause, a finding, a risk factor or a pattern: drawn, and its numbers."""
    model = shelf.model(name)
    graph = _graph(model)
    labels = {node.id: node.label for node in graph.nodes}
    if entry not in labels:
        return not_found_page(shelf)
    near = neighbourhood(graph, entry)
    told = [each for each in _told(shelf, model) if entry in (each.entry, *each.of)]
    named = [source for each in told for source in each.sources]
    return Page(
        "entry.html.jinja",
        labels[entry],
        {
            **_about(shelf, name),
            "entry": entry,
            "told": told,
            "neighbours": [node for node in near.nodes if node.id != entry],
            "drawn": graph_svg(near, labels[entry], ()),
            "citations": cited_figures(named, model.description.figures),
        },
    )


def _about(shelf: Shelf, name: str) -> dict[str, Any]:
    model = shelf.model(name)
    about = identity(model)
    layers = [(each.id, each.version, each.made_for) for each in about.origin]
    return {
        "model": about,
        "layers": layers or [(about.id, about.version, "")],
        "name": name,
        "title_of": model.description.model.title,
    }


def _told(shelf: Shelf, model: DiagnosticModel) -> list[Told]:
    """Tell every number, beside that of the model under the overlays where that is served too."""
    labels = {node.id: node.label for node in _graph(model).nodes}
    base = _base(shelf, model)
    return [
        Told(
            entry=each.entry,
            label=labels.get(each.entry, each.entry.replace("_", " ")),
            what=_what(model, each),
            of=each.of,
            value=value(each),
            range=uncertainty(each),
            grade=each.grade,
            sources=tuple(source for source in each.sources if source != JUDGEMENT),
            why=each.why,
            base=_otherwise(base, each),
        )
        for each in graded_numbers(model.description)
    ]


def _what(model: DiagnosticModel, number: GradedNumber) -> str:
    """Say what a number is of, in a sentence where the model has one."""
    if number.kind in ("utility", "limit"):
        return of_whom(number)
    return number_words(model.description, number.path)


def _base(shelf: Shelf, model: DiagnosticModel) -> Mapping[Any, GradedNumber] | None:
    """Return the numbers of the model under the overlays, by path; None without overlays."""
    origin = identity(model).origin
    if len(origin) < 2:
        return None
    under = [each for each in shelf.models.values() if _is(each, origin[0].id)]
    return _by_path(graded_numbers(under[0].description)) if under else None


def _is(model: DiagnosticModel, name: str) -> bool:
    found = identity(model)
    return found.id == name and len(found.origin) < 2


def _by_path(numbers: Iterable[GradedNumber]) -> Mapping[Any, GradedNumber]:
    return {each.path: each for each in numbers}


def _otherwise(base: Mapping[Any, GradedNumber] | None, number: GradedNumber) -> str:
    """Say what the base has instead of a number; empty where it has the same."""
    if base is None:
        return ""
    was = base.get(number.path)
    if was is None:
        return "not there"
    same = (was.value, was.interval, was.sources) == (number.value, number.interval, number.sources)
    return "" if same else f"{value(was)} {uncertainty(was)}".strip()


@lru_cache(maxsize=DRAWN)
def _graph(model: DiagnosticModel) -> Graph:
    return graph_of_model(model)
