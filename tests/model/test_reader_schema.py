"""The JSON Schema of model files: that of the classes, closed, and with words for every rule."""

import json
from pathlib import Path

from support.paths import MODELS
from support.reader import SHIPPED

from bayesnet.model.format.schema import FILE_NAME, file_schema, schema_text, write_schema
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.reading import violation_messages


def test_all_rules_of_the_schema_have_words() -> None:
    structure = {"$ref", "properties", "items", "propertyNames", "minItems", "maxItems"}
    notes = {"title", "description", "default", "$schema", "$defs"}

    def rules(schema: object) -> set[str]:
        if not isinstance(schema, dict):
            return set()
        inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
        inner += [schema.get("items"), schema.get("additionalProperties")]
        return set(schema).union(*(rules(each) for each in inner))

    assert rules(file_schema()) <= set(violation_messages._WORDS) | structure | notes


def test_schema_file_is_what_the_classes_say(tmp_path: Path) -> None:
    written = (MODELS / "model.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(), "run: python -m bayesnet.model.format.schema"
    write_schema([str(tmp_path / "again.json")], FILE_NAME, schema_text())
    assert (tmp_path / "again.json").read_text(encoding="utf-8") == written


def test_schema_is_closed_and_plain() -> None:
    schema = json.loads(schema_text())
    assert "anyOf" not in schema_text()
    assert '"null"' not in schema_text()
    assert all(each["additionalProperties"] is False for each in schema["$defs"].values())
    levels = schema["$defs"]["Triage"]["properties"]["messages"]["propertyNames"]["enum"]
    assert sorted(levels) == sorted(LEVELS)


def test_every_field_and_every_block_has_words_for_editors_to_show() -> None:
    schema = file_schema()
    blocks = {"the file": schema, **schema["$defs"]}
    silent = [
        f"{name}.{field}"
        for name, block in blocks.items()
        for field, rule in block["properties"].items()
        if not rule.get("description")
    ]
    assert silent == []
    assert all(block["description"] for block in blocks.values())


def test_each_shipped_file_names_the_schema() -> None:
    for path in (SHIPPED, *SHIPPED.with_suffix("").glob("*.yaml")):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        relative = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / relative).resolve() == MODELS / "model.schema.json", path
    for path in MODELS.glob("*+*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first == "# yaml-language-server: $schema=overlay.schema.json", path
