"""Read text from a file or stdin: bounded in size, never anything that is no text."""

import os
import stat
import sys
from typing import BinaryIO

from bayesnet.errors import EvidenceError

LARGEST = 5_000_000
"""Most bytes of a file; the answers to every question of a model take a few thousand."""
STDIN = "stdin"


def read_text(path: str, what: str) -> str:
    """Read a UTF-8 file (`-`: stdin) as text.

    what: the kind of file, for messages. Raises EvidenceError where it cannot be read, is too
    large or is not UTF-8.
    """
    name = STDIN if path == "-" else path
    return _decoded(_content(path, name, what), name)


def _content(path: str, name: str, what: str) -> bytes:
    """Read a file or stdin of at most LARGEST bytes; raises EvidenceError."""
    try:
        if path == "-":
            if sys.stdin is None:
                raise EvidenceError(f"cannot read the {what} from stdin: it is closed")
            return _bounded(sys.stdin.buffer, name, what)
        details = os.stat(path)
        if stat.S_ISDIR(details.st_mode):
            raise EvidenceError(f"{name}: is a directory; give a file")
        _check_size(details.st_size, name, what)
        with open(path, "rb") as stream:
            return _bounded(stream, name, what)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EvidenceError(f"cannot read the {what} '{name}': {reason}") from None


def _bounded(stream: BinaryIO, name: str, what: str) -> bytes:
    content = stream.read(LARGEST + 1)
    _check_size(len(content), name, what)
    return content


def _check_size(size: int, name: str, what: str) -> None:
    if size > LARGEST:
        raise EvidenceError(f"{name}: is larger than {LARGEST // 1_000_000} MB; not a {what}")


def _decoded(content: bytes, name: str) -> str:
    """Decode UTF-8; raises EvidenceError with the line of the first byte that is not."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EvidenceError(f"{name}:{line}: is not UTF-8 text; save it as UTF-8") from None
