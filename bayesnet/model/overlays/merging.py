"""Lay one model file over another: the same keys and ids, and only what differs.

Blocks are merged key by key, as the schema of the format has them; `null` removes. A condition and
a list are replaced as a whole, but rows of relative risks, of frequencies and of codes are known by
what they are about. Every part keeps its own place, so that mistakes are told where they were made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from msgspec import structs

from bayesnet.errors import nearest_names, quoted
from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.overlay_schema import OWN_KEYS
from bayesnet.model.format.schema import file_schema
from bayesnet.model.overlays.numbers import left_of
from bayesnet.model.overlays.removal import without_rows
from bayesnet.model.overlays.rows import KNOWN_BY, same_row
from bayesnet.model.reading.files import SECTIONS
from bayesnet.model.reading.positions import Located, Node, Position, with_children
from bayesnet.model.reading.schema_violations import Rule, resolved
from bayesnet.model.reading.violation_messages import named

SOURCE, WHY = "source", "why"
_SAID = ("relative_risk", "value", "values", "display")
_NOTHING: Rule = {}


@dataclass(frozen=True)
class Overlaid:
    """A base with an overlay on it.

    removed: {path of what the overlay removes: where it says so}.
    """

    root: Node
    removed: Mapping[KeyPath, Position]
    problems: tuple[Located, ...]


def overlaid(base: Node, overlay: Node) -> Overlaid:
    """Lay an overlay's tree over its base's; neither needs to fit the format."""
    merger = _Merger(overlay)
    own = {
        key: child for key, child in overlay.children.items() if key not in (*OWN_KEYS, "include")
    }
    merger.look_for_removals(own)
    kept = without_rows(base, merger.removed)
    root = merger.merged(kept, with_children(overlay, own), file_schema(), ())
    return Overlaid(root, merger.removed, tuple(merger.problems))


class _Merger:
    """One walk down an overlay, which collects what is removed and what is wrong."""

    def __init__(self, overlay: Node) -> None:
        self.removed: dict[KeyPath, Position] = {}
        self.problems: list[Located] = []
        self._source = _listed(overlay.children.get(SOURCE))
        self._why = overlay.children.get(WHY)

    def look_for_removals(self, sections: Mapping[str | int, Node]) -> None:
        """Note each entry of a section that is removed, before its rows elsewhere are met."""
        for section, node in sections.items():
            for name, child in node.children.items():
                if section in SECTIONS and _is_null(child):
                    self.removed[section, name] = node.keys[name]

    def merged(self, base: Node, over: Node, rule: Rule, path: KeyPath) -> Node:
        """Return what an overlay makes of a part of its base."""
        kind, rule = _kind(rule), resolved(rule)
        if kind != "Condition" and isinstance(base.data, dict) and isinstance(over.data, dict):
            block = self._block(left_of(base, over, kind), over, rule, path)
            return self._sourced(self._completed(block, rule), base, path)
        row = rule.get("items", _NOTHING)
        if _kind(row) in KNOWN_BY and isinstance(base.data, list) and isinstance(over.data, list):
            return self._rows(base, over, row, path)
        return self._new(over, rule)

    def _block(self, base: Node, over: Node, rule: Rule, path: KeyPath) -> Node:
        children, keys = dict(base.children), {**base.keys, **over.keys}
        for key, child in over.children.items():
            where, inner = (*path, key), _rule_of(rule, key)
            if child.data is None:
                self._remove(where, child, over.keys[key], base.children)
                if _is_null(child):
                    children.pop(key, None)
            elif key in base.children:
                children[key] = self.merged(base.children[key], child, inner, where)
            elif "properties" not in rule and (needed := _lacking(child, inner)):
                self._report(over.keys[key], _not_there(key, base.children, needed))
            else:
                children[key] = self._new(child, inner)
        block = structs.replace(over, keys={key: keys[key] for key in children})
        return with_children(block, children)

    def _remove(self, path: KeyPath, child: Node, at: Position, base: Iterable[str | int]) -> None:
        """Note what is removed, or what is wrong with its removal."""
        name = path[-1]
        if not _is_null(child):
            said = f"'{name}' is empty; give what differs, or `null` to remove it from the base"
            self._report(at, said)
        elif name in base:
            self.removed[path] = at
        elif not any(entry[-1] == name for entry in self.removed if entry != path):
            self.removed.pop(path, None)
            self._report(at, _not_there(name, base, ()))

    def _report(self, at: Position, message: str) -> None:
        self.problems.append(Located(at, message))

    def _rows(self, base: Node, over: Node, rule: Rule, path: KeyPath) -> Node:
        """Merge rows by what they are about; one whose number or display is null is taken out."""
        if not over.children:
            said = "this list is empty; give the rows that differ, or `null` to remove all of them"
            self._report(over.position, said)
        kind, rows = _kind(rule), dict(enumerate(base.children.values()))
        fresh: list[Node] = []
        met: set[int] = set()
        for row in over.children.values():
            at = same_row(rows, row.data, kind) if isinstance(row.data, dict) else None
            if at is None:
                fresh.append(self._new(row, rule))
            elif at in met:
                self._report(row.position, "a second row about the same; keep one")
            elif any(_is_null(row.children[key]) for key in _SAID if key in row.children):
                del rows[at]
            else:
                met.add(at)
                rows[at] = self.merged(rows[at], row, rule, (*path, at))
        # A frequency counts from the first row that fits, so a new row stands before the others.
        before = kind == "ConditionalFrequency"
        listed = [*fresh, *rows.values()] if before else [*rows.values(), *fresh]
        return with_children(over, dict(enumerate(listed)))

    def _new(self, node: Node, rule: Rule) -> Node:
        """Return what the base does not have, with the overlay's source where it names none."""
        rule = resolved(rule)
        items = rule.get("items", _NOTHING)
        children = {
            key: self._new(child, items if isinstance(key, int) else _rule_of(rule, key))
            for key, child in node.children.items()
        }
        fresh = with_children(node, children) if children else node
        return self._completed(fresh, rule)

    def _completed(self, node: Node, rule: Rule) -> Node:
        """Add the overlay's source and reason to an entry that has to name one and does not."""
        is_told = SOURCE not in rule.get("required", ()) or SOURCE in node.children
        if is_told or self._source is None or not isinstance(node.data, dict):
            return node
        children, keys = {**node.children, SOURCE: self._source}, dict(node.keys)
        keys[SOURCE] = self._source.position
        if self._why is not None and WHY not in children:
            children[WHY], keys[WHY] = self._why, self._why.position
        return with_children(structs.replace(node, keys=keys), children)

    def _sourced(self, node: Node, base: Node, path: KeyPath) -> Node:
        """Report a number that is changed without a source, and stand in for the source."""
        if SOURCE in node.children or SOURCE not in base.children:
            return node
        message = (
            f"{named(path)} is changed without a source; add `source: [...]` here, or one at the "
            "top of the file for all its numbers"
        )
        self._report(node.position, message)
        # The base's own sources are sound.
        children = {**node.children, SOURCE: base.children[SOURCE]}
        if WHY in base.children and WHY not in children:
            children[WHY] = base.children[WHY]
        return with_children(node, children)


