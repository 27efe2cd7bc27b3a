"""Parse YAML text into plain data that remembers its places.

YAML 1.2's few plain types are read: null, true, false and decimal numbers. So `yes`, `on`, `20_34`
and `2020-01-01` stay the text that they look like, and keys are always text.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import yaml

from bayesnet.model.reading.positions import Located, Node, Position

MOST_DEPTH = 40
"""Levels of nesting; the runner model has 16, and Python's own stack ends at some 500."""
MOST_VALUES = 200_000
"""Values of one file with its aliases counted in full, so that a short file cannot grow without
bound; the largest file of the runner model has 7,300.
"""
TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")

_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# The YAML library's words, and what they mean to a person with the file open.
_PLAIN_WORDS = (
    # Newer parsers stop by themselves, before the bound of ours is met.
    ("maximum nesting depth", f"nested more than {MOST_DEPTH} levels deep; flatten it"),
    (
        "mapping values are not allowed",
        "a ':' that cannot stand here; put the text in quotes, or "
        "check the indentation of this line",
    ),
    (
        "cannot start any token",
        "a character that cannot stand here; put the text in quotes, and "
        "indent with spaces, not tabs",
    ),
    ("unexpected end of stream", "a quote that is never closed; close it"),
    ("or '}'", "a '{' that is not closed, or a comma missing before this; add the '}' or the ','"),
    ("or ']'", "a '[' that is not closed, or a comma missing before this; add the ']' or the ','"),
    ("find expected ':'", "a line without 'key: value' above this; add the ':' or join the lines"),
    (
        "find expected key",
        "a line that does not fit the block it is in; check its indentation and quotes",
    ),
    (
        "'-' indicator",
        "a line that does not fit the list it is in; start it with '- ' or check its indentation",
    ),
    ("node content", "a value that is missing, or a bracket that is not closed; complete it"),
    ("escape", "a backslash that YAML does not understand; use single quotes around the text"),
    ("control characters", "a control character; delete it"),
    ("special characters", "a control character; delete it"),
    ("incompatible", "a YAML version that cannot be read; delete the %YAML line"),
)


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
        text = _decode(content, file)
        root = _Parser(text, file, problems).document()
    except _UnreadableError as error:
        return None, (*problems, error.found)
    except yaml.MarkedYAMLError as error:
        return None, (*problems, _syntax_error(error, text, file))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        return None, (*problems, Located(Position(file, line), _in_plain_words(error.reason)))
    return root, tuple(problems)


def _decode(content: bytes, file: str) -> str:
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
    return text


def _syntax_error(error: yaml.MarkedYAMLError, text: str, file: str) -> Located:
    mark = error.problem_mark or error.context_mark
    problem = error.problem or error.context or ""
    if "unexpected end of stream" in problem and error.context_mark:
        mark = error.context_mark
    place = Position(file)
    if mark:
        lines = text.splitlines()
        # The parser may stop below the last line, where no editor can go.
        past = mark.line >= len(lines)
        last = Position(file, len(lines), len(lines[-1]) + 1)
        place = last if past else Position(file, mark.line + 1, mark.column + 1)
    return Located(place, f"not valid YAML: {_in_plain_words(problem)}")


def _in_plain_words(problem: str) -> str:
    for known, words in _PLAIN_WORDS:
        if known in problem:
            return words
    return f"{problem}; check the punctuation here"


class _Parser:
    """Builds the tree from YAML events; depth and size are bounded, aliases are never copied."""

    def __init__(self, text: str, file: str, problems: list[Located]) -> None:
        self._events = _LOADER(text)
        self._file = file
        self._problems = problems
        self._anchors: dict[str, Node] = {}
        self._values = 0

    def document(self) -> Node:
        """Parse the one document of the file; a second one is a mistake."""
        self._events.get_event()
        event = self._events.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            raise self._stop(event, "the file is empty; it needs the sections of a model")
        root = self._node(self._events.get_event(), 0)
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
            self._report(event, f"the tag '{event.tag}' is not understood; leave it out")
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self._sequence(event, depth)
        else:
            node = self._mapping(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            message = f"nothing above is marked '&{event.anchor}'; write the value out"
            raise self._stop(event, message)
        self._count(event, node.size)
        return node

    def _scalar(self, event: Any) -> Node:
        self._count(event, 1)
        plain = event.implicit[0] and event.tag is None
        data = _plain_value(event.value) if plain else event.value
        if isinstance(data, float) and not math.isfinite(data):
            self._report(event, "a number too large to use; write a smaller one")
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
        while not isinstance(inner := self._events.get_event(), yaml.MappingEndEvent):
            key = self._key(inner, depth)
            value = self._node(self._events.get_event(), depth + 1)
            if key is None:
                continue
            if key.written in keys:
                first = f"'{key.written}' stands twice in this block (first on line "
                self._report(inner, f"{first}{keys[key.written].line}); keep one")
            else:
                values[key.written], keys[key.written] = value, key.position
        data = {key: value.data for key, value in values.items()}
        return Node(data, self._at(event), values, keys, size=_size(list(values.values())))

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
