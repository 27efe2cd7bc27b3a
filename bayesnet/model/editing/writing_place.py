"""Find the file of a model, and the path in it, at which a number is written."""

from dataclasses import dataclass

from bayesnet.model.editing.addresses import Addressed
from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.numbers import ConditionalFrequency, RiskRow
from bayesnet.model.overlays.rows import about, same_row
from bayesnet.model.overlays.stack import Stack
from bayesnet.model.reading.files import ModelFile
from bayesnet.model.reading.positions import Node

_ENTRY = 2
"""Length of the path of an entry: its section and its id."""


@dataclass(frozen=True)
class WritingPlace:
    """A file, and the path of a number in it; a list index behind its end stands for a new row."""

    file: ModelFile
    path: KeyPath


def writing_place(stack: Stack, found: Addressed) -> WritingPlace:
    """Return where a number is written: in what a model adds to its base, if it has one.

    It is where the number stands, else in the file of its entry, else in the main file.
    """
    places = [
        WritingPlace(file, _own_path(file.root, found))
        for file in stack.top.files
        if file.root is not None
    ]
    for end in (len(found.path), _ENTRY):
        for place in places:
            if place.file.root is not None and _holds(place.file.root, place.path[:end]):
                return place
    return places[0]


def _own_path(root: Node, found: Addressed) -> KeyPath:
    """Return a number's path in one file, whose rows are not counted as in the whole model."""
    if not isinstance(found.number, RiskRow | ConditionalFrequency):
        return found.path
    kind, rows = type(found.number).__name__, root
    for step in found.path[:-1]:
        if step not in rows.children:
            return (*found.path[:-1], 0)
        rows = rows.children[step]
    at = same_row(dict(enumerate(rows.children.values())), about(found.number), kind)
    return (*found.path[:-1], len(rows.children) if at is None else at)


def _holds(node: Node, path: KeyPath) -> bool:
    for step in path:
        if step not in node.children:
            return False
        node = node.children[step]
    return True
