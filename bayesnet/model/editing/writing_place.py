"""Find the file of a model in which a number is written, and its path there."""

from dataclasses import dataclass

from msgspec import structs

from bayesnet.model.editing.addresses import Addressed
from bayesnet.model.editing.splicing import flow_text
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
    """A file, and a number as that file has it or gets it."""

    file: ModelFile
    found: Addressed


def writing_place(stack: Stack, found: Addressed) -> WritingPlace:
    """Return where a number is written: in what a model adds to its base, if it has one.

    It is where the number stands, else in the file of its entry, else in the main file.
    """
    roots = [(file, file.root) for file in stack.top.files if file.root is not None]
    places = [(root, WritingPlace(file, _in_file(root, found))) for file, root in roots]
    for end in (len(found.path), _ENTRY):
        for root, place in places:
            if _holds(root, place.found.path[:end]):
                return place
    return places[0][1]


def _in_file(root: Node, found: Addressed) -> Addressed:
    """Return a number as one file has it, whose rows are not counted as in the whole model."""
    if not isinstance(found.number, RiskRow | ConditionalFrequency):
        return found
    *way, _ = found.path
    kind, told = type(found.number).__name__, about(found.number)
    rows = root.find(tuple(way)).children if _holds(root, tuple(way)) else {}
    at = same_row(dict(enumerate(rows.values())), told, kind)
    if at is not None:
        return structs.replace(found, path=(*way, at))
    row = {key: flow_text(value) for key, value in told.items()}
    return structs.replace(found, path=(*way, len(rows)), row=row)


def _holds(node: Node, path: KeyPath) -> bool:
    for step in path:
        if step not in node.children:
            return False
        node = node.children[step]
    return True
