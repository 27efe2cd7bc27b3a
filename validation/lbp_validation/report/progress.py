"""Say how far a long run is, from any of its processes."""

import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """Writes what begins to stderr; start: when the run began, by the clock, in seconds."""

    start: float

    def __call__(self, what: str) -> None:
        """Write a line: the seconds so far, and what begins."""
        sys.stderr.write(f"{time.time() - self.start:4.0f} s  {what} ...\n")
