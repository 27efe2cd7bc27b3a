"""Define a table of people in any format: a schema, and batches of rows in order."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from bayesnet.errors import EvidenceError


@dataclass(frozen=True, eq=False)
class Batch:
    """Consecutive rows of a cohort.

    rows: their number; columns: {name: cells, one a row}; kept: {name: Arrow array to pass
    through}; errors: {position of a row in the batch: why it could not be read}; done: the share
    of the file read so far, from 0 to 1.
    """

    rows: int
    columns: Mapping[str, Any]
    kept: Mapping[str, Any]
    errors: Mapping[int, str]
    done: float

    def pieces(self, most: int) -> Iterator["Batch"]:
        """Yield the rows in order, at most so many at a time, each piece with a copy of its cells.

        A slice of an Arrow array would take all of the batch along to another process.
        """
        for start in range(0, self.rows, most):
            rows = range(start, min(start + most, self.rows))
            errors = {row - start: self.errors[row] for row in rows if row in self.errors}
            columns, kept = (
                {name: _some(cells, rows) for name, cells in each.items()}
                for each in (self.columns, self.kept)
            )
            yield Batch(len(rows), columns, kept, errors, self.done)


def _some(cells: Any, rows: range) -> Any:
    """Return the cells of some consecutive rows, copied."""
    if hasattr(cells, "take"):
        return cells.take(np.arange(rows.start, rows.stop))
    return cells[rows.start : rows.stop]


@dataclass(frozen=True, eq=False)
class CohortFile:
    """A file of a cohort, ready to be read.

    schema: the Arrow schema of its columns as they are passed through; of an NDJSON file it has
    the columns of the first row only. closed: whether the schema has all columns. read: what
    yields its batches, given the file and the columns to keep.
    """

    path: str
    schema: Any
    closed: bool
    read: Callable[["CohortFile", Sequence[str]], Generator[Batch, None, None]]

    def batches(self, keep: Sequence[str]) -> Generator[Batch, None, None]:
        """Yield all rows in order, and close the file when closed; raises EvidenceError."""
        with readable(self.path):
            yield from self.read(self, keep)


@contextmanager
def readable(path: str) -> Iterator[None]:
    """Turn any error of reading a table into an EvidenceError that names the file.

    These are OSError from the file system; ArrowException (running out of Arrow's memory
    included); ValueError for text that is not UTF-8 and for names that no file can have; and, for
    damaged Parquet files, MemoryError and OverflowError.
    """
    import pyarrow

    try:
        yield
    except UnicodeDecodeError:
        raise EvidenceError(
            f"cannot read the cohort '{path}': it is not UTF-8 text; save it as UTF-8 (a "
            "spreadsheet calls that 'CSV UTF-8')"
        ) from None
    except (OSError, pyarrow.ArrowException, ValueError, MemoryError, OverflowError) as error:
        said = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        reason = said or "out of memory"
        raise EvidenceError(f"cannot read the cohort '{path}': {reason}") from None


def refuse_wide_text(path: str, start: bytes) -> None:
    """Raise EvidenceError where the first bytes of a text file are UTF-16 or UTF-32."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start:
        raise EvidenceError(
            f"cannot read the cohort '{path}': it is UTF-16 or no text; save it as UTF-8 (a "
            "spreadsheet calls that 'CSV UTF-8')"
        )
