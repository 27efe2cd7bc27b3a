"""Read a model's files, the main one and those it includes, once each, and merge them by id."""

import errno
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from bayesnet.errors import nearest_names, quoted, readable_bytes
from bayesnet.model.networks.file_of_model import NetworkFile, is_network
from bayesnet.model.reading.positions import Located, Node, Position, display_path
from bayesnet.model.reading.yaml_source import parse

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes of one file; the largest of the runner model, its published figures, has 0.3 MiB."""
NETWORK = "network"
"""The key of a main file that names the network which the numbers are in."""
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
    """One file as it was read; `root` is None for a network, and what cannot be understood."""

    path: Path
    content: bytes
    root: Node | None


@dataclass(frozen=True)
class ModelFiles:
    """All files in order of reading, main file first, and what is wrong with them as files.

    complete: whether everything that is included could be read; if not, nothing can be said about
    what the model lacks. network: the one that the numbers are in, if there is one.
    """

    files: tuple[ModelFile, ...]
    problems: tuple[Located, ...]
    complete: bool
    network: NetworkFile | None = None

    @property
    def shown(self) -> str:
        """Return the main file's name for messages."""
        return display_path(self.files[0].path)


class _UnreadableFileError(Exception):
    """A file that cannot be had; the text says why and what to do."""


def read_files(main: Path, instead: Mapping[Path, bytes] | None = None) -> ModelFiles:
    """Read the main file, then each file it includes, depth first, and the network it names.

    The main file may itself be a network, whose diagnostic roles then are the model.
    instead: {a file: what is read in place of its content}. Never raises on what the files hold:
    mistakes are in the result's `problems`.
    """
    walk = _IncludeWalk(main, instead or {})
    if main not in walk.instead and is_network(main):
        walk.read_roles(main)
    else:
        walk.read(main, Position(display_path(main)), ())
    return ModelFiles(tuple(walk.files), tuple(walk.problems), walk.complete, walk.network)


class _IncludeWalk:
    """One walk over the includes, which collects files and problems on its way."""

    def __init__(self, main: Path, instead: Mapping[Path, bytes]) -> None:
        self.instead = instead
        self.network: NetworkFile | None = None
        self.files: list[ModelFile] = []
        self.problems: list[Located] = []
        self.complete = True
        self._folder = os.path.realpath(main.absolute().parent)
        self._seen: dict[str, Position] = {}

    def read(self, path: Path, asked_at: Position, chain: Sequence[str]) -> None:
        """Read a file and what it includes; `asked_at` is the include that names it."""
        try:
            content = self.instead[path] if path in self.instead else _content(path)
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
        if not chain:
            self._read_network(path.parent, root)
        for name, position in _includes(root):
            self._include(path.parent, name, position, (*chain, real))

    def read_roles(self, main: Path) -> None:
        """Read the model that the diagnostic roles of a network file make."""
        self.network = NetworkFile(main)
        text, problems = self.network.as_model(main.name.partition(".")[0])
        self.problems.extend(problems)
        root = parse(text.encode(), display_path(main))[0] if text else None
        self.complete = root is not None
        placed = None if root is None else _placed(root, self.network)
        self.files.append(ModelFile(main, main.read_bytes(), placed))

    def _read_network(self, folder: Path, root: Node | None) -> None:
        """Read the network that a main file names."""
        named = root.children.get(NETWORK) if root else None
        if named is None or not isinstance(named.data, str) or not named.data:
            return
        if self._inside(folder, named.data, named.position) is None:
            return
        network = NetworkFile(folder / named.data)
        if not network.path.is_file():
            message = f"there is no file '{network.shown}'{_hint(network.path)}"
            self._fail(named.position, message)
            return
        self.network = network
        self.problems.extend(network.unreadable)
        self.complete = self.complete and network.network is not None
        self.files.append(ModelFile(network.path, network.path.read_bytes(), None))

    def _inside(self, folder: Path, name: str, position: Position) -> str | None:
        """Return the real path of a file that is named, in the model's folder; else say why not."""
        try:
            real = os.path.realpath(folder / name)
        except ValueError:
            self._fail(position, f"'{name}' cannot be a file name; correct it")
            return None
        if os.path.isabs(name) or os.path.commonpath([real, self._folder]) != self._folder:
            self._fail(position, f"'{name}' is outside the model's folder; move the file into it")
            return None
        return real

    def _include(self, folder: Path, name: str, position: Position, chain: Sequence[str]) -> None:
        real = self._inside(folder, name, position)
        if real is None:
            return
        if real in chain:
            self._fail(position, f"'{name}' includes itself, directly or in turn; drop one include")
        elif real in self._seen:
            first = self._seen[real]
            self._fail(position, f"'{name}' is included twice (first at {first}); drop one of them")
        else:
            self.read(folder / name, position, chain)

    def _fail(self, position: Position, message: str) -> None:
        self.complete = False
        self.problems.append(Located(position, message))


def _placed(root: Node, network: NetworkFile) -> Node:
    """Return the model of a network's roles with the places of the nodes that they are of."""
    top = Position(network.shown)
    sections = {key: _moved(section, top) for key, section in root.children.items()}
    for name in ("causes", "findings"):
        entries = {
            key: _moved(entry, network.position_of(entry.data["in_network"]["variable"]))
            for key, entry in sections[name].children.items()
        }
        keys = {key: entry.position for key, entry in entries.items()}
        sections[name] = structs.replace(sections[name], children=entries, keys=keys)
    return structs.replace(
        root, position=top, children=sections, keys=dict.fromkeys(root.keys, top)
    )


def _moved(node: Node, position: Position) -> Node:
    children = {key: _moved(child, position) for key, child in node.children.items()}
    keys = dict.fromkeys(node.keys, position)
    return structs.replace(node, position=position, children=children, keys=keys)


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
