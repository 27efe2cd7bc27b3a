"""Hold a file alone, on any system: by a lock beside it, which ends with the program."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from filelock import BaseFileLock, FileLock, UnixFileLock

OWNER_ONLY = 0o600
POLLED = 0.005
"""Seconds after which a lock that another program holds is tried again."""


def lock_of(path: str) -> BaseFileLock:
    """Return the lock of a file, not taken yet; the file itself may be replaced meanwhile."""
    folder, name = os.path.split(os.path.realpath(path))
    beside = os.path.join(folder, f".{name}.lock")
    return FileLock(beside, mode=OWNER_ONLY, poll_interval=POLLED)


@contextmanager
def held(lock: BaseFileLock, wait: bool) -> Iterator[None]:
    """Hold a lock, and leave nothing behind.

    wait: for another program to let go of it. Raises filelock.Timeout without, where another has
    it, and OSError where nothing can be written beside the file.
    """
    with lock.acquire(blocking=wait):
        try:
            yield
        finally:
            # Taken away while it is held, so that nobody takes one that is about to go; where it
            # is not a Unix lock, letting go of it takes it away.
            if isinstance(lock, UnixFileLock):
                with suppress(OSError):
                    os.unlink(lock.lock_file)
