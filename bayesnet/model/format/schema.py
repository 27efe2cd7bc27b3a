"""Make the JSON Schema of a model file from the classes of the format.

It describes one file of a model, main or included, so that an editor can check either; that the
main file has `model` is the reader's own check.
"""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from bayesnet.model.format.codings import CODINGS
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.pathways import Action

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILE_NAME = "model.schema.json"


def file_schema() -> dict[str, Any]:
    """Build the schema of one file, as plain data."""
    generated = msgspec.json.schema(ModelDescription)
    definitions = {name: _simplified(each) for name, each in generated["$defs"].items()}
    root = definitions.pop(ModelDescription.__name__)
    root.pop("required", None)
    triage = definitions["Triage"]["properties"]
    for by_level in ("messages", "labels", "forbids"):
        triage[by_level]["propertyNames"] = {"enum": triage["default"]["enum"]}
    for each in definitions.values():
        if CODINGS in each["properties"]:
            # The default is an empty list, which nobody has to write.
            codings = each["properties"][CODINGS]
            codings.get("additionalProperties", codings)["minItems"] = 1
    # An action may be written as its text alone.
    definitions[Action.__name__] |= {"type": ["string", "object"], "minLength": 1}
    # They stand for what only a model's network has, and nobody writes them.
    for name, number in (("Cause", "prevalence"), ("Finding", "background")):
        del definitions[name]["properties"][number]["default"]
    return {
        "$schema": DIALECT,
        **root,
        "title": "Model file of lbp-infer",
        "description": "A diagnostic model, or a part of one that its main file includes.",
        "$defs": definitions,
    }


def schema_text() -> str:
    """Build the schema as the text of `model.schema.json`."""
    return json.dumps(file_schema(), indent=2, ensure_ascii=False) + "\n"


def _simplified(schema: Any) -> Any:
    """Rewrite msgspec's schema so that an editor's messages about it are plain.

    Drops null as an alternative, forbids unknown keys, gives alternatives one `type`, and gives the
    items of a list one rule.
    """
    if isinstance(schema, list):
        return [_simplified(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: _simplified(value) for key, value in schema.items() if value is not None}
    if "description" in result and isinstance(result["description"], str):
        result["description"] = inspect.cleandoc(result["description"])
    if "anyOf" in result:
        result = _one_type(result)
    if isinstance(result.get("properties"), dict) and result.get("type") == "object":
        result["additionalProperties"] = False
        if result.get("required") == []:
            del result["required"]
    if "prefixItems" in result:
        result["items"] = result.pop("prefixItems")[0]
    return result


def _one_type(schema: dict[str, Any]) -> dict[str, Any]:
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    choices = [each for each in schema["anyOf"] if each != {"type": "null"}]
    records = [each for each in choices if "$ref" in each]
    if len(records) == 1:
        choices = records
    if len(choices) == 1:
        return {**choices[0], **rest}
    types = [each["type"] for each in choices]
    if "number" in types:
        types = [each for each in types if each != "integer"]
    return {"type": types if len(types) > 1 else types[0], **rest}


def write_schema(arguments: list[str], file_name: str, text: str) -> None:
    """Write a schema to the file named, or to the checkout's models folder."""
    default = Path(__file__).parents[3] / "models" / file_name
    target = Path(arguments[0]) if arguments else default
    target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_schema(sys.argv[1:], FILE_NAME, schema_text())
