"""What goes with an entry that an overlay removes: its rows under other entries."""

from collections.abc import Iterable, Mapping, Set
from typing import Any

from bayesnet.model.format.description import KeyPath
from bayesnet.model.reading.positions import Node, with_children

_ANY = "*"
_ROWS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "causes": (
        ("findings", _ANY, "causes"),
        ("shared", _ANY, "causes"),
        ("causes", _ANY, "risk_factors"),
        ("pathways", _ANY, "value"),
        ("triage", "thresholds"),
        ("synonyms", _ANY),
    ),
    "shared": (("findings", _ANY, "causes"),),
    "risk_factors": (
        ("causes", _ANY, "risk_factors"),
        ("causes", _ANY, "textbook"),
        ("findings", _ANY, "background_by"),
        ("synonyms", _ANY),
    ),
    "findings": (("causes", _ANY, "textbook"), ("synonyms", _ANY)),
    "derived": (("causes", _ANY, "textbook"), ("synonyms", _ANY)),
}
"""{section: the blocks and lists in which its entries have rows}."""


def without_rows(root: Node, removed: Iterable[KeyPath]) -> Node:
    """Drop the rows of removed entries; what else names them is left, and is a mistake.

    removed: paths of entries, such as ("causes", "disc").
    """
    for section, name in (path[:2] for path in removed if len(path) == 2):
        for way in _ROWS.get(str(section), ()):
            root = _without(root, way, str(name))
    return root


def _without(node: Node, way: tuple[str, ...], name: str) -> Node:
    """Drop the rows for a name at the end of a way through the tree."""
    if not way:
        return _rows_without(node, name)
    steps = list(node.children) if way[0] == _ANY else [way[0]]
    fresh = {
        step: _without(node.children[step], way[1:], name)
        for step in steps
        if step in node.children
    }
    return with_children(node, {**node.children, **fresh}) if fresh else node


def _rows_without(rows: Node, name: str) -> Node:
    kept = {at: row for at, row in rows.children.items() if name not in _about(at, row.data)}
    if len(kept) == len(rows.children):
        return rows
    is_list = isinstance(rows.data, list)
    return with_children(rows, dict(enumerate(kept.values())) if is_list else kept)


def _about(key: str | int, row: Any) -> Set[Any]:
    """Return what a row is about: its key, the factor it names, or the id that it is."""
    if isinstance(key, str):
        return {key}
    return (
        {row.get("factor")} if isinstance(row, dict) else {row} if isinstance(row, str) else set()
    )
