"""Write to stdout, as text for people or as JSON for programs."""

import errno
import sys
from typing import Any, TextIO


def stdout() -> TextIO:
    """Return stdout; raises OSError when the process was started with it closed."""
    stream: TextIO | None = sys.stdout
    if stream is None:
        raise OSError(errno.EBADF, "stdout is closed")
    return stream


def write_json(data: dict[str, Any] | list[Any]) -> None:
    """Write one JSON document, as UTF-8 whatever the locale; a value that is not finite is null."""
    import msgspec

    stream = stdout().buffer
    stream.write(msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n")
    stream.flush()
