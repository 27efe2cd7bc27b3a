"""Parse JSON and YAML as pairs of key and value: repeated keys are kept, nesting is not built."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bayesnet.errors import EvidenceError

UNDER = "evidence"
"""Key under which a case file may hold its evidence."""
WANTED = "give a mapping of id to answer"
DEPTH = 3
"""Levels of mappings that mean something: `evidence`, answers, weights."""
DEEPEST = 50
"""Most levels of nested YAML that are skipped; the scanner's time grows with their square."""
MOST_DIGITS = 100
"""Digits of a number that is read."""
YAML_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "yes": True,
    "on": True,
    "false": False,
    "no": False,
    "off": False,
}


@dataclass(frozen=True)
class Sequenced:
    """A list in place of an answer, where none is allowed; its items are not kept."""


Value = bool | int | float | str | None | Sequenced | tuple["Entry", ...]


@dataclass(frozen=True)
class Entry:
    """A key and its value, with the key's line (0 where it is not known).

    A value that is a mapping is a tuple of entries.
    """

    key: str
    value: Value
    line: int = 0


def entries(text: str, name: str, only_json: bool) -> tuple[Entry, ...]:
    """Parse the outermost mapping of a text; raises EvidenceError with line and column.

    name: of the file, for messages; only_json: whether YAML is refused, as in a .json file.

        >>> entries("age: 42", "case.yaml", only_json=False)
        (Entry(key='age', value=42, line=1),)
    """
    if not only_json and text.lstrip()[:1] not in ("{", "["):
        return _yaml(text, name)
    try:
        return _json(text, name)
    except json.JSONDecodeError as error:
        place = f"{name}:{error.lineno}:{error.colno}"
        broken = EvidenceError(f"{place}: broken JSON: {error.msg}")
    if only_json:
        raise broken
    try:
        return _yaml(text, name)
    except EvidenceError as error:
        quoted_key = text.lstrip("{[ \t\r\n")[:1] == '"'
        raise (broken if quoted_key else error) from None


def kind_of(value: Value) -> str:
    """Describe in words what kind of value it is."""
    if isinstance(value, Sequenced):
        return "a list"
    return "a mapping" if isinstance(value, tuple) else "a single value"


# ---- JSON -----------------------------------------------------------------------------


class _Pairs(list[tuple[str, Any]]):
    """The pairs of a JSON object; a dict would silently keep only the last of a repeated key."""


def _json(text: str, name: str) -> tuple[Entry, ...]:
    """Parse JSON; raises JSONDecodeError where it is broken, EvidenceError where no mapping."""
    try:
        data = json.loads(text, object_pairs_hook=_Pairs, parse_constant=_refuse, parse_int=_whole)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise EvidenceError(f"{name}: is nested too deeply; {WANTED}") from None
    except ValueError as error:
        raise EvidenceError(f"{name}: {error}") from None
    if not isinstance(data, _Pairs):
        raise EvidenceError(f"{name}: holds {kind_of(_plain(data, 0))}; {WANTED}")
    return tuple(Entry(key, _plain(value, 1)) for key, value in data)


def _plain(value: Any, depth: int) -> Value:
    """Convert a decoded JSON value; mappings below the weights of an answer lose their content."""
    if isinstance(value, _Pairs):
        kept = value if depth < DEPTH else []
        return tuple(Entry(key, _plain(each, depth + 1)) for key, each in kept)
    if isinstance(value, list):
        return Sequenced()
    plain: Value = value
    return plain


def _whole(digits: str) -> int:
    """Read a whole number; raises ValueError for one that no answer is, and Python would not read.

    >>> _whole("42")
    42
    """
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number of {len(digits):,} digits is no answer")
    return int(digits)


def _refuse(constant: str) -> None:
    """Raise ValueError for NaN and the infinities, which Python's JSON decoder would take."""
    raise ValueError(f"{constant} is not an answer")


# ---- YAML, from its events, so that deep or self-repeating files build nothing ----------


