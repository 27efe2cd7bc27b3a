"""Open network files: regular files only, packed or not, and no more of them than can be held."""

import gzip
import stat
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from bayesnet.errors import FormatError, readable_bytes
from bayesnet.network.formats.decoding import text_of
from bayesnet.network.formats.mistakes import MistakeError, located

LARGEST = 1 << 27
"""Most bytes of a file once unpacked (128 MiB): the largest published networks have 10 MB, and a
gzip file can expand to a thousand times its own size."""
_PIECE = 1 << 20
_PACKED = b"\x1f\x8b"
"""The first bytes of every gzip file, whatever its name."""


def text_of_file(file: Path, encoding: str | None) -> str:
    """Read, unpack and decode a file; raises FormatError that names it.

    encoding: as in `ReadingOptions`.
    """
    content = bytes_of(file)
    try:
        return text_of(content, encoding)
    except MistakeError as error:
        # The place is that of a byte, and in Latin-1 every byte is a character.
        raise located(error, file, content.decode("latin-1")) from error


def bytes_of(file: Path) -> bytes:
    """Read and unpack a regular file of at most LARGEST bytes; raises FormatError that names it."""
    try:
        # Anything but a file of the disk could have no end, or never begin.
        if not stat.S_ISREG(file.stat().st_mode):
            kind = "a directory" if file.is_dir() else "no regular file"
            raise FormatError(f"{file}: is {kind}, not a network file")
        content = _unpacked(file)
    except FileNotFoundError:
        raise FormatError(f"{file}: no such file") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FormatError(f"{file}: not a whole gzip file ({error})") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FormatError(f"{file}: cannot be read: {reason}") from error
    if not content or content.isspace():
        raise FormatError(f"{file}: is empty")
    return content


def _unpacked(file: Path) -> bytes:
    """Return a file's content; FormatError as soon as it is over LARGEST."""
    content = bytearray()
    with file.open("rb") as plain:
        packed = plain.read(len(_PACKED)) == _PACKED
        plain.seek(0)
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=plain)) if packed else plain
        while piece := stream.read(_PIECE):
            content += piece
            if len(content) > LARGEST:
                raise FormatError(
                    f"{file}: is larger than {readable_bytes(LARGEST)}; not a network file"
                )
    return bytes(content)
