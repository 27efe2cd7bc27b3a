"""Cohorts from CSV, NDJSON and Parquet files, a batch of rows at a time."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from bayesnet.errors import EvidenceError
from lbp_infer.files.cohort_formats import format_of

ROWS = 32_768
BLOCK_BYTES = 2 << 20
"""Of a CSV file, read at a time; one row may not be longer."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Some rows of a cohort.

    columns: {name: cells, one a row}; kept: the Arrow arrays to pass through; errors: {row: why
    it could not be read}; done: the share of the file read so far.
    """

    rows: int
    columns: Mapping[str, Any]
    kept: Mapping[str, Any]
    errors: Mapping[int, str]
    done: float


@dataclass(frozen=True, eq=False)
class CohortFile:
    """A cohort that can be read.

    schema: its columns with the Arrow types in which they are passed through; of NDJSON those of
    the first row. closed: whether no further column can turn up.
    """

    path: str
    schema: Any
    closed: bool
    read: Callable[["CohortFile", Sequence[str]], Iterator[Batch]]

    def batches(self, keep: Sequence[str]) -> Iterator[Batch]:
        """All rows in order; raises EvidenceError where the file is broken."""
        with _readable(self.path):
            yield from self.read(self, keep)


def open_cohort(path: str) -> CohortFile:
    """The cohort in a file, by its ending; raises EvidenceError."""
    kind = format_of(path)
    if os.path.exists(path) and not os.path.isfile(path):
        raise EvidenceError(f"cannot read the cohort '{path}': it is not a file")
    with _readable(path):
        found = OPENERS[kind](path)
    names = found.schema.names
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise EvidenceError(f"'{path}' has more than one column '{twice}'; keep one")
    return found


@contextmanager
def _readable(path: str) -> Iterator[None]:
    """Turns what reading raises into an EvidenceError."""
    import pyarrow

    try:
        yield
    except (OSError, pyarrow.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise EvidenceError(f"cannot read the cohort '{path}': {reason}") from None


# ---- Parquet --------------------------------------------------------------------------


def _open_parquet(path: str) -> CohortFile:
    from pyarrow import parquet

    return CohortFile(path, parquet.read_schema(path), True, _read_parquet)


def _read_parquet(file: CohortFile, keep: Sequence[str]) -> Iterator[Batch]:
    from pyarrow import parquet

    with parquet.ParquetFile(file.path, buffer_size=1 << 20, pre_buffer=False) as content:
        total, before = max(1, content.metadata.num_rows), 0
        for batch in content.iter_batches(ROWS):
            columns = dict(zip(batch.schema.names, batch.columns, strict=True))
            before += batch.num_rows
            kept = {name: columns[name] for name in keep}
            yield Batch(batch.num_rows, columns, kept, {}, before / total)


# ---- CSV ------------------------------------------------------------------------------


def _open_csv(path: str) -> CohortFile:
    import pyarrow

    with open(path, "rb") as stream:
        names = _csv_reader(stream, (), {}).schema.names
    schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
    return CohortFile(path, schema, True, _read_csv)


def _read_csv(file: CohortFile, keep: Sequence[str]) -> Iterator[Batch]:
    import pyarrow

    bad: dict[int, str] = {}
    place = 0
    size = max(1, os.path.getsize(file.path))
    with open(file.path, "rb") as stream:
        for block in _csv_reader(stream, file.schema.names, bad):
            rows, errors = _with_gaps(block, bad, place)
            place += rows.num_rows
            columns = dict(zip(rows.schema.names, rows.columns, strict=True))
            kept = {name: _as_text(columns[name]) for name in keep}
            yield Batch(rows.num_rows, columns, kept, errors, stream.tell() / size)
    if bad:
        errors = {row - place: bad[row] for row in sorted(bad)}
        nothing = pyarrow.nulls(len(bad), pyarrow.string())
        kept = dict.fromkeys(keep, nothing)
        yield Batch(len(bad), dict.fromkeys(file.schema.names, nothing), kept, errors, 1.0)


def _csv_reader(stream: Any, names: Sequence[str], bad: dict[int, str]) -> Any:
    """Rows as bytes, so that no cell stops the run; {place of a row: what is wrong} in `bad`."""
    import pyarrow
    from pyarrow import csv

    def skip(row: Any) -> str:
        # Counted from 1 and with the header.
        message = f"has {row.actual_columns} fields where the header has {row.expected_columns}"
        unclosed = "; is a quotation mark left open?" if "\n" in row.text else ""
        bad[row.number - 2] = message + unclosed
        return "skip"

    return csv.open_csv(
        stream,
        csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
        csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
        csv.ConvertOptions(
            column_types=dict.fromkeys(names, pyarrow.binary()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _with_gaps(block: Any, bad: dict[int, str], place: int) -> tuple[Any, dict[int, str]]:
    """A block whose first row is at `place`, with empty rows where bad ones stood; their errors."""
    import pyarrow

    end = place + block.num_rows
    within = []
    for row in sorted(bad):
        if row >= end:
            break
        within.append(row)
        end += 1
    if not within:
        return block, {}
    there = np.ones(end - place, dtype=np.bool_)
    there[np.array(within) - place] = False
    rows = pyarrow.array(np.cumsum(there) - 1, mask=~there)
    return block.take(rows), {row - place: bad.pop(row) for row in within}


def _as_text(cells: Any) -> Any:
    """Bytes as Arrow strings; what is not UTF-8 is replaced."""
    import pyarrow

    try:
        return cells.cast(pyarrow.string())
    except pyarrow.ArrowInvalid:
        texts = [cell and cell.decode(errors="replace") for cell in cells.to_pylist()]
        return pyarrow.array(texts, pyarrow.string())


# ---- NDJSON ---------------------------------------------------------------------------


def _open_ndjson(path: str) -> CohortFile:
    import pyarrow

    with open(path, "rb") as stream:
        rows, _ = _decoded(islice(_lines(stream), 1))
    names = [name for row in rows for name in row]
    schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
    return CohortFile(path, schema, False, _read_ndjson)


def _read_ndjson(file: CohortFile, keep: Sequence[str]) -> Iterator[Batch]:
    import pyarrow

    size = max(1, os.path.getsize(file.path))
    with open(file.path, "rb") as stream:
        lines = _lines(stream)
        while some := list(islice(lines, ROWS)):
            rows, errors = _decoded(some)
            names = dict.fromkeys(name for row in rows for name in row)
            columns = {name: [row.get(name) for row in rows] for name in names}
            blank = [None] * len(rows)
            kept = {
                name: pyarrow.array(map(_written, columns.get(name, blank)), pyarrow.string())
                for name in keep
            }
            yield Batch(len(rows), columns, kept, errors, stream.tell() / size)


def _lines(stream: Any) -> Iterator[bytes]:
    """The lines that are not blank, without a byte order mark."""
    for number, line in enumerate(iter(stream.readline, b"")):
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line
        if text.strip():
            yield text


def _decoded(
    lines: Iterator[bytes] | Sequence[bytes],
) -> tuple[list[dict[str, Any]], dict[int, str]]:
    import msgspec

    decode = msgspec.json.Decoder(dict[str, Any]).decode
    rows: list[dict[str, Any]] = []
    errors: dict[int, str] = {}
    for row, line in enumerate(lines):
        found: dict[str, Any] = {}
        try:
            found = decode(line)
            if twice := _twice(line, len(found)):
                found, errors[row] = {}, f"has '{twice}' twice; keep one"
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            errors[row] = f"is not a JSON object: {error}"
        rows.append(found)
    return rows, errors


def _twice(line: bytes, distinct: int) -> str:
    """A key that an object has more than once, of which a decoder keeps the last; else empty."""
    # With no more colons than keys none can be there twice.
    if line.count(b":") == distinct:
        return ""
    pairs = json.loads(line, object_pairs_hook=list, parse_int=str)
    names = [name for name, _ in pairs]
    return next((name for name in names if names.count(name) > 1), "")


def _written(value: Any) -> str | None:
    import msgspec

    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


OPENERS: Mapping[str, Callable[[str], CohortFile]] = {
    "csv": _open_csv,
    "ndjson": _open_ndjson,
    "parquet": _open_parquet,
}
