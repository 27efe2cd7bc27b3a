"""Keep an interview in a case file: for its owner alone, always whole, held by one program."""

import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import msgspec

from bayesnet.errors import EvidenceError
from lbp_infer.files.text_input import read_text

VERSION = 1
"""Version of what stands under `interview`; a higher one was written by a newer program."""
OWNER_ONLY = 0o600

Keep = Callable[[bytes], None]
"""Puts new content in the place of the file's; raises EvidenceError where it cannot."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a kept interview says of itself, beside its evidence.

    saved: when, UTC; session: the interview as its own `to_dict` gives it, model included.
    """

    version: int
    saved: datetime
    session: dict[str, Any]


class _File(msgspec.Struct, frozen=True):
    evidence: dict[str, Any]
    interview: About | None = None


def content_of(about: About, evidence: dict[str, Any]) -> bytes:
    """Write an interview as a case file, which `--case` reads for its evidence."""
    encoded = msgspec.json.encode(_File(evidence, about))
    return msgspec.json.format(encoded, indent=2) + b"\n"


def read_about(path: str) -> About | None:
    """Read what a case file says of its interview; None where it is a case and nothing more.

    Raises EvidenceError where it cannot be read or was written by a newer program.
    """
    text = read_text(path, "interview")
    try:
        found = msgspec.json.decode(text).get("interview")
    except (msgspec.DecodeError, AttributeError):
        # A case by hand, or a broken one, about which the reader of cases says more.
        return None
    if found is None:
        return None
    version = found.get("version") if isinstance(found, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise EvidenceError(
            f"{path}: was written by a newer lbp-infer (form {version}, this one reads {VERSION}); "
            f"update the program, or give its answers alone: --case {path}"
        )
    try:
        return msgspec.convert(found, About)
    except msgspec.ValidationError as error:
        raise EvidenceError(
            f"{path}: 'interview' was changed by hand ({error}); take it out, and its evidence "
            "is gone on with"
        ) from None


def new_path(folder: str, now: datetime) -> str:
    """Return the path of an interview that begins now; only its owner can look into the folder.

    Raises EvidenceError where the folder cannot be made.
    """
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError as error:
        raise _not_kept(folder, error) from None
    return os.path.join(folder, f"{now:%Y-%m-%d-%H%M%S}-{secrets.token_hex(2)}.json")


@contextmanager
def kept_in(path: str) -> Iterator[Keep]:
    """Hold the file of an interview, and yield what writes it.

    A new file is made when it is first written. Raises EvidenceError where the file is no plain
    file, cannot be written, or is held by another program.
    """
    held = [_claimed(path)] if os.path.lexists(path) else []

    def keep(content: bytes) -> None:
        held.append(_replaced(path, content))
        for earlier in held[:-1]:
            os.close(earlier)
        del held[:-1]

    try:
        yield keep
    finally:
        for descriptor in held:
            os.close(descriptor)


def check_file(path: str) -> None:
    """Check that a path names a file, and not a link or pipe; raises EvidenceError."""
    try:
        there = os.lstat(path)
    except (OSError, ValueError) as error:
        raise _not_kept(path, error) from None
    if stat.S_ISLNK(there.st_mode):
        target = os.path.realpath(path)
        raise EvidenceError(f"'{path}' is a symbolic link; give the file itself: {target}")
    if not stat.S_ISREG(there.st_mode):
        raise EvidenceError(f"'{path}' is not a file; give the file of an interview")


def _claimed(path: str) -> int:
    """Lock a file until its descriptor is closed."""
    check_file(path)
    folder = os.path.dirname(os.path.abspath(path))
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise _not_kept(path, error) from None
    if not os.access(folder, os.W_OK):
        os.close(descriptor)
        raise EvidenceError(f"cannot keep answers in '{path}': its folder is write-protected")
    if not _locked(descriptor) or not _is_still(descriptor, path):
        os.close(descriptor)
        raise EvidenceError(
            f"'{path}' is open in another terminal; end that interview first, or copy the file"
        )
    return descriptor


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(descriptor: int, path: str) -> bool:
    """Tell whether the path still names this file: the other program replaces it."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


def _replaced(path: str, content: bytes) -> int:
    """Put a new, locked file in the place of the path's; returns its descriptor."""
    temporary = os.path.join(os.path.dirname(path), f".{secrets.token_hex(8)}.part")
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        descriptor = os.open(temporary, flags, OWNER_ONLY)
    except OSError as error:
        raise _not_kept(path, error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        with os.fdopen(os.dup(descriptor), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException as error:
        os.close(descriptor)
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise _not_kept(path, error) from None
        raise
    return descriptor


def _not_kept(path: str, error: OSError | ValueError) -> EvidenceError:
    reason = getattr(error, "strerror", None) or str(error)
    return EvidenceError(f"cannot keep answers in '{path}': {reason}")


def utc_now() -> datetime:
    """Return the time, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)
