"""Tables written as CSV, NDJSON or Parquet: the whole file appears, or nothing."""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, BinaryIO

from bayesnet.errors import EvidenceError
from lbp_infer.files.cohort_formats import format_of

Write = Callable[[Any], None]
"""Takes a pyarrow.Table."""


def check_target(path: str, cohort: str) -> None:
    """Raises EvidenceError where no table can be put."""
    format_of(path)
    if os.path.exists(path) and not os.path.isfile(path):
        raise EvidenceError(f"cannot write '{path}': it is not a file")
    if os.path.exists(path) and os.path.samefile(path, cohort):
        raise EvidenceError(f"'{path}' is the cohort itself; give the output another name")


@contextmanager
def table_writer(path: str, schema: Any) -> Iterator[Write]:
    """A function that adds rows to the table at `path`, which appears when all went well.

    schema: the Arrow schema of the rows. Raises EvidenceError where no file can be made.
    """
    writer = WRITERS[format_of(path)]
    with _beside(path) as stream, writer(stream, schema) as write:
        yield write


@contextmanager
def _beside(path: str) -> Iterator[BinaryIO]:
    """A file in the same folder that takes the name at the end, or is removed."""
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    temporary = os.path.join(folder, f".{name}.{secrets.token_hex(4)}.part")
    try:
        with _made(temporary, path) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _made(temporary: str, path: str) -> BinaryIO:
    try:
        return open(temporary, "xb")
    except OSError as error:
        raise EvidenceError(f"cannot write '{path}': {error.strerror}") from None


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
        columns = [column.to_pylist() for column in table.columns]
        rows = [dict(zip(schema.names, row, strict=True)) for row in zip(*columns, strict=True)]
        stream.write(encoder.encode_lines(rows))

    yield write


WRITERS: Mapping[str, Callable[[BinaryIO, Any], AbstractContextManager[Write]]] = {
    "csv": _csv,
    "ndjson": _ndjson,
    "parquet": _parquet,
}
