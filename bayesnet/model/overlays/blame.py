"""Find the line of an overlay that a mistake comes from, also where it shows in the base."""

from collections.abc import Iterator, Sequence, Set

from bayesnet.model.format.description import KeyPath
from bayesnet.model.overlays.laying import Step
from bayesnet.model.overlays.merging import SOURCE, WHY
from bayesnet.model.problems import Problem
from bayesnet.model.reading.files import SECTIONS
from bayesnet.model.reading.positions import Located, Node, Position

_ENTRY = 2
"""Length of the path of an entry: its section and its id."""


def located(root: Node, problem: Problem, steps: Sequence[Step]) -> Located:
    """Return a mistake with its place: in an overlay wherever one may have made it.

    root: the whole model; steps: its overlays, the lowest first.
    """
    place = root.place(problem.path)
    if not steps:
        return Located(place, problem.message, problem.absent)
    if needed := _removed(root, problem.path, steps):
        name, at = needed
        message = f"'{name}' is removed here, and {owner(problem.path)} needs it, at {place}"
        return Located(at, f"{message}; change or remove that too")
    files = frozenset(name for step in steps for name in step.files)
    if place.file in files:
        return Located(place, problem.message, problem.absent)
    touched = _touched(root, problem.path, files) or _touched_by_name(root, problem.path, files)
    if touched is not None:
        return Located(touched, f"{problem.message} (at {place})")
    main = steps[-1].layer.files.shown
    return Located(place, f"{problem.message} (with what '{main}' changes)")


def owner(path: KeyPath) -> str:
    """Say in words whose part a path leads to.

    >>> owner(("triage", "rules", "fever", "when")), owner(("pathways", "rest", "unless"))
    ("triage rule 'fever'", "pathway 'rest'")
    """
    words = [str(each) for each in path]
    if words[:2] == ["triage", "rules"]:
        return f"triage rule '{words[2]}'"
    if words[0] == "triage":
        return f"`triage: {words[1]}: {words[2]}`"
    if words[:2] == ["interview", "gates"]:
        return f"gate '{words[2]}'"
    return f"{_ONE.get(words[0], words[0])} '{words[1]}'"


_ONE = {
    "causes": "cause",
    "shared": "shared finding",
    "risk_factors": "risk factor",
    "findings": "finding",
    "derived": "finding",
    "pathways": "pathway",
    "exercises": "exercise",
    "contradictions": "contradiction",
    "interview": "interview",
}


def nearest_place(root: Node, path: KeyPath, step: Step) -> Position:
    """Return where a step removes or changes what a path leads to, or the part it belongs to."""
    for end in range(len(path), 0, -1):
        if path[:end] in step.removed:
            return step.removed[path[:end]]
    touched = _touched(root, path, step.files, least=1)
    return touched or Position(step.layer.files.shown)


def _removed(root: Node, path: KeyPath, steps: Sequence[Step]) -> tuple[str, Position] | None:
    """Return the removed id that a path leads to or ends with, and where it is removed."""
    removed = {
        str(gone[1]): place
        for step in steps
        for gone, place in step.removed.items()
        if len(gone) == _ENTRY
    }
    return next(((name, removed[name]) for name in _named(root, path) if name in removed), None)


def _named(root: Node, path: KeyPath) -> tuple[str, ...]:
    """Return the ids that a path may speak of: the text it leads to, and its last key."""
    return tuple(each for each in (root.find(path).data, *path[-1:]) if isinstance(each, str))


def _touched_by_name(root: Node, path: KeyPath, files: Set[str]) -> Position | None:
    """Return where the entry is touched that a path speaks of."""
    for name in _named(root, path):
        for section in SECTIONS:
            entries = root.children.get(section)
            if entries is not None and name in entries.children:
                return _touched(root, (section, name), files)
    return None


def _touched(root: Node, path: KeyPath, files: Set[str], least: int = _ENTRY) -> Position | None:
    """Return the first place in these files within the nearest part around a path."""
    for end in range(len(path), least - 1, -1):
        places = [root.place(path[:end]), *_places(root.find(path[:end]))]
        found = [place for place in places if place.file in files]
        if found:
            return min(found)
    return None


def _places(node: Node) -> Iterator[Position]:
    """Yield the places of all parts, but for sources: one may stand for many numbers."""
    yield node.position
    for key, child in node.children.items():
        if key not in (SOURCE, WHY):
            yield node.keys.get(key, child.position)
            yield from _places(child)
