"""Put a table from stdin into a file, since what reads tables goes back and forth in it."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bayesnet.errors import EvidenceError
from lbp_infer.files.text_input import STDIN

START = 1 << 16
"""Bytes at the start of a table in which its format shows."""


@contextmanager
def as_file(path: str) -> Iterator[str]:
    """Yield the path; of `-` one to what stdin holds, as long as the block lasts.

    Its ending says the format, told by the content. An EvidenceError that names the file names
    stdin instead.
    """
    if path != "-":
        yield path
        return
    if sys.stdin is None:
        raise EvidenceError(f"cannot read the cohort from {STDIN}: it is closed")
    with tempfile.TemporaryDirectory() as folder:
        start = sys.stdin.buffer.read(START)
        file = Path(folder, f"{STDIN}{ending_of(start)}")
        with open(file, "wb") as stream:
            stream.write(start)
            shutil.copyfileobj(sys.stdin.buffer, stream)
        try:
            yield str(file)
        except EvidenceError as error:
            raise EvidenceError(str(error).replace(str(file), STDIN)) from None


def ending_of(start: bytes) -> str:
    """Tell the format of a table by its first bytes.

    >>> ending_of(b' {"age": 42}'), ending_of(b"age,sex")
    ('.ndjson', '.csv')
    """
    if start.startswith(b"PAR1"):
        return ".parquet"
    return ".ndjson" if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" else ".csv"
