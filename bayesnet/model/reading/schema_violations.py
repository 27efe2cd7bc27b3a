"""Find where a file's data violates the schema of the format."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from bayesnet.errors import nearest_names
from bayesnet.model.format.schema import file_schema
from bayesnet.model.reading.positions import Node

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class Violation:
    """A value that violates a rule of the schema.

    path: where, from the top of the file; keyword: which keyword of the rule, such as `type`;
    limit: what the keyword asks for; value and node: what stands there, and its place.
    """

    path: tuple[str | int, ...]
    keyword: str
    rule: Rule
    limit: Any
    value: Any
    node: Node

    @property
    def is_key(self) -> bool:
        """Whether a key of the block is wrong, not the value: the path is then the block's."""
        return isinstance(self.node.data, dict) and isinstance(self.value, str)


def violations(root: Node) -> list[Violation]:
    """Find every place at which one file's data violates the schema."""
    found: list[Violation] = []
    for error in _validator().iter_errors(root.data):
        path = tuple(error.absolute_path)
        rule: Any = error.schema
        limit, value = error.validator_value, error.instance
        found.append(Violation(path, str(error.validator), rule, limit, value, root.find(path)))
    return found


def unknown_keys(block: Mapping[str | int, Any], rule: Rule) -> dict[str, list[str]]:
    """Return the keys that the format does not have here, each with the nearest that it has.

    A single one that resembles none stands for the only key that is missing, if just one is.
    """
    known = rule["properties"]
    found = {str(key): nearest_names(str(key), known) for key in block if key not in known}
    meant = {near[0] for near in found.values() if near}
    missing = [key for key in rule.get("required", ()) if key not in block and key not in meant]
    strange = [key for key, near in found.items() if not near]
    if len(missing) == len(strange) == 1:
        found[strange[0]] = missing
    return found


def sections_with(key: str) -> tuple[str, ...]:
    """List the sections whose entries can have a key."""
    sections = _validator().schema["properties"]  # type: ignore[index]
    entries = {name: resolved(rule).get("additionalProperties") for name, rule in sections.items()}
    return tuple(
        name
        for name, entry in entries.items()
        if isinstance(entry, dict) and key in resolved(entry).get("properties", {})
    )


def resolved(rule: Rule) -> Rule:
    """Return the rule that a reference points to, or the rule itself if it is no reference."""
    if "$ref" not in rule:
        return rule
    meant: Rule = _validator().schema["$defs"][rule["$ref"].rpartition("/")[2]]  # type: ignore[index]
    return meant


def of_type(value: Any, rule: Rule) -> bool:
    """Tell whether a value has the type that a rule asks for, whatever is in it."""
    outer = {key: limit for key, limit in rule.items() if key in ("type", "enum")}
    return _validator().evolve(schema=outer).is_valid(value)


def _is_number(_: object, value: object) -> bool:
    # What is too large for a number was reported when it was read.
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_integer(_: object, value: object) -> bool:
    # JSON Schema takes 5.0 for an integer, which the format's classes do not.
    return isinstance(value, int) and not isinstance(value, bool)


@cache
def _validator() -> Validator:
    types = {"integer": _is_integer, "number": _is_number}
    checker = Draft202012Validator.TYPE_CHECKER.redefine_many(types)
    strict = extend(Draft202012Validator, type_checker=checker)  # type: ignore[no-untyped-call]
    validator: Validator = strict(file_schema())
    return validator
