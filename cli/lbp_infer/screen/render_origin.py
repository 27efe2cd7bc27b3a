"""Render which file and line set each number of a model."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.report.identity import identity_of
from bayesnet.model.editing.addresses import addresses
from bayesnet.model.lookup.graded_words import value
from bayesnet.model.lookup.grades import GradedNumber
from bayesnet.model.reading.positions import Position, display_path
from bayesnet.model.reading.reader import ReadModel
from bayesnet.model.shipped import models_folder
from lbp_infer.screen.page import columns, paragraph, section

VALUES = ("value", "values", "relative_risk")


class NumberOrigin(msgspec.Struct, frozen=True):
    """A number with its name, as `model set` takes it, and the place that sets it."""

    name: str
    number: GradedNumber
    place: Position


def origins(read: ReadModel, numbers: Sequence[GradedNumber]) -> list[NumberOrigin]:
    """Find where each number is set."""
    names = {each.path: name for name, each in addresses(read.description).items()}
    found = []
    for number in numbers:
        there = read.root.find(number.path).children
        keys = [key for key in VALUES if key in there]
        place = read.root.place((*number.path, *keys[:1]))
        found.append(NumberOrigin(names[number.path], number, place))
    return found


def origin_page(read: ReadModel, found: Sequence[NumberOrigin]) -> list[RenderableType]:
    """Return the numbers below the file that sets them, each with its line."""
    by_file: dict[str, list[NumberOrigin]] = {}
    for each in found:
        by_file.setdefault(each.place.file, []).append(each)
    order = [display_path(file) for file in read.files]
    groups = []
    for file in sorted(by_file, key=order.index):
        rows = [
            (str(each.place.line), each.name, value(each.number))
            for each in sorted(by_file[file], key=lambda each: each.place)
        ]
        groups.append(section(shown(file), columns(rows, right=(0,), whole=(1,))))
    if not found:
        groups.append(paragraph("The numbers about it are in the model's network."))
    return [
        Text.assemble(("Where each number is set", "bold"), f"  {identity_of(read).name}"),
        *groups,
    ]


def origin_data(read: ReadModel, found: Sequence[NumberOrigin]) -> dict[str, Any]:
    """Return the same as plain data, for scripts."""
    return {
        "model": msgspec.to_builtins(identity_of(read)),
        "numbers": [
            {
                "name": each.name,
                "value": each.number.value,
                "file": each.place.file,
                "line": each.place.line,
                "column": each.place.column,
            }
            for each in found
        ],
    }


def shown(file: str) -> str:
    """Return a file's name; a shipped one's as it stands among the models."""
    shipped, path = models_folder().resolve(), Path(file).resolve()
    return str(path.relative_to(shipped)) if shipped in path.parents else file
