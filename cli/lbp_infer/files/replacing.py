"""Write a file whole or not at all: beside the one that it replaces, then in its place."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import BinaryIO

from bayesnet.errors import BayesnetError, EvidenceError


@contextmanager
def replacing(path: str) -> Iterator[BinaryIO]:
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
        raise not_written(path, error) from None


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


def not_written(path: str, error: OSError | ValueError) -> EvidenceError:
    """Make the error that says why a file cannot be written."""
    reason = getattr(error, "strerror", None) or str(error)
    return EvidenceError(f"cannot write '{path}': {reason}")
