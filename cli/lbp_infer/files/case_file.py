"""Read evidence from a case file or stdin: bounded in size, every mistake with its place."""

import os
import stat
import sys
from collections.abc import Sequence
from typing import BinaryIO

from bayesnet.errors import EvidenceError
from lbp_infer.commands.statements import Statement
from lbp_infer.commands.vocabulary import Vocabulary, answer_at
from lbp_infer.files.case_syntax import UNDER, WANTED, Entry, Sequenced, entries, kind_of

LARGEST = 5_000_000
"""Most bytes of a case file; the answers to every question of a model take a few thousand."""
STDIN = "stdin"


def read_case(path: str, words: Vocabulary) -> list[Statement]:
    """Read the statements of a case file (`-`: stdin), in order.

    words: the model's ids and answers. Raises EvidenceError that says what is wrong, with file
    and line.
    """
    name = STDIN if path == "-" else path
    text = _decoded(_content(path, name), name)
    found = entries(text, name, path.lower().endswith(".json"))
    return [_statement(entry, name, words) for entry in _evidence(found, name, words)]


def _statement(entry: Entry, name: str, words: Vocabulary) -> Statement:
    """Check one entry against the model; raises EvidenceError with its place."""
    place = f"{name}:{entry.line}" if entry.line else name
    askable = words.find(entry.key, place)
    if isinstance(entry.value, tuple | Sequenced):
        held = kind_of(entry.value)
        raise EvidenceError(f"{place}: '{entry.key}' holds {held}; give a single answer")
    value = answer_at(place, askable, entry.value)
    return Statement(askable.id, value, f"'{entry.key}: {_written(entry.value)}' in {place}")


def _written(value: object) -> str:
    """Write a value as a case file has it."""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _evidence(found: Sequence[Entry], name: str, words: Vocabulary) -> Sequence[Entry]:
    """Return the entries that are evidence: all, or those under the key `evidence`.

    Raises EvidenceError where some stand under that key and others beside it.
    """
    nested = [entry for entry in found if entry.key == UNDER]
    if not nested:
        return found
    beside = next((entry.key for entry in found if entry.key in words.askables), None)
    if beside is not None:
        raise EvidenceError(f"{name}: '{beside}' stands beside '{UNDER}'; move it under it")
    for entry in nested:
        if not isinstance(entry.value, tuple):
            raise EvidenceError(f"{name}: '{UNDER}' holds {kind_of(entry.value)}; {WANTED}")
    return [each for entry in nested if isinstance(entry.value, tuple) for each in entry.value]


def _content(path: str, name: str) -> bytes:
    """Read a file or stdin of at most LARGEST bytes; raises EvidenceError."""
    try:
        if path == "-":
            if sys.stdin is None:
                raise EvidenceError("cannot read the case from stdin: it is closed")
            return _bounded(sys.stdin.buffer, name)
        details = os.stat(path)
        if stat.S_ISDIR(details.st_mode):
            raise EvidenceError(f"{name}: is a directory; give a file")
        _check_size(details.st_size, name)
        with open(path, "rb") as stream:
            return _bounded(stream, name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EvidenceError(f"cannot read the case file '{name}': {reason}") from None


def _bounded(stream: BinaryIO, name: str) -> bytes:
    content = stream.read(LARGEST + 1)
    _check_size(len(content), name)
    return content


def _check_size(size: int, name: str) -> None:
    if size > LARGEST:
        raise EvidenceError(f"{name}: is larger than {LARGEST // 1_000_000} MB; not a case file")


def _decoded(content: bytes, name: str) -> str:
    """Decode UTF-8; raises EvidenceError with the line of the first byte that is not."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EvidenceError(f"{name}:{line}: is not UTF-8 text; save it as UTF-8") from None
    if not text.strip():
        raise EvidenceError(f"{name}: is empty; {WANTED}")
    return text
