"""What a table of people is, whatever its format: a schema, and batches of rows in order."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bayesnet.errors import EvidenceError


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
    read: Callable[["CohortFile", Sequence[str]], Generator[Batch, None, None]]

    def batches(self, keep: Sequence[str]) -> Generator[Batch, None, None]:
        """Yield all rows in order, and close the file when closed; raises EvidenceError."""
        with readable(self.path):
            yield from self.read(self, keep)


@contextmanager
def readable(path: str) -> Iterator[None]:
    """Turn whatever reading a table raises into an EvidenceError that names the file.

    That is OSError of the file system, ArrowException of Arrow (its memory's end included),
    ValueError of text that is not UTF-8 and of names that cannot be a file's, and of damaged
    Parquet files MemoryError and OverflowError.
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
    """Raise EvidenceError where the first bytes of a text file are of UTF-16 or UTF-32."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start:
        raise EvidenceError(
            f"cannot read the cohort '{path}': it is UTF-16 or no text; save it as UTF-8 (a "
            "spreadsheet calls that 'CSV UTF-8')"
        )
