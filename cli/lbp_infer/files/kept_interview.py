"""Keep an interview in a case file: for its owner alone, always whole, held by one program."""

import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

import msgspec
from filelock import Timeout
from msgspec import Meta

from bayesnet.diagnosis.interview.plain_session import PlainSession
from bayesnet.errors import EvidenceError
from lbp_infer.files.held_alone import OWNER_ONLY, held, lock_of
from lbp_infer.files.text_input import read_text

VERSION = 1
"""Version of what stands under `interview`; a higher one was written by a newer program."""

Keep = Callable[[bytes], None]
"""Puts new content in the place of the file's; raises EvidenceError where it cannot."""


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a kept interview says of itself, beside its evidence.

    saved: when; session: the interview as it stood, model included.
    """

    version: int
    saved: Annotated[datetime, Meta(tz=True)]
    session: PlainSession


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
        content = msgspec.json.decode(text)
        found = content.get("interview")
    except (msgspec.DecodeError, AttributeError, RecursionError):
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
    if isinstance(found, dict) and "evidence" not in content:
        raise EvidenceError(f"{path}: 'evidence' is missing: there are no answers to go on with")
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
    with ExitStack() as until_the_end:
        lock = lock_of(path)

        def hold() -> None:
            try:
                until_the_end.enter_context(held(lock, wait=False))
            except Timeout:
                raise EvidenceError(
                    f"'{path}' is open in another terminal; end that interview first, or copy the "
                    "file"
                ) from None
            except OSError as error:
                raise _not_kept(path, error) from None

        def keep(content: bytes) -> None:
            if not lock.is_locked:
                hold()
            _replace(path, content)

        if os.path.lexists(path):
            _check_writable(path)
            hold()
        yield keep


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


def _check_writable(path: str) -> None:
    check_file(path)
    if not os.access(path, os.R_OK | os.W_OK):
        raise EvidenceError(f"cannot keep answers in '{path}': it is write-protected")
    if not os.access(os.path.dirname(os.path.abspath(path)), os.W_OK):
        raise EvidenceError(f"cannot keep answers in '{path}': its folder is write-protected")


def _replace(path: str, content: bytes) -> None:
    """Put a new file in the place of the path's."""
    temporary = os.path.join(os.path.dirname(path), f".{secrets.token_hex(8)}.part")
    try:
        with open(temporary, "xb", opener=partial(os.open, mode=OWNER_ONLY)) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        if isinstance(error, OSError):
            raise _not_kept(path, error) from None
        raise


def _not_kept(path: str, error: OSError | ValueError) -> EvidenceError:
    reason = getattr(error, "strerror", None) or str(error)
    return EvidenceError(f"cannot keep answers in '{path}': {reason}")


def utc_now() -> datetime:
    """Return the time, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)
