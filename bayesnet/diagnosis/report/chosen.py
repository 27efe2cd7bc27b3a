"""Choose parts of a JSON document by name, such as `triage.level` and `causes.id`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bayesnet.errors import EvidenceError, UnknownNameError

Wanted = Mapping[str, "Wanted"]
"""{name of a part: what is wanted of it}; empty for all of it."""


def wanted(fields: Iterable[str], schema: Mapping[str, Any]) -> Wanted:
    """Read names such as `triage.level`, in lists the names of what each entry has.

    schema: the document's, which knows the names. Raises UnknownNameError with the nearest names,
    and EvidenceError for a part of what has none.
    """
    found: dict[str, Any] = {}
    whole: list[tuple[str, ...]] = []
    for field in fields:
        path = tuple(field.strip().split("."))
        _check(path, schema)
        whole.append(path)
    for path in whole:
        if any(path[:at] in whole for at in range(1, len(path))):
            continue
        held = found
        for name in path:
            held = held.setdefault(name, {})
    return found


def chosen(data: Any, parts: Wanted) -> Any:
    """Return only these parts of a document, in its own order; null and empty lists stay."""
    if not parts:
        return data
    if isinstance(data, list | tuple):
        return [chosen(each, parts) for each in data]
    if isinstance(data, dict):
        return {name: chosen(value, parts[name]) for name, value in data.items() if name in parts}
    return data


def names_of(parts: Wanted) -> Iterator[str]:
    """Yield the names that `wanted` reads as these parts.

    >>> list(names_of({"triage": {"level": {}}, "causes": {}}))
    ['triage.level', 'causes']
    """
    for name, inside in parts.items():
        yield from (f"{name}.{each}" for each in names_of(inside)) if inside else (name,)


def _check(path: tuple[str, ...], schema: Mapping[str, Any]) -> None:
    """Follow a path through the schema."""
    here: Mapping[str, Any] = schema
    for at, name in enumerate(path):
        here = _parts(here, schema["$defs"])
        so_far = ".".join(path[:at])
        if "properties" not in here:
            if "additionalProperties" in here:
                here = here["additionalProperties"]
                continue
            raise EvidenceError(f"field '{so_far}' has no parts; leave out '.{name}'")
        if name not in here["properties"]:
            raise UnknownNameError(
                "field",
                name,
                here["properties"],
                f"'{so_far}'" if so_far else "",
                remedy="'lbp-infer schema' lists them all",
            )
        here = here["properties"][name]


def _parts(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """Find the record that a part of a schema is, or that a list holds; else the part itself."""
    if "$ref" in schema:
        return _parts(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        kinds = [each for each in schema["anyOf"] if each != {"type": "null"}]
        return _parts(kinds[0], definitions) if len(kinds) == 1 else schema
    return _parts(schema["items"], definitions) if schema.get("items") else schema
