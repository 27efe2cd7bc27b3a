"""Read a model's files, the main one and those it includes, once each, and merge them by id."""

import errno
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bayesnet.errors import nearest_names, quoted, readable_bytes
from bayesnet.model.reading.positions import Located, Node, Position, display_path
from bayesnet.model.reading.yaml_source import parse

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes of one file; the largest of the runner model, its published figures, has 0.3 MiB."""
SECTIONS = (
    "causes",
    "shared",
    "risk_factors",
    "findings",
    "derived",
    "pathways",
    "exercises",
    "contradictions",
    "synonyms",
    "advice",
    "evidence",
)


@dataclass(frozen=True)
class ModelFile:
    """One file as it was read; `root` is None when it cannot be understood."""

    path: Path
    content: bytes
    root: Node | None


@dataclass(frozen=True)
class ModelFiles:
    """All files in order of reading, main file first, and what is wrong with them as files.

    complete: whether everything that is included could be read; if not, nothing can be said about
    what the model lacks.
    """

    files: tuple[ModelFile, ...]
    problems: tuple[Located, ...]
    complete: bool

    @property
    def shown(self) -> str:
        """Return the main file's name for messages."""
        return display_path(self.files[0].path)


class _UnreadableFileError(Exception):
    """A file that cannot be had; the text says why and what to do."""


def read_files(main: Path, instead: Mapping[Path, bytes] | None = None) -> ModelFiles:
    """Read the main file, then each file it includes, depth first.

    instead: {a file: what is read in place of its content}. Never raises on what the files hold:
    mistakes are in the result's `problems`.
    """
    walk = _IncludeWalk(main, instead or {})
    walk.read(main, Position(display_path(main)), ())
    return ModelFiles(tuple(walk.files), tuple(walk.problems), walk.complete)


class _IncludeWalk:
    """One walk over the includes, which collects files and problems on its way."""

    def __init__(self, main: Path, instead: Mapping[Path, bytes]) -> None:
        self._instead = instead
        self.files: list[ModelFile] = []
        self.problems: list[Located] = []
        self.complete = True
        self._folder = os.path.realpath(main.absolute().parent)
        self._seen: dict[str, Position] = {}

    def read(self, path: Path, asked_at: Position, chain: Sequence[str]) -> None:
        """Read a file and what it includes; `asked_at` is the include that names it."""
        try:
            content = self._instead[path] if path in self._instead else _content(path)
        except _UnreadableFileError as error:
            self._fail(asked_at, str(error))
            if not self.files:
                self.files.append(ModelFile(path, b"", None))
            return
        real = os.path.realpath(path)
        self._seen[real] = asked_at
        root, problems = parse(content, display_path(path))
        self.problems.extend(problems)
        self.complete = self.complete and root is not None and isinstance(root.data, dict)
        self.files.append(ModelFile(path, content, root))
        for name, position in _includes(root):
            self._include(path.parent, name, position, (*chain, real))

    def _include(self, folder: Path, name: str, position: Position, chain: Sequence[str]) -> None:
        try:
            real = os.path.realpath(folder / name)
        except ValueError:
            self._fail(position, f"'{name}' cannot be a file name; correct it")
            return
        inside = os.path.commonpath([real, self._folder]) == self._folder
        if os.path.isabs(name) or not inside:
            self._fail(position, f"'{name}' is outside the model's folder; move the file into it")
        elif real in chain:
            self._fail(position, f"'{name}' includes itself, directly or in turn; drop one include")
        elif real in self._seen:
            first = self._seen[real]
            self._fail(position, f"'{name}' is included twice (first at {first}); drop one of them")
        else:
            self.read(folder / name, position, chain)

    def _fail(self, position: Position, message: str) -> None:
        self.complete = False
        self.problems.append(Located(position, message))


def _includes(root: Node | None) -> Iterator[tuple[str, Position]]:
    listed = root.children.get("include") if root else None
    for item in listed.children.values() if listed else ():
        if isinstance(item.data, str) and item.data:
            yield item.data, item.position


def _content(path: Path) -> bytes:
    """Return a file's bytes; raises _UnreadableFileError with what to do about it."""
    shown = display_path(path)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise _UnreadableFileError(f"'{shown}' is a folder; name the YAML file in it")
        if not stat.S_ISREG(found.st_mode):
            raise _UnreadableFileError(f"'{shown}' is not a regular file; save the model as one")
        if found.st_size > LARGEST_FILE:
            size, most = readable_bytes(found.st_size), readable_bytes(LARGEST_FILE)
            message = f"'{shown}' has {size}, over the {most} allowed; split it"
            raise _UnreadableFileError(message)
        return path.read_bytes()
    except FileNotFoundError:
        message = f"there is no file '{shown}'{_hint(path)}"
        raise _UnreadableFileError(message) from None
    except (OSError, ValueError) as error:
        code = getattr(error, "errno", None)
        reason = os.strerror(code) if code else "the name cannot be that of a file"
        action = "ask for access" if code == errno.EACCES else "check the name"
        message = f"'{shown}' cannot be read ({reason}); {action}"
        raise _UnreadableFileError(message) from None


def _hint(path: Path) -> str:
    try:
        near = nearest_names(path.name, [each.name for each in path.parent.iterdir()])
    except OSError:
        near = []
    return f"; did you mean {quoted(near)}?" if near else "; check the name and the folder"


def merge(files: Sequence[ModelFile]) -> tuple[Node, tuple[Located, ...]]:
    """Merge all files' sections into one tree; report an id or a section that stands twice."""
    problems: list[Located] = []
    sections: dict[str | int, Node] = {}
    keys: dict[str | int, Position] = {}
    roots = [file.root for file in files if file.root and isinstance(file.root.data, dict)]
    for root in roots:
        for name, section in root.children.items():
            if name == "include" and root is not roots[0]:
                continue
            if name not in sections:
                sections[name], keys[name] = section, root.keys[name]
            elif name in SECTIONS:
                sections[name], found = _joined(str(name), sections[name], section)
                problems.extend(found)
            else:
                message = f"'{name}' is already given at {keys[name]}; keep one"
                problems.append(Located(root.keys[name], message))
    data = {name: section.data for name, section in sections.items()}
    position = roots[0].position if roots else Position("")
    return Node(data, position, sections, keys), tuple(problems)


def _joined(name: str, first: Node, second: Node) -> tuple[Node, list[Located]]:
    """Join the entries of one section from two files; where an id stands twice the first counts."""
    if not isinstance(first.data, dict) or not isinstance(second.data, dict):
        return (first if isinstance(first.data, dict) else second), []
    twice = [key for key in second.children if key in first.children]
    problems = [
        Located(
            second.keys[key],
            f"'{key}' is already in {name}, at {first.keys[key]}; rename or delete one",
        )
        for key in twice
    ]
    children = {**second.children, **first.children}
    order = [*first.children, *(key for key in second.children if key not in first.children)]
    data = {key: children[key].data for key in order}
    keys = {**second.keys, **first.keys}
    return Node(data, first.position, {key: children[key] for key in order}, keys), problems
