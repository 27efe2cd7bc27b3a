"""Read an overlay and what it extends, in turn down to a model that extends nothing."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bayesnet.errors import EvidenceError
from bayesnet.model.reading.files import ModelFile, ModelFiles, read_files
from bayesnet.model.reading.positions import Located, Node, Position
from bayesnet.model.shipped import find_model

EXTENDS = "extends"
_VERSIONED = re.compile(r"(?P<name>.+)@(?P<version>[0-9][0-9A-Za-z.+-]*)")


@dataclass(frozen=True)
class Extended:
    """What an overlay says it extends: a name or path, the version it was made for, and where."""

    name: str
    version: str
    position: Position


@dataclass(frozen=True)
class Layer:
    """One model of a stack: its own files, and what it extends; None for the lowest."""

    files: ModelFiles
    extends: Extended | None

    @property
    def main(self) -> ModelFile:
        """Return the main file."""
        return self.files.files[0]


@dataclass(frozen=True)
class Stack:
    """A model and what it extends in turn, the lowest first; what is wrong with how they extend."""

    layers: tuple[Layer, ...]
    problems: tuple[Located, ...]

    @property
    def top(self) -> ModelFiles:
        """Return the files of the model that was asked for."""
        return self.layers[-1].files

    @property
    def complete(self) -> bool:
        """Whether every file of every layer could be read."""
        return not self.problems and all(layer.files.complete for layer in self.layers)

    @property
    def files(self) -> tuple[ModelFile, ...]:
        """Return the files of all layers, those of the model that was asked for first."""
        return tuple(file for layer in reversed(self.layers) for file in layer.files.files)


def read_stack(main: Path, instead: Mapping[Path, bytes] | None = None) -> Stack:
    """Read a model file and whatever it extends.

    instead: {a file: what is read in place of its content}. Never raises on what the files hold.
    """
    layers: list[Layer] = []
    problems: list[Located] = []
    seen: set[str] = set()
    path: Path | None = main
    while path is not None:
        files = read_files(path, instead)
        extends, found = _extended(files.files[0])
        layers.append(Layer(files, extends))
        problems += found
        path = None
        if extends is not None:
            seen.add(os.path.realpath(files.files[0].path))
            path, found = _base(extends, files.files[0].path.parent, seen)
            problems += found
    return Stack(tuple(reversed(layers)), tuple(problems))


def _extended(main: ModelFile) -> tuple[Extended | None, list[Located]]:
    """Return what a main file extends, if it says so in a way that can be read."""
    given = main.root.children.get(EXTENDS) if main.root else None
    if given is None:
        return None, []
    if not isinstance(given.data, str) or not given.data.strip():
        message = "`extends` takes one model: a shipped one such as lbp-runner, or the path of one"
        return None, [Located(given.position, message)]
    return _versioned(given, main.path.parent), []


def _versioned(given: Node, folder: Path) -> Extended:
    """Tell a name from the version after its @, which may also stand in the name of a file."""
    text = str(given.data).strip()
    found = _VERSIONED.fullmatch(text)
    if found is None or (folder / text).exists():
        return Extended(text, "", given.position)
    return Extended(found["name"], found["version"], given.position)


def _base(extends: Extended, folder: Path, seen: set[str]) -> tuple[Path | None, list[Located]]:
    """Find the main file of what is extended; None where there is none to extend."""
    try:
        found = find_model(extends.name, folder)
    except EvidenceError as error:
        return None, [Located(extends.position, f"`extends`: {error}")]
    if os.path.realpath(found) in seen:
        message = f"'{extends.name}' extends itself, directly or in turn; extend another model"
        return None, [Located(extends.position, message)]
    return found, []


def is_version(wanted: str, found: str) -> bool:
    """Tell whether a version is the one wanted, which may leave out its last parts.

    >>> is_version("0.1", "0.1.0"), is_version("0.1", "0.10")
    (True, False)
    """
    return found == wanted or found.startswith(f"{wanted}.")
