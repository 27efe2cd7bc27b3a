"""Lay a stack of overlays on its lowest model, so that it reads as the files of one."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from bayesnet.model.format.compiled import Origin
from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.overlay_schema import OWN_KEYS
from bayesnet.model.overlays.merging import overlaid
from bayesnet.model.overlays.stack import Layer, Stack, is_version
from bayesnet.model.reading.files import ModelFiles, merge
from bayesnet.model.reading.positions import Located, Node, Position

UNSAFE = "unsafe"


@dataclass(frozen=True)
class Step:
    """What one overlay does: the model under it and with it.

    name: of the overlay; removed: {path of what it removes: where it says so}; files: names of its
    own files, as places have them; is_unsafe: whether it may make safety rules looser.
    """

    name: str
    layer: Layer
    before: Node
    after: Node
    removed: Mapping[KeyPath, Position]
    files: Set[str]
    is_unsafe: bool


@dataclass(frozen=True)
class Laid:
    """A stack as the reader takes it.

    files: of a model that extends nothing its own, else one file that holds the whole; steps: what
    each overlay does, the lowest first; origin: the name of each layer, the lowest first.
    """

    files: ModelFiles
    steps: tuple[Step, ...]
    origin: tuple[Origin, ...]


def laid(stack: Stack) -> Laid:
    """Lay each overlay of a stack on what is under it; the files of all have to be complete."""
    lowest, *overlays = stack.layers
    root, _ = merge(lowest.files.files)
    origin = [_origin(root.data, lowest)]
    if not overlays:
        return Laid(lowest.files, (), tuple(origin))
    problems: list[Located] = [each for layer in stack.layers for each in layer.files.problems]
    _, twice = merge(lowest.files.files)
    problems += twice
    steps: list[Step] = []
    for layer in overlays:
        own, twice = merge(layer.files.files)
        done = overlaid(root, own)
        problems += [*twice, *_own_problems(own), *done.problems]
        names = frozenset(file.root.position.file for file in layer.files.files if file.root)
        origin.append(_origin(own.data, layer, root.data))
        name, is_unsafe = origin[-1].id, own.data.get(UNSAFE) is True
        steps.append(Step(name, layer, root, done.root, done.removed, names, is_unsafe))
        root = done.root
    whole = replace(stack.top.files[0], root=root)
    return Laid(ModelFiles((whole,), tuple(problems), True), tuple(steps), tuple(origin))


def _origin(data: Any, layer: Layer, base: Any = None) -> Origin:
    """Name a layer as its file does, or by its file's name."""
    said, under = _identity(data), _identity(base)
    made_for = layer.extends.version if layer.extends else ""
    if is_version(made_for, str(under.get("version"))):
        made_for = ""
    name = str(said.get("id") or layer.main.path.stem)
    return Origin(name, str(said.get("version") or ""), made_for)


def _identity(data: Any) -> Mapping[str, Any]:
    identity = data.get("model") if isinstance(data, dict) else None
    return identity if isinstance(identity, dict) else {}


def _own_problems(overlay: Node) -> list[Located]:
    """Return what is wrong with what an overlay says of itself."""
    found = []
    for key in OWN_KEYS:
        node = overlay.children.get(key)
        if node is not None and not _fits(key, node.data):
            found.append(Located(node.position, _WANTED[key]))
    return found


def _fits(key: str, data: Any) -> bool:
    if key == UNSAFE:
        return isinstance(data, bool)
    if key == "source" and isinstance(data, list):
        return bool(data) and all(isinstance(each, str) and each.strip() for each in data)
    return isinstance(data, str) and bool(data.strip())


_WANTED = {
    UNSAFE: "`unsafe` takes true or false",
    "source": '`source` takes where the numbers of this file come from: ["audit 2026, n=212"]',
    "why": "`why` takes the reason of the numbers of this file, in words",
}
