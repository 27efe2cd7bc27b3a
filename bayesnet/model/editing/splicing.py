"""Change one value of a YAML text and leave every other byte as it is.

Comments, order, spacing, quotes and line ends stay. Each function takes a text and returns the new
one; a path that leads nowhere is a mistake of the caller.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bayesnet.errors import EvidenceError
from bayesnet.model.editing.yaml_places import Place, entries, place_of
from bayesnet.model.format.description import KeyPath

INDENT = 2
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*( [A-Za-z][A-Za-z0-9_-]*)*")
_WORDS = ("true", "false", "null")


def quoted_text(text: str) -> str:
    """Write a text so that YAML reads it as itself, without quotes where that is safe.

    >>> quoted_text("expert judgement"), quoted_text("audit 2026, n=212")
    ('expert judgement', '"audit 2026, n=212"')
    """
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def flow_text(data: Any) -> str:
    """Write texts, lists of them and blocks of them on one line.

    >>> flow_text({"hours": ["over 9", "20_to_30"]})
    '{hours: ["over 9", "20_to_30"]}'
    """
    if isinstance(data, dict):
        return f"{{{', '.join(f'{key}: {flow_text(value)}' for key, value in data.items())}}}"
    if isinstance(data, list):
        return f"[{', '.join(map(flow_text, data))}]"
    return quoted_text(str(data))


def replaced(text: str, path: KeyPath, new: str) -> str:
    """Put other text in the place of the value under a path.

    >>> replaced("a: {b: 1}  # one", ("a", "b"), "2")
    'a: {b: 2}  # one'
    """
    place = _found(text, path)
    return text[: place.start] + new + text[place.end :]


def removed(text: str, path: KeyPath) -> str:
    """Take out an entry of a block, with its key.

    >>> removed("a: {b: 1, c: 2}", ("a", "b")), removed("a: {b: 1, c: 2}", ("a", "c"))
    ('a: {c: 2}', 'a: {b: 1}')
    """
    block, gone = _found(text, path[:-1]), _found(text, path)
    if block.is_block:
        start = text.rfind("\n", 0, gone.key) + 1
        return text[:start] + text[_line_end(text, gone.end) :]
    others = [each for _, each in entries(block)]
    at = [each.key for each in others].index(gone.key)
    if at:
        return text[: others[at - 1].end] + text[gone.end :]
    after = others[1].key if len(others) > 1 else gone.end
    return text[: gone.key] + text[after:]


def added(text: str, path: KeyPath, new: str) -> str:
    r"""Add an entry at the end of its block; what is missing on the way is made.

    An index stands for an item of a list that holds none yet, or is on one line.

    >>> added("a: {b: 1}", ("a", "c"), "2")
    'a: {b: 1, c: 2}'
    >>> print(added("a:\n  b: 1\n", ("x", "y"), "2"), end="")
    a:
      b: 1
    x:
      y: 2
    >>> added("a: {}", ("a", "b", 0), "2"), added("a: [1]", ("a", 1), "2")
    ('a: {b: [2]}', 'a: [1, 2]')
    >>> print(added("a:\n  b: 1\n", ("a", "c", 0), "2"), end="")
    a:
      b: 1
      c:
        - 2
    """
    depth = max(end for end in range(len(path)) if place_of(text, path[:end]) is not None)
    block, keys = _found(text, path[:depth]), path[depth:]
    if block.is_block:
        return _added_lines(text, block, keys, new)
    if block.is_empty:
        return _added_under(text, block, keys, new)
    if block.is_scalar:
        where = ".".join(map(str, path[:depth]))
        raise EvidenceError(f"'{where}' holds no entries in this file; write a block there first")
    inside = new
    for key in reversed(keys[1:]):
        inside = f"[{inside}]" if isinstance(key, int) else f"{{{key}: {inside}}}"
    if isinstance(keys[0], str):
        inside = f"{keys[0]}: {inside}"
    within = list(entries(block))
    at = within[-1][1].end if within else block.start + 1
    return f"{text[:at]}{', ' if within else ''}{inside}{text[at:]}"


def added_entry(text: str, path: KeyPath, fields: Mapping[str, str]) -> str:
    r"""Add an entry of several keys at the end of its block or list, written as its neighbours are.

    >>> print(added_entry("a:\n  - {b: 1}\n", ("a", 1), {"b": "2", "c": "3"}), end="")
    a:
      - {b: 1}
      - {b: 2, c: 3}
    >>> print(added_entry("a:\n  x:\n    b: 1\n", ("a", "y"), {"b": "2"}), end="")
    a:
      x:
        b: 1
      y:
        b: 2
    """
    on_one_line = f"{{{', '.join(f'{key}: {each}' for key, each in fields.items())}}}"
    lines = [f"{key}: {each}" for key, each in fields.items()]
    block, last = place_of(text, path[:-1]), path[-1]
    near = [each for _, each in entries(block)] if block is not None else []
    if isinstance(last, str):
        if block is None or not near or not near[-1].is_block:
            return added(text, path, on_one_line)
        lines = [f"{last}:", *(f"{' ' * INDENT}{each}" for each in lines)]
        return _with_lines(text, block, near[-1].column, lines)
    if block is None or not near or not block.is_block:
        return added(text, path, on_one_line)
    lines = lines if near[-1].is_block else [on_one_line]
    dashed = [f"{'  ' if at else '- '}{each}" for at, each in enumerate(lines)]
    return _with_lines(text, block, block.node.start_mark.column, dashed)


def _with_lines(text: str, block: Place, column: int, lines: Sequence[str]) -> str:
    """Put lines, indented by a column, behind the last of a block."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    written = "".join(f"{' ' * column}{each}{line_end}" for each in lines)
    return _inserted(text, _line_end(text, block.end), written)


def _added_lines(text: str, block: Place, keys: KeyPath, new: str) -> str:
    column = next(entries(block))[1].column
    return _inserted(text, _line_end(text, block.end), _lines(text, column, keys, new))


def _added_under(text: str, empty: Place, keys: KeyPath, new: str) -> str:
    lines = _lines(text, empty.column + INDENT, keys, new)
    return _inserted(text, _line_end(text, empty.end), lines)


def _lines(text: str, column: int, keys: KeyPath, new: str) -> str:
    """Write nested keys as lines, the value after the last."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    written = [
        f"{' ' * (column + INDENT * at)}{'-' if isinstance(key, int) else f'{key}:'}"
        for at, key in enumerate(keys)
    ]
    return line_end.join(written) + f" {new}{line_end}"


def _inserted(text: str, at: int, lines: str) -> str:
    """Insert whole lines at the start of a line; a last line without an end gets one."""
    before = text[:at]
    if before and not before.endswith("\n"):
        before += "\r\n" if lines.endswith("\r\n") else "\n"
    return before + lines + text[at:]


def _line_end(text: str, at: int) -> int:
    """Return where the line of a value that ends here ends; a block of text ends with its line."""
    if at and text[at - 1] == "\n":
        return at
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _found(text: str, path: KeyPath) -> Place:
    place = place_of(text, path)
    if place is None:
        raise KeyError(path)
    return place
