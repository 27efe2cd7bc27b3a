"""Render the codes of other systems: of one entry, as data, and where each is set."""

from collections.abc import Iterator
from typing import Any

from msgspec import to_builtins
from rich.console import RenderableType

from bayesnet.model.format.codings import Coding
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.lookup.codings import answer_of, codings_about
from bayesnet.model.reading.positions import Position
from bayesnet.model.reading.reader import ReadModel
from lbp_infer.screen.page import bullets, columns, section
from lbp_infer.screen.render_origin import shown


def codes_section(description: ModelDescription, name: str) -> Iterator[RenderableType]:
    """Yield the codes of an entry and of its answers; nothing where it has none."""
    codings = codings_about(description, name)
    if codings:
        yield section("Codes", bullets(_line(path, coding) for path, coding in codings))


def code_sources(description: ModelDescription, name: str) -> tuple[str, ...]:
    """Return where the codes of an entry were looked up."""
    codings = codings_about(description, name)
    return tuple(source for _, coding in codings for source in coding.source)


def codes_data(description: ModelDescription, name: str | None) -> list[dict[str, Any]]:
    """Return the codes of an entry, or of all, as plain data for scripts.

    Each with its id and, where it is of an answer, that.
    """
    return [
        {**_owner(path), **to_builtins(coding)} for path, coding in codings_about(description, name)
    ]


def code_origins(read: ReadModel, name: str | None) -> Iterator[RenderableType]:
    """Yield the codes of an entry, or of all, each with the file and line that set it."""
    rows = [
        (f"{shown(place.file)}:{place.line}", _named(path, coding), coding.display)
        for path, coding, place in _placed(read, name)
    ]
    if rows:
        yield section("Codes", columns(rows, whole=(1,)))


def code_origins_data(read: ReadModel, name: str | None) -> list[dict[str, Any]]:
    """Return the same as plain data, for scripts."""
    return [
        {
            **_owner(path),
            "system": coding.system,
            "code": coding.code,
            "file": place.file,
            "line": place.line,
            "column": place.column,
        }
        for path, coding, place in _placed(read, name)
    ]


def _placed(read: ReadModel, name: str | None) -> Iterator[tuple[KeyPath, Coding, Position]]:
    for path, coding in codings_about(read.description, name):
        yield path, coding, read.root.place((*path, "code"))


def _owner(path: KeyPath) -> dict[str, Any]:
    return {"id": path[1], "answer": answer_of(path) or None}


def _named(path: KeyPath, coding: Coding) -> str:
    return " ".join(filter(None, (str(path[1]), answer_of(path), coding.code)))


def _line(path: KeyPath, coding: Coding) -> str:
    answer = f"{answer_of(path)}: " if answer_of(path) else ""
    why = f": {coding.why}" if coding.why else ""
    return f"{answer}{coding.code} {coding.display} ({coding.system}){why}"
