"""Make the JSON Schema of an overlay: that of a model file, where nothing has to be said.

Editors check an overlay by it; the reader checks what the overlay makes of its base.
"""

import json
import sys
from typing import Any

from bayesnet.model.format.schema import file_schema, write_schema

FILE_NAME = "overlay.schema.json"
OWN_KEYS: dict[str, Any] = {
    "extends": {
        "description": (
            "The model that this one is laid over: the name of a shipped one or the path of a "
            "file, with @VERSION where it is made for one."
        ),
        "type": "string",
        "minLength": 1,
    },
    "source": {
        "description": "The source of every number and rule of this file that names none.",
        "type": ["string", "array"],
        "items": {"type": "string", "minLength": 1},
        "minLength": 1,
        "minItems": 1,
    },
    "why": {
        "description": "The reason of every number and rule that takes its source from the file.",
        "type": "string",
        "minLength": 1,
    },
    "unsafe": {
        "description": "true: safety rules may be made looser here, and every answer says so.",
        "type": "boolean",
    },
}
"""What an overlay says of itself; none of it is part of the model."""


def overlay_schema() -> dict[str, Any]:
    """Build the schema of one file of an overlay, as plain data."""
    whole = file_schema()
    root = _loosened(whole)
    definitions = {name: _loosened(each) for name, each in whole["$defs"].items()}
    return {
        **root,
        "title": "Overlay of lbp-infer",
        "description": "What differs from the model that it extends; null removes.",
        "properties": {**OWN_KEYS, **root["properties"]},
        "$defs": definitions,
    }


def schema_text() -> str:
    """Build the schema as the text of `overlay.schema.json`."""
    return json.dumps(overlay_schema(), indent=2, ensure_ascii=False) + "\n"


def _loosened(rule: dict[str, Any]) -> dict[str, Any]:
    """Return the rule of a block of which any key may be absent, or null."""
    loose = {key: value for key, value in rule.items() if key not in ("required", "$defs")}
    if isinstance(loose.get("properties"), dict):
        loose["properties"] = {key: _nullable(each) for key, each in loose["properties"].items()}
    if isinstance(loose.get("additionalProperties"), dict):
        loose["additionalProperties"] = _nullable(loose["additionalProperties"])
    return loose


def _nullable(rule: dict[str, Any]) -> dict[str, Any]:
    """Return a rule that also lets null stand, which removes."""
    inner = _loosened(rule)
    if "$ref" in inner:
        rest = {key: value for key, value in inner.items() if key != "$ref"}
        return {**rest, "anyOf": [{"$ref": inner["$ref"]}, {"type": "null"}]}
    if "enum" in inner:
        return {**inner, "enum": [*inner["enum"], None]}
    kinds = inner.get("type", [])
    return {**inner, "type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}


if __name__ == "__main__":
    write_schema(sys.argv[1:], FILE_NAME, schema_text())
