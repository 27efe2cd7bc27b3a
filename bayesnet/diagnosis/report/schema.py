"""Make the JSON Schema of a report, and of other records that hold one or parts of it."""

import inspect
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec

from bayesnet.diagnosis.report.chosen import Wanted, wanted
from bayesnet.diagnosis.report.records import SCHEMA_VERSION, Report
from bayesnet.model.format.schema import DIALECT
from bayesnet.model.format.triage_rules import LEVELS

EXAMPLE = ">>>"
"""What begins the example in a docstring, which a schema leaves out."""
FIXED: dict[str, dict[str, Any]] = {
    "schema_version": {"const": SCHEMA_VERSION},
    "level": {"enum": list(LEVELS)},
}
"""What is known of some fields beyond their type."""


def report_schema() -> dict[str, Any]:
    """Build the JSON Schema of a report, as `to_dict` and `--json` write it.

    Within one `schema_version` names stay as they are, and others may come beside them.

    >>> report_schema()["properties"]["schema_version"]
    {'const': 1}
    """
    return schema_of(Report, f"Report of lbp-infer, version {SCHEMA_VERSION}")


def wanted_of_report(fields: Iterable[str]) -> Wanted:
    """Read names of parts of a report; raises what `chosen.wanted` raises.

    >>> wanted_of_report(["triage.level", "causes"])
    {'triage': {'level': {}}, 'causes': {}}
    """
    return wanted(fields, _known())


@cache
def _known() -> Mapping[str, Any]:
    """Make the schema by which names are looked up, once: nobody else gets it to change."""
    return report_schema()


def schema_of(record: type[msgspec.Struct], title: str) -> dict[str, Any]:
    """Build the JSON Schema of a record as it is written: every field stands there."""
    generated = msgspec.json.schema(record)
    definitions = {name: _as_written(each) for name, each in generated["$defs"].items()}
    root = definitions.pop(record.__name__)
    return {"$schema": DIALECT, **root, "title": title, "$defs": definitions}


def _as_written(definition: dict[str, Any]) -> dict[str, Any]:
    """Require every field, since defaults are written too, and say in words what it is."""
    properties = {
        name: FIXED.get(name) or {key: value for key, value in each.items() if key != "default"}
        for name, each in definition.get("properties", {}).items()
    }
    said = inspect.cleandoc(definition.get("description", "")).partition(EXAMPLE)[0].strip()
    return {
        **definition,
        "description": said,
        "properties": properties,
        "required": list(properties),
    }