def _yaml(text: str, name: str) -> tuple[Entry, ...]:
    """Parse YAML; raises EvidenceError with its place."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        events = iter(yaml.parse(text, Loader=loader))
        return _document(events, name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        problem = error.problem or error.context or ""
        if "nesting depth" in problem:
            raise EvidenceError(f"{name}: is nested too deeply; {WANTED}") from None
        raise EvidenceError(f"{place}: broken YAML: {problem}") from None
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise EvidenceError(f"{name}: broken YAML: {said}") from None
    except RecursionError:
        raise EvidenceError(f"{name}: is nested too deeply; {WANTED}") from None


def _document(events: Iterator[Any], name: str) -> tuple[Entry, ...]:
    """Read the only document of a file; raises EvidenceError where it is no mapping."""
    import yaml

    within = [e for e in (next(events), next(events), next(events, None)) if e is not None][-1]
    if isinstance(within, yaml.StreamEndEvent):
        raise EvidenceError(f"{name}: is empty; {WANTED}")
    if not isinstance(within, yaml.MappingStartEvent):
        listed = isinstance(within, yaml.SequenceStartEvent)
        raise EvidenceError(f"{name}: holds {'a list' if listed else 'a single value'}; {WANTED}")
    found = _mapping(events, name, True)
    next(events)
    if not isinstance(next(events), yaml.StreamEndEvent):
        raise EvidenceError(f"{name}: holds more than one document; give one case")
    return found


def _mapping(events: Iterator[Any], name: str, outermost: bool) -> tuple[Entry, ...]:
    """Read a mapping whose start event was taken; of inner ones but `evidence` the weights."""
    import yaml

    found = []
    for key in events:
        if isinstance(key, yaml.MappingEndEvent):
            break
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarEvent):
            raise EvidenceError(f"{name}:{line}: the key is not an id; {WANTED}")
        value = next(events)
        if isinstance(value, yaml.ScalarEvent):
            found.append(Entry(key.value, _scalar(value), line))
        elif outermost and key.value == UNDER and isinstance(value, yaml.MappingStartEvent):
            found.append(Entry(key.value, _mapping(events, name, False), line))
        elif isinstance(value, yaml.AliasEvent):
            raise EvidenceError(f"{name}:{line}: '{key.value}' is an alias; write the answer out")
        elif isinstance(value, yaml.MappingStartEvent):
            found.append(Entry(key.value, _weights(events, name), line))
        else:
            _skip(events, name, 1)
            found.append(Entry(key.value, Sequenced(), line))
    return tuple(found)


def _weights(events: Iterator[Any], name: str) -> tuple[Entry, ...]:
    """Read a mapping whose start event was taken; what is no single value loses its content.

    It may be anything: beside `evidence` a file holds what it likes.
    """
    import yaml

    found = []
    for key in events:
        if isinstance(key, yaml.MappingEndEvent):
            break
        if isinstance(key, yaml.CollectionStartEvent):
            _skip(events, name, 2)
        value = next(events)
        if isinstance(value, yaml.CollectionStartEvent):
            _skip(events, name, 2)
        held: Value = () if isinstance(value, yaml.MappingStartEvent) else Sequenced()
        held = _scalar(value) if isinstance(value, yaml.ScalarEvent) else held
        text = key.value if isinstance(key, yaml.ScalarEvent) else ""
        found.append(Entry(text, held, key.start_mark.line + 1))
    return tuple(found)


def _skip(events: Iterator[Any], name: str, level: int) -> None:
    """Skip the rest of a collection whose start event was taken; level: how deep it stands."""
    import yaml

    depth = level
    while depth >= level:
        if depth > DEEPEST:
            raise EvidenceError(f"{name}: is nested too deeply; {WANTED}")
        event = next(events)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)


def _scalar(event: Any) -> bool | int | float | str | None:
    """Convert a plain scalar as YAML means it; one that is quoted or tagged is text."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text.lower() in YAML_WORDS:
        return YAML_WORDS[text.lower()]
    if re.fullmatch(r"[-+]?[0-9]{1,15}", text):
        return int(text)
    if re.fullmatch(r"[-+]?[0-9]{1,15}\.[0-9]{0,15}", text):
        return float(text)
    return text
