"""Make a file's data fit the format, so that a slip in one place hides no mistake elsewhere.

A misspelt key is read as the one it resembles; for a value that cannot be read a stand-in is put.
No stand-in is right, so a file is repaired twice, with the lowest and with the highest stand-ins: a
mistake that the checks find in both does not come from a stand-in, and only such mistakes are told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from msgspec import structs

from bayesnet.errors import nearest_names
from bayesnet.model.format.description import KeyPath
from bayesnet.model.reading.files import SECTIONS
from bayesnet.model.reading.positions import Located, Node, with_children
from bayesnet.model.reading.schema_violations import (
    Rule,
    Violation,
    of_type,
    resolved,
    unknown_keys,
    violations,
)
from bayesnet.model.reading.violation_messages import problems_of


class StandIns(Enum):
    """Which stand-ins replace unreadable values: lowest, first, empty; or highest, last, filled.

    The member's value stands in for text: it is no id, and sorts after all ids.
    """

    LOW = "~"
    HIGH = "~~"


@dataclass(frozen=True)
class Repaired:
    """A file that fits the format: its data, the paths of stand-ins, and what was wrong."""

    root: Node
    replaced: frozenset[KeyPath]
    problems: tuple[Located, ...]


def repair(root: Node, stand_ins: StandIns) -> Repaired:
    """Repair every place at which a file's data violates the format's schema."""
    replaced: set[KeyPath] = set()
    problems: dict[Located, None] = {}
    # What is in a block with a misspelt name is looked at once the name is repaired.
    while found := violations(root):
        for problem in problems_of(found):
            problems[Located(root.place(problem.path), problem.message)] = None
        repairer = _Repairer(stand_ins, found)
        root = repairer.repaired(root, ()) or Node({}, root.position)
        replaced |= repairer.replaced
    return Repaired(root, frozenset(replaced), tuple(problems))


class _Repairer:
    """One walk over the places that violate the schema, innermost first."""

    def __init__(self, stand_ins: StandIns, found: Sequence[Violation]) -> None:
        self.replaced: set[KeyPath] = set()
        self._stand_ins = stand_ins
        self._at: dict[KeyPath, list[Violation]] = {}
        # Keys get their right names before missing ones are filled in.
        for violation in sorted(found, key=lambda each: each.keyword != "additionalProperties"):
            self._at.setdefault(violation.path, []).append(violation)
        self._towards = {path[:end] for path in self._at for end in range(len(path) + 1)}

    def repaired(self, node: Node, path: KeyPath) -> Node | None:
        """Return the value with everything in it repaired; None drops an entry that is no block."""
        children: dict[str | int, Node] = {}
        for key, child in node.children.items():
            where = (*path, key)
            fresh = self.repaired(child, where) if where in self._towards else child
            if fresh is not None:
                children[key] = fresh
        if children != node.children:
            node = with_children(node, children)
        for violation in self._at.get(path, ()):
            if violation.keyword == "additionalProperties":
                node = self._right_keys(node, violation)
            elif violation.keyword == "required":
                absent = [key for key in violation.limit if key not in node.children]
                node = self._filled(node, violation, absent)
            elif violation.is_key:
                node = self._right_choice(node, violation)
            elif violation.keyword == "type" and len(path) == 2 and path[0] in SECTIONS:
                return None
            else:
                node = self._readable(node, violation)
        return node

    def _right_keys(self, node: Node, violation: Violation) -> Node:
        """Give misspelt keys the names they resemble; drop the others."""
        names: dict[str, str | None] = {}
        for key, near in unknown_keys(node.children, violation.rule).items():
            free = near and near[0] not in node.children and near[0] not in names.values()
            rule = resolved(violation.rule["properties"][near[0]]) if free else {}
            names[key] = near[0] if free and of_type(node.children[key].data, rule) else None
        node = _renamed(node, names)
        if self._stand_ins is StandIns.HIGH and None in names.values():
            # The lost key may have meant any that is absent.
            node = self._filled(node, violation, list(_fillable(node, violation)))
        return node

    def _right_choice(self, node: Node, violation: Violation) -> Node:
        """Give a key that is not among the choices the name it resembles; else drop it."""
        near = nearest_names(violation.value, violation.limit)
        if near and near[0] not in node.children:
            return _renamed(node, {violation.value: near[0]})
        self.replaced.add(violation.path)
        return _renamed(node, {violation.value: None})

    def _filled(self, node: Node, violation: Violation, absent: Sequence[str]) -> Node:
        """Put a stand-in for each key that is absent."""
        children = dict(node.children)
        for key in absent:
            data = _stand_in(violation.rule["properties"][key], self._stand_ins)
            children[key] = _as_node(data, node)
            self.replaced.add((*violation.path, key))
        keys = dict(node.keys) | dict.fromkeys(absent, node.position)
        return with_children(structs.replace(node, keys=keys), children)

    def _readable(self, node: Node, violation: Violation) -> Node:
        """Replace a value of the wrong kind: by its text if text is wanted, else by a stand-in."""
        self.replaced.add(violation.path)
        if isinstance(node.data, bool | int | float) and of_type(node.written, violation.rule):
            return structs.replace(node, data=node.written)
        return _as_node(_stand_in(violation.rule, self._stand_ins), node)


def _fillable(node: Node, violation: Violation) -> Iterator[str]:
    """Yield absent keys to fill: a file's sections, or elsewhere blocks of a fixed shape."""
    for key, rule in violation.rule["properties"].items():
        free_keyed = resolved(rule).get("type") == "object" and "properties" not in resolved(rule)
        if key not in node.children and free_keyed == (violation.path == ()):
            yield key


