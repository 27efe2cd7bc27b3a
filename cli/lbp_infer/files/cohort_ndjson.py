"""Read cohorts from NDJSON files: an object a line, blank lines skipped; a bad line is an error."""

import json
import os
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, BinaryIO

from lbp_infer.files.cell_types import json_type
from lbp_infer.files.cohort_batch import Batch, CohortFile, refuse_wide_text

ROWS = 32_768
"""Number of rows of a batch, which bounds memory; results do not depend on it."""

_ABSENT = object()


@dataclass(frozen=True)
class _Line:
    """A line that was read.

    answers: {key: value}; raw: {key to keep: its JSON text}; error: why it cannot be used, if so.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    error: str = ""

    def answer(self, name: str) -> Any:
        """Return an answer: None where the line lacks the key; null says asked and not known."""
        found = self.answers.get(name, _ABSENT)
        if found is _ABSENT:
            return None
        return "unknown" if found is None else found


def open_ndjson(path: str) -> CohortFile:
    """Open the cohort in an NDJSON file."""
    import pyarrow

    with open(path, "rb") as stream:
        refuse_wide_text(path, stream.read(1024))
        stream.seek(0)
        first = [_read_line(line, ()) for line in islice(_lines(stream), 1)]
    names = [name for line in first for name in line.answers]
    schema = pyarrow.schema([(name, json_type()) for name in names])
    return CohortFile(path, schema, False, _read)


def _read(file: CohortFile, keep: Sequence[str]) -> Generator[Batch, None, None]:
    """Yield the batches of a file."""
    import pyarrow

    size = max(1, os.path.getsize(file.path))
    with open(file.path, "rb") as stream:
        lines = _lines(stream)
        while some := [_read_line(line, keep) for line in islice(lines, ROWS)]:
            names = dict.fromkeys(name for line in some for name in line.answers)
            columns = {name: [line.answer(name) for line in some] for name in names}
            kept = {
                name: pyarrow.array([line.raw.get(name) for line in some], json_type())
                for name in keep
            }
            errors = {row: line.error for row, line in enumerate(some) if line.error}
            yield Batch(len(some), columns, kept, errors, stream.tell() / size)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that are not blank, without a byte order mark."""
    for number, line in enumerate(iter(stream.readline, b"")):
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
        if text.strip():
            yield text


def _read_line(line: bytes, keep: Sequence[str]) -> _Line:
    """Decode a line; a repeated key is an error, and its values are not kept."""
    import msgspec

    try:
        found = msgspec.json.decode(line, type=dict[str, Any])
        raw = msgspec.json.decode(line, type=dict[str, msgspec.Raw]) if keep else {}
        twice = _twice(line, len(found), keep)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return _Line(error=f"is not a JSON object: {error}")
    kept = {name: bytes(raw[name]).decode() for name in keep if name in raw and name not in twice}
    kept = {name: text for name, text in kept.items() if text != "null"}
    if twice:
        return _Line(raw=kept, error=f"has '{twice[0]}' twice; keep one")
    return _Line(found, kept)


def _twice(line: bytes, distinct: int, keep: Sequence[str]) -> list[str]:
    """Find the keys that an object repeats, of which a decoder silently keeps the last.

    distinct: the number of distinct keys that the decoder found; keep: those of values that pass
    through as they are, whatever they hold.
    """
    # Each key has a colon after it: with as many colons as distinct keys none is repeated.
    if line.count(b":") == distinct:
        return []
    pairs = json.loads(line, object_pairs_hook=list, parse_int=str)
    # An object is a list of pairs here; those within it are the weights of an answer.
    within = (value for name, value in pairs if isinstance(value, list) and name not in keep)
    inner = ([each[0] for each in some if isinstance(each, tuple)] for some in within)
    for names in ([name for name, _ in pairs], *inner):
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            return twice
    return []
