"""Write the reference of the model file, docs/model-reference.md, from its schema."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bayesnet.model.format.schema import file_schema

PAGE = Path(__file__).parents[3] / "docs" / "model-reference.md"
_HEAD = """\
# The model file, key by key

Made from the classes in `bayesnet/model/format/` by `make schema`. [Model files](models.md) says
how they go together. Keys in **bold** have to be there; all others may be left out.
"""
_KINDS = {"string": "text", "integer": "whole number", "boolean": "true or false"}


def reference_text() -> str:
    """Build the page: a table for the file, and one for each kind of block in it."""
    schema = file_schema()
    blocks = {"The file": schema, **schema["$defs"]}
    return _HEAD + "".join(f"\n{line}\n" for name in blocks for line in _block(name, blocks[name]))


def _block(name: str, block: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {name}"
    yield "\n".join(line.rstrip() for line in block["description"].splitlines())
    required = block.get("required", ())
    rows = [
        f"| {f'**`{key}`**' if key in required else f'`{key}`'} | {_kind(rule)} | {_words(rule)} |"
        for key, rule in block["properties"].items()
    ]
    yield "\n".join(["| key | what | says |", "|---|---|---|", *rows])


def _words(rule: Mapping[str, Any]) -> str:
    default = rule.get("default")
    beside = f" Left out: {default}." if isinstance(default, int | float) and default else ""
    return f"{' '.join(rule['description'].split())}{beside}".replace("|", "\\|")


def _kind(rule: Mapping[str, Any]) -> str:
    """Say what stands under a key, with a link to the table of its block."""
    if "$ref" in rule:
        name = rule["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in rule:
        return ", ".join(f"`{each}`" for each in rule["enum"] if each != "")
    match rule["type"]:
        case "array" if rule.get("maxItems") == 2:
            return f"[{_kind(rule['items'])}, {_kind(rule['items'])}]"
        case "array":
            return f"list of {_kind(rule['items'])}"
        case "object":
            return f"{{name: {_kind(rule['additionalProperties'])}}}"
        case "number":
            return _number(rule)
        case [*kinds]:
            return " or ".join(_KINDS.get(each, each) for each in kinds)
        case kind:
            return _KINDS[kind]


def _number(rule: Mapping[str, Any]) -> str:
    if rule.get("maximum") == 1:
        return "0 to 1"
    low = rule.get("minimum")
    over = " over 0" if "exclusiveMinimum" in rule else f" from {low}" if low is not None else ""
    return f"number{over}"


if __name__ == "__main__":
    PAGE.write_text(reference_text(), encoding="utf-8")