def _kind(rule: Rule) -> str:
    """Return the name of the record that a rule refers to; empty for none."""
    return str(rule.get("$ref", "")).rpartition("/")[2]


def _rule_of(rule: Rule, key: str | int) -> Rule:
    """Return the rule of one key of a block; nothing is asked of a key that is not known."""
    others = rule.get("additionalProperties")
    found: Rule = rule.get("properties", {}).get(key, others if others else _NOTHING)
    return found


def _lacking(node: Node, rule: Rule) -> Sequence[str]:
    """Return the keys that an entry of such a kind needs, if this one is not whole; else none."""
    needed = resolved(rule).get("required", ())
    is_whole = set(needed) - {SOURCE} <= node.children.keys()
    return () if is_whole or not isinstance(node.data, dict) else needed


def _not_there(name: str | int, base: Iterable[str | int], needed: Sequence[str]) -> str:
    """Say that the base has no such entry, which one may be meant, and what a new one needs."""
    near = nearest_names(str(name), map(str, base))
    said = f"the base has no '{name}'{'' if needed else ' to remove'}"
    hints = [f"did you mean {quoted(near)}?"] if near else []
    hints += [f"a new one needs {', '.join(needed)}"] if needed else []
    return f"{said}; {' '.join(hints) or 'delete this line'}"


def _is_null(node: Node) -> bool:
    """Tell whether null is written, and not nothing."""
    return node.data is None and bool(node.written)


def _listed(source: Node | None) -> Node | None:
    """Return the sources of an overlay as a list, also where it is one text."""
    if source is None or not isinstance(source.data, str):
        return source
    return Node([source.data], source.position, {0: source})