def _renamed(node: Node, names: Mapping[str, str | None]) -> Node:
    """Return the block with keys renamed in their places; a key renamed to None is dropped."""
    new = {key: names.get(str(key), key) for key in node.children}
    keys = {new[key]: place for key, place in node.keys.items() if new.get(key) is not None}
    children = {new[key]: child for key, child in node.children.items() if new[key] is not None}
    return with_children(structs.replace(node, keys=keys), children)  # type: ignore[arg-type]


def _as_node(data: Any, like: Node) -> Node:
    """Return data as a node at the place of what it stands in for."""
    parts = data if isinstance(data, dict) else dict(enumerate(data if type(data) is list else ()))
    children = {key: _as_node(part, like) for key, part in parts.items()}
    return Node(data, like.position, children, dict.fromkeys(children, like.position))


def _stand_in(named: Rule, stand_ins: StandIns, depth: int = 0) -> Any:
    """Return the lowest or the highest data that fits a rule of the schema."""
    rule = resolved(named)
    if "enum" in rule:
        return rule["enum"][0 if stand_ins is StandIns.LOW else -1]
    kind = rule["type"] if isinstance(rule["type"], str) else rule["type"][0]
    if kind in ("number", "integer"):
        low = rule.get("minimum", rule.get("exclusiveMinimum", -1) + 1)
        return low if stand_ins is StandIns.LOW else rule.get("maximum", low + 1)
    if kind == "array":
        size = max(rule.get("minItems", 0), stand_ins is StandIns.HIGH)
        return [_stand_in(rule["items"], stand_ins, depth + 1) for _ in range(size)]
    if kind == "object":
        parts = _stand_in_keys(rule, stand_ins, depth)
        return {key: _stand_in(part, stand_ins, depth + 1) for key, part in parts.items()}
    return stand_ins is StandIns.HIGH if kind == "boolean" else stand_ins.value


def _stand_in_keys(rule: Rule, stand_ins: StandIns, depth: int) -> Mapping[str, Rule]:
    properties = rule.get("properties")
    if properties is None:
        key = rule.get("propertyNames", {"enum": [stand_ins.value]})["enum"][0]
        return {key: rule["additionalProperties"]} if stand_ins is StandIns.HIGH else {}
    if stand_ins is StandIns.HIGH and depth == 0:
        return dict(properties)
    return {key: properties[key] for key in rule.get("required", ())}
