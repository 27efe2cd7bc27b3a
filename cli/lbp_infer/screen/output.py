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
    from bayesnet.diagnosis.report.json_text import json_text

    stream = stdout().buffer
    stream.write(json_text(data))
    stream.flush()
