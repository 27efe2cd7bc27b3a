"""Parse YAML text into plain data that remembers its places.

YAML 1.2's few plain types are read: null, true, false and decimal numbers. So `yes`, `on`, `20_34`
and `2020-01-01` stay the text that they look like, and keys are always text.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import yaml
from msgspec import structs

from bayesnet.model.reading.meant_numbers import meant_number
from bayesnet.model.reading.positions import Located, Node, Position
from bayesnet.model.reading.slips import as_meant, conflict_left, foreign_content
from bayesnet.model.reading.syntax_words import (
    CURLY,
    HASH,
    MOST_DEPTH,
    QUOTES,
    in_plain_words,
    syntax_error,
)

MOST_VALUES = 200_000
"""Values of one file with its aliases counted in full, so that a short file cannot grow without
bound; the largest file of the runner model has 7,300.
"""
TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")

_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CUT_BY_HASH = re.compile(r"\s+#[^\s#]")
# One number with a comma for its point, or two in round brackets: said where a number is wanted.
_NUMBERS = re.compile(r"\(?[-+]?[0-9.]*, ?[0-9][0-9.]*\)?(, ?[0-9.]+\)?)*")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _UnreadableError(Exception):
    """What stops the reading of a file, with its place."""

    def __init__(self, found: Located) -> None:
        self.found = found


def parse(content: bytes, file: str) -> tuple[Node | None, tuple[Located, ...]]:
    """Parse a file into its top value and every mistake found on the way.

    The value is None when the file cannot be read to its end. Positions name `file`.

    >>> root, problems = parse(b"causes: {disc: {}}", "model.yaml")
    >>> root.data, str(root.place(["causes", "disc"])), problems
    ({'causes': {'disc': {}}}, 'model.yaml:1:10', ())
    """
    problems: list[Located] = []
    try:
        text, slips = as_meant(_decode(content, file), file)
        problems.extend(slips)
        root = _Parser(text, file, problems).document()
    except _UnreadableError as error:
        return None, (*problems, error.found)
    except yaml.MarkedYAMLError as error:
        found = syntax_error(error, text, file)
        lines = [each.position.line for each in problems if each.message in found.message]
        told = found.position.line in lines
        return None, tuple(problems) if told else (*problems, found)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return None, (*problems, Located(Position(file, line), in_plain_words(error.reason)))
    return root, tuple(problems)


def _decode(content: bytes, file: str) -> str:
    if foreign := foreign_content(content):
        raise _UnreadableError(Located(Position(file), foreign))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        place = Position(file, before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = "not UTF-8 text; save the file with the encoding UTF-8"
        raise _UnreadableError(Located(place, message)) from None
    if not text.strip():
        message = "the file is empty; it needs the sections of a model"
        raise _UnreadableError(Located(Position(file), message))
    if conflict := conflict_left(text, file):
        raise _UnreadableError(conflict)
    return text


class _Parser:
    """Builds the tree from YAML events; depth and size are bounded, aliases are never copied."""

    def __init__(self, text: str, file: str, problems: list[Located]) -> None:
        self._events = _LOADER(text)
        self._text = text
        self._file = file
        self._problems = problems
        self._anchors: dict[str, Node] = {}
        self._unused: dict[str, Any] = {}
        self._values = 0

    def document(self) -> Node:
        """Parse the one document of the file; a second one is a mistake."""
        self._events.get_event()
        event = self._events.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            raise self._stop(event, "the file is empty; it needs the sections of a model")
        root = self._node(self._events.get_event(), 0)
        for name, event in self._unused.items():
            message = f"'&{name}' is a mark that nothing uses, and lost; put the text in quotes"
            self._report(event, message)
        self._events.get_event()
        after = self._events.get_event()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._stop(after, "a second document starts here; delete the '---' line")
        return root

    def _node(self, event: Any, depth: int) -> Node:
        if depth > MOST_DEPTH:
            raise self._stop(event, f"nested more than {MOST_DEPTH} levels deep; flatten it")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag not in TEXT_TAGS:
            message = f"the tag '{event.tag}' is not understood; leave it out, or quote the text"
            self._report(event, message)
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, depth)
        else:
            node = self._mapping(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = node
            self._unused[event.anchor] = event
        return node

    def _alias(self, event: Any) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            message = f"nothing above is marked '&{event.anchor}'; write the value out"
            raise self._stop(event, message)
        self._unused.pop(event.anchor, None)
        self._count(event, node.size)
        return node

    def _scalar(self, event: Any) -> Node:
        self._count(event, 1)
        plain = event.implicit[0] and event.tag is None
        # A tag that was meant as text is not empty as well.
        data = _plain_value(event.value) if plain else event.value or event.tag or ""
        if isinstance(data, float) and not math.isfinite(data):
            self._report(event, "a number too large to use; write a smaller one")
        if plain and event.value and event.value[0] in QUOTES and meant_number(event.value) is None:
            self._report(event, CURLY)
        elif plain and isinstance(data, str | None):
            self._look_for_hash(event)
        return Node(data, self._at(event), written=event.value)

    def _sequence(self, event: Any, depth: int) -> Node:
        self._count(event, 1)
        items: list[Node] = []
        while not isinstance(inner := self._events.get_event(), yaml.SequenceEndEvent):
            items.append(self._node(inner, depth + 1))
        data = [item.data for item in items]
        return Node(data, self._at(event), dict(enumerate(items)), size=_size(items))

    def _mapping(self, event: Any, depth: int) -> Node:
        self._count(event, 1)
        values: dict[str | int, Node] = {}
        keys: dict[str | int, Position] = {}
        last: str | None = None
        while not isinstance(inner := self._events.get_event(), yaml.MappingEndEvent):
            if last is not None and self._is_cut_off(inner, event):
                values[last] = self._joined(values[last], inner)
                continue
            key = self._key(inner, depth)
            value = self._node(self._events.get_event(), depth + 1)
            if key is None:
                continue
            if key.written in keys:
                first = f"'{key.written}' stands twice in this block (first on line "
                self._report(inner, f"{first}{keys[key.written].line}); keep one")
            else:
                values[key.written], keys[key.written] = value, key.position
                last = key.written if isinstance(value.data, str | int | float) else None
        data = {key: value.data for key, value in values.items()}
        return Node(data, self._at(event), values, keys, size=_size(list(values.values())))

    def _look_for_hash(self, event: Any) -> None:
        """Report a '#' that cuts a text off without looking like the start of a comment."""
        rest = self._text[event.end_mark.index :].partition("\n")[0]
        if _CUT_BY_HASH.match(rest):
            self._report(event, HASH)

    def _is_cut_off(self, event: Any, block: Any) -> bool:
        """Tell whether what looks like a key is the rest of a value that a comma cuts in two."""
        is_plain = isinstance(event, yaml.ScalarEvent) and not event.style
        if not block.flow_style or not is_plain:
            return False
        return self._text[event.end_mark.index :].lstrip()[:1] in (",", "}")

    def _joined(self, value: Node, rest: Any) -> Node:
        """Return a value with its rest behind the comma; for text, report that it needs quotes."""
        self._events.get_event()
        first, end = rest.start_mark.index, rest.end_mark.index
        whole = value.written + self._text[self._text.rfind(",", 0, first) : end]
        if not _NUMBERS.fullmatch(whole) and value.written[:1] not in tuple(QUOTES):
            message = f'the comma cuts this text in two; put it in quotes: "{whole}"'
            self._problems[:] = [each for each in self._problems if each.position != value.position]
            self._problems.append(Located(value.position, message))
        return structs.replace(value, data=whole, written=whole)

    def _key(self, event: Any, depth: int) -> Node | None:
        """Return a key, or report that it cannot be one and return None."""
        node = self._node(event, depth + 1)
        if not isinstance(event, yaml.ScalarEvent):
            self._report(event, "a key must be a word; put it in quotes")
            return None
        if event.value == "<<" and event.implicit[0]:
            self._report(event, "'<<' merges are not read; write the keys out")
            return None
        return node

    def _count(self, event: Any, more: int) -> None:
        self._values += more
        if self._values > MOST_VALUES:
            raise self._stop(event, f"more than {MOST_VALUES} values; split the file or shorten it")

    def _at(self, event: Any) -> Position:
        mark = event.start_mark
        return Position(self._file, mark.line + 1, mark.column + 1)

    def _report(self, event: Any, message: str) -> None:
        self._problems.append(Located(self._at(event), message))

    def _stop(self, event: Any, message: str) -> _UnreadableError:
        return _UnreadableError(Located(self._at(event), message))


def _size(parts: Sequence[Node]) -> int:
    return 1 + sum(part.size for part in parts)


def _plain_value(written: str) -> Any:
    """Return what unquoted text means: null, true, false, a decimal number, else itself."""
    word = written.lower()
    if word in _WORDS:
        return _WORDS[word]
    if _NUMBER.fullmatch(written):
        return int(written) if _WHOLE.fullmatch(written) else float(written)
    return written
