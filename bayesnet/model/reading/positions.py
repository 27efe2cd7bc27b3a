"""Keep data together with the place in a file that each key and value came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from bayesnet.model.format.description import KeyPath


class Position(Struct, frozen=True, order=True):
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Located:
    """A message about a place in a file; absent: as in `Problem`."""

    position: Position
    message: str
    absent: tuple[str, ...] = ()

    def __str__(self) -> str:
        # Names in a message come from the file; a line break in one may not break the line.
        message = "".join(c if c.isprintable() else repr(c)[1:-1] for c in self.message)
        return f"{self.position}: {message}"


class Node(Struct, frozen=True):
    """A value as plain data, its parts, and where it stands.

    children: the parts by key or index; keys: the place of each key; written: a scalar's text as it
    stands in the file; size: how many values are in it, itself included.
    """

    data: Any
    position: Position
    children: Mapping[str | int, "Node"] = {}
    keys: Mapping[str | int, Position] = {}
    written: str = ""
    size: int = 1

    def find(self, path: KeyPath) -> "Node":
        """Return the value under the path, or the deepest one on the way to it."""
        node = self
        for step in path:
            if step not in node.children:
                break
            node = node.children[step]
        return node

    def place(self, path: KeyPath) -> Position:
        """Return where an editor should go for this path: its key, or the item of a list.

        A path that leads nowhere gives the place of the deepest part that exists.
        """
        node, position = self, self.position
        for step in path:
            if step not in node.children:
                break
            child = node.children[step]
            position = node.keys.get(step, child.position)
            node = child
        return position


def with_children(node: Node, children: Mapping[str | int, Node]) -> Node:
    """Return a block or list with these parts in place of its own."""
    parts = [child.data for child in children.values()]
    data = parts if isinstance(node.data, list) else dict(zip(children, parts, strict=True))
    return structs.replace(node, data=data, children=children)


def display_path(path: Path) -> str:
    """Return the path as a person would type it: from the working directory where possible."""
    try:
        return str(path.absolute().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
