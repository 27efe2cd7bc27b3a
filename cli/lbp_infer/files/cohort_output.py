"""Write tables as CSV, NDJSON or Parquet: the complete file appears, or nothing."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, BinaryIO

from bayesnet.errors import EvidenceError
from lbp_infer.files.cell_types import json_type
from lbp_infer.files.cohort_formats import format_of
from lbp_infer.files.replacing import not_written, replacing

Write = Callable[[Any], None]
"""Writes the rows of a pyarrow.Table."""


def check_target(path: str, *inputs: str) -> None:
    """Raise EvidenceError where no table can be written, before anything is computed.

    path: of the output; inputs: paths of cohorts that are read, which it must not replace.
    """
    format_of(path)
    try:
        there = os.stat(path)
        is_cohort = any(os.path.samestat(there, os.stat(each)) for each in inputs)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise not_written(path, error) from None
    if not stat.S_ISREG(there.st_mode):
        raise EvidenceError(f"cannot write '{path}': it is not a file")
    if is_cohort:
        raise EvidenceError(f"'{path}' is the cohort itself; give the output another name")
    if not os.access(path, os.W_OK):
        raise EvidenceError(f"cannot write '{path}': it is write-protected; give another name")


@contextmanager
def table_writer(path: str, schema: Any) -> Iterator[Write]:
    """Yield a function that adds rows to the table at `path`, which appears when all went well.

    A file that was there keeps its mode and owner. schema: the Arrow schema of the rows. Raises
    EvidenceError where no file can be made, and BayesnetError where the disk takes no more.
    """
    writer = WRITERS[format_of(path)]
    with replacing(path) as stream, writer(stream, schema) as write:
        yield write


@contextmanager
def _csv(stream: BinaryIO, schema: Any) -> Iterator[Write]:
    from pyarrow import csv

    with csv.CSVWriter(stream, schema, write_options=csv.WriteOptions(quoting_style="needed")) as w:
        yield w.write_table


@contextmanager
def _parquet(stream: BinaryIO, schema: Any) -> Iterator[Write]:
    from pyarrow import parquet

    with parquet.ParquetWriter(stream, schema) as writer:
        yield writer.write_table


@contextmanager
def _ndjson(stream: BinaryIO, schema: Any) -> Iterator[Write]:
    import msgspec

    encoder = msgspec.json.Encoder()

    def write(table: Any) -> None:
        columns = [_cells(column) for column in table.columns]
        rows = [dict(zip(schema.names, row, strict=True)) for row in zip(*columns, strict=True)]
        stream.write(encoder.encode_lines(rows))

    yield write


def _cells(column: Any) -> list[Any]:
    """Return the cells of a column as Python values; JSON text is passed to the encoder as is."""
    import msgspec

    values: list[Any] = column.to_pylist()
    if column.type != json_type():
        return values
    return [text and msgspec.Raw(text.encode()) for text in values]


WRITERS: Mapping[str, Callable[[BinaryIO, Any], AbstractContextManager[Write]]] = {
    "csv": _csv,
    "ndjson": _ndjson,
    "parquet": _parquet,
}
