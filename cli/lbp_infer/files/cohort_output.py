"""Write tables as CSV, NDJSON or Parquet: the complete file appears, or nothing."""

import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from typing import Any, BinaryIO

from bayesnet.errors import BayesnetError, EvidenceError
from lbp_infer.files.cell_types import json_type
from lbp_infer.files.cohort_formats import format_of

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
        raise _not_written(path, error) from None
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
    with _beside(path) as stream, writer(stream, schema) as write:
        yield write


@contextmanager
def _beside(path: str) -> Iterator[BinaryIO]:
    """Yield a temporary file in the folder of `path`, which takes its place if all went well.

    After an error it is removed, and `path` is as it was.
    """
    target = os.path.realpath(path)
    # Not derived from the target's name, which may have the greatest length allowed.
    temporary = os.path.join(os.path.dirname(target), f".{secrets.token_hex(8)}.part")
    try:
        with _made(temporary, target, path) as stream:
            _give_rights_of(target, temporary, path)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except BaseException as error:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise BayesnetError(f"cannot write '{path}': {error.strerror or error}") from None
        raise


def _made(temporary: str, target: str, path: str) -> BinaryIO:
    """Create the temporary file, for the owner alone where it will replace a file.

    That file's rights are given to it next (`_give_rights_of`). Raises EvidenceError.
    """
    mode = 0o600 if os.path.exists(target) else 0o666
    try:
        return open(temporary, "xb", opener=partial(os.open, mode=mode))
    except (OSError, ValueError) as error:
        raise _not_written(path, error) from None


def _give_rights_of(target: str, temporary: str, path: str) -> None:
    """Give the new file the owner, mode and access list of the one that it is to replace."""
    if not os.path.exists(target):
        return
    there, new = os.stat(target), os.stat(temporary)
    try:
        if (there.st_uid, there.st_gid) != (new.st_uid, new.st_gid):
            os.chown(temporary, there.st_uid, there.st_gid)
        shutil.copystat(target, temporary)
    except OSError:
        raise EvidenceError(
            f"cannot write '{path}': it is another's, and its owner could not be kept; give the "
            "output another name"
        ) from None


def _not_written(path: str, error: OSError | ValueError) -> EvidenceError:
    """Make the error that says why a file cannot be written."""
    reason = getattr(error, "strerror", None) or str(error)
    return EvidenceError(f"cannot write '{path}': {reason}")


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
