"""Read cohorts from CSV files in blocks; a row that cannot be read keeps its place."""

import os
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, BinaryIO

import numpy as np

from bayesnet.errors import EvidenceError
from lbp_infer.files.cohort_batch import Batch, CohortFile, refuse_wide_text

BLOCK_BYTES = 2 << 20
"""Bytes of a file that are read at a time; a row may not be longer."""


def open_csv(path: str) -> CohortFile:
    """Open the cohort in a CSV file, whose first line that is not empty is the header."""
    import pyarrow

    with open(path, "rb") as start:
        refuse_wide_text(path, start.read(1024))
    with _at_header(path) as stream, _arrow_explained(path):
        names = _reader(stream, (), {}).schema.names
    schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
    return CohortFile(path, schema, True, _read)


def _read(file: CohortFile, keep: Sequence[str]) -> Generator[Batch, None, None]:
    """Yield the batches of a file; bad rows after the last good one make a batch of their own."""
    import pyarrow

    bad: dict[int, str] = {}
    place = 0
    size = max(1, os.path.getsize(file.path))
    # The reader waits for its thread when it is let go, and so before the file is closed.
    with _at_header(file.path) as stream, closing(_blocks(file, stream, bad)) as blocks:
        for block in blocks:
            rows, errors = _with_gaps(block, bad, place)
            place += rows.num_rows
            columns = dict(zip(rows.schema.names, rows.columns, strict=True))
            # Unchanged: a view does not check that they are UTF-8.
            kept = {name: columns[name].view(pyarrow.string()) for name in keep}
            yield Batch(rows.num_rows, columns, kept, errors, stream.tell() / size)
    if bad:
        errors = {row - place: bad[row] for row in sorted(bad)}
        nothing = pyarrow.nulls(len(bad), pyarrow.string())
        kept = dict.fromkeys(keep, nothing)
        yield Batch(len(bad), dict.fromkeys(file.schema.names, nothing), kept, errors, 1.0)


def _blocks(file: CohortFile, stream: Any, bad: dict[int, str]) -> Generator[Any, None, None]:
    """Yield Arrow record batches of the good rows; Arrow puts the others into `bad`."""
    with _arrow_explained(file.path):
        reader = _reader(stream, file.schema.names, bad)
    while True:
        with _arrow_explained(file.path):
            block = next(reader, None)
        if block is None:
            return
        yield block


@contextmanager
def _arrow_explained(path: str) -> Iterator[None]:
    """Turn Arrow's error about a row into an EvidenceError that says what to do about it."""
    import pyarrow

    hook = sys.unraisablehook
    # Of a bad row that is not UTF-8, Arrow prints a traceback before it raises what is caught here.
    sys.unraisablehook = lambda _: None
    try:
        yield
    except pyarrow.ArrowInvalid as error:
        said = str(error).partition("\n")[0]
        if "straddl" in said:
            most = f"{BLOCK_BYTES / (1 << 20):g} MiB"
            said = f"a row is longer than {most}; is a quotation mark left open?"
        elif "CSV parse error" in said:
            said += "; it is not UTF-8 text either: save the table as UTF-8"
        raise EvidenceError(f"cannot read the cohort '{path}': {said}") from None
    finally:
        sys.unraisablehook = hook


def _reader(stream: Any, names: Sequence[str], bad: dict[int, str]) -> Any:
    """Make Arrow's reader of rows, with cells as bytes so that no cell stops the run.

    bad: filled while it reads with {position of a row: what is wrong with it}.
    """
    import pyarrow
    from pyarrow import csv

    def skip(row: Any) -> str:
        # Arrow counts rows from 1 and counts the header.
        message = f"has {row.actual_columns} fields where the header has {row.expected_columns}"
        unclosed = "; is a quotation mark left open?" if "\n" in row.text else ""
        bad[row.number - 2] = message + unclosed
        return "skip"

    return csv.open_csv(
        stream,
        csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
        csv.ParseOptions(
            newlines_in_values=True,
            # In a file of one column, an empty line is a person who was not asked.
            ignore_empty_lines=len(names) != 1,
            invalid_row_handler=skip,
        ),
        csv.ConvertOptions(
            column_types=dict.fromkeys(names, pyarrow.binary()),
            null_values=[""],
            strings_can_be_null=True,
        ),
    )


def _at_header(path: str) -> Any:
    """Open a file of Arrow's past the empty lines before the header, which are no rows.

    Not a Python file: Arrow's threads, which read ahead, would need Python for each of its bytes,
    and one that asks for it while an interrupted process ends aborts that process.
    """
    import pyarrow

    with open(path, "rb") as lines:
        start = _header_place(lines)
    # Of a name that is not UTF-8, Arrow takes the bytes.
    stream = pyarrow.OSFile(os.fsencode(path))
    stream.seek(start)
    return stream


def _header_place(lines: BinaryIO) -> int:
    start = 0
    for line in iter(lambda: lines.readline(1024), b""):
        if line.removeprefix(b"\xef\xbb\xbf").strip(b"\r\n"):
            break
        start += len(line)
    return start


def _with_gaps(block: Any, bad: dict[int, str], place: int) -> tuple[Any, dict[int, str]]:
    """Put empty rows into a block where bad rows stood; returns it and {row in it: error}.

    place: position of the block's first row in the file. Bad rows that were put in leave `bad`.
    """
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
