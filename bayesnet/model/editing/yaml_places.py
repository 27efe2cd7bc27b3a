"""Where each value of a YAML text starts and ends, as offsets into the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from bayesnet.errors import EvidenceError
from bayesnet.model.format.description import KeyPath

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Place:
    """A key with its value: offsets of the key's start and of both ends of the value.

    column: of the key, from 0; node: the value as the YAML library has it; text: the whole text. An
    entry of a list, and the file as a whole, have the key where the value starts.
    """

    key: int
    start: int
    end: int
    column: int
    node: Any
    text: str

    @property
    def is_block(self) -> bool:
        """Whether the value is a block of lines, and not written in brackets on the spot."""
        return not self.is_scalar and not self.node.flow_style

    @property
    def is_scalar(self) -> bool:
        """Whether the value is a text or number, with nothing in it."""
        return isinstance(self.node, yaml.ScalarNode)

    @property
    def is_empty(self) -> bool:
        """Whether there is no value after the key."""
        return self.is_scalar and self.start == self.end


def place_of(text: str, path: KeyPath) -> Place | None:
    """Find the value under a path of keys and indices; None where there is none.

    Raises EvidenceError for a value that another place holds (`*name`).

    >>> found = place_of("a: {b: [1, 22]}", ("a", "b", 1))
    >>> found.start, found.end
    (11, 13)
    """
    root = yaml.compose(text, Loader=_LOADER)
    if root is None:
        return None
    place = Place(0, root.start_mark.index, _end(root, text), 0, root, text)
    for step in path:
        within = [each for at, each in entries(place) if at == step]
        if len(within) != 1:
            return None
        place = within[0]
        if place.start < place.key:
            where = ".".join(map(str, path))
            raise EvidenceError(
                f"'{where}' is written as a reference (&name, *name), which changes in all its "
                "places at once; write the value out there first"
            )
    return place


def entries(place: Place) -> Iterator[tuple[str | int, Place]]:
    """Yield the entries of a block or list in their order, each with its key or index.

    That of a value which another place holds starts before its key.
    """
    node = place.node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            mark = key.start_mark
            start, end = value.start_mark.index, _end(value, place.text)
            yield key.value, Place(mark.index, start, end, mark.column, value, place.text)
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            mark = value.start_mark
            key = max(mark.index, place.start)
            end = _end(value, place.text)
            yield at, Place(key, mark.index, end, mark.column, value, place.text)


def _end(node: Any, text: str) -> int:
    """Return where a value ends: a block's mark lies behind it, its last part's does not.

    That of a text of several lines (`>-`) lies behind the empty lines that follow.
    """
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return len(text[: node.end_mark.index].rstrip())
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    parts = last if isinstance(last, tuple) else (last,)
    return max(_end(part, text) for part in parts)
