"""JSON and YAML as pairs of key and value: repeated keys are kept, and nothing deep is built."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bayesnet.errors import EvidenceError

UNDER = "evidence"
WANTED = "give a mapping of id to answer"
DEEPEST = 50
"""Levels of YAML stepped over; its scanner's time grows with the square of the depth."""
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
    """A list, which no answer is; its items are not kept."""


Value = bool | int | float | str | None | Sequenced | tuple["Entry", ...]


@dataclass(frozen=True)
class Entry:
    """A key and its value (a mapping is a tuple of entries), with its line (0: not known)."""

    key: str
    value: Value
    line: int = 0


def entries(text: str, name: str, only_json: bool) -> tuple[Entry, ...]:
    """The pairs of the outermost mapping; raises EvidenceError with line and column."""
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
    """What a value is, in words."""
    if isinstance(value, Sequenced):
        return "a list"
    return "a mapping" if isinstance(value, tuple) else "a single value"


# ---- JSON -----------------------------------------------------------------------------


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as written: of a repeated key a dict would keep the last in silence."""


def _json(text: str, name: str) -> tuple[Entry, ...]:
    try:
        data = json.loads(text, object_pairs_hook=_Pairs, parse_constant=_refuse)
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
    if isinstance(value, _Pairs):
        kept = value if depth < 2 else []
        return tuple(Entry(key, _plain(each, depth + 1)) for key, each in kept)
    if isinstance(value, list):
        return Sequenced()
    plain: Value = value
    return plain


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not an answer")


# ---- YAML, from its events, so that deep or self-repeating files build nothing ----------


def _yaml(text: str, name: str) -> tuple[Entry, ...]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        events = iter(yaml.parse(text, Loader=loader))
        return _document(events, name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise EvidenceError(f"{place}: broken YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise EvidenceError(f"{name}: broken YAML: {said}") from None
    except RecursionError:
        raise EvidenceError(f"{name}: is nested too deeply; {WANTED}") from None


def _document(events: Iterator[Any], name: str) -> tuple[Entry, ...]:
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
        else:
            _skip(events, name)
            listed = isinstance(value, yaml.SequenceStartEvent)
            found.append(Entry(key.value, Sequenced() if listed else (), line))
    return tuple(found)


def _skip(events: Iterator[Any], name: str) -> None:
    """Step over the rest of a collection whose start was read."""
    import yaml

    depth = 1
    while depth:
        if depth > DEEPEST:
            raise EvidenceError(f"{name}: is nested too deeply; {WANTED}")
        event = next(events)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)


def _scalar(event: Any) -> bool | int | float | str | None:
    """A plain word as YAML means it; quoted or tagged, it is text."""
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
