"""Keep an interview and record it: what is written down after each answer."""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import bayesnet
from bayesnet.diagnosis.answers.reading import PlainValue, Value, plain
from bayesnet.diagnosis.interview.plain_session import read_plain
from bayesnet.errors import EvidenceError
from lbp_infer.files.kept_interview import (
    VERSION,
    About,
    check_file,
    content_of,
    kept_in,
    new_path,
    read_about,
    utc_now,
)
from lbp_infer.files.record import VERSION as RECORD_VERSION
from lbp_infer.files.record import Kind, Recorded, posteriors_of, read_record, recorder
from lbp_infer.screen.notices import tell

if TYPE_CHECKING:
    from bayesnet.diagnosis.interview.session import Session

NAMED = 3
"""Damaged lines of a record that are named."""


@dataclass(frozen=True)
class Keeping:
    """Where an interview is kept, and what keeps it; empty and None where it is not."""

    path: str = ""
    keep: "Callable[[Session], None] | None" = None


@contextmanager
def kept(resume: str | None, needed: bool) -> Iterator[Keeping]:
    """Yield what keeps the interview, in the kept one to resume or in a new file.

    resume: also a case file written by hand, which stays as it is. needed: whether a new file is
    made; not for answers that stand in a file already. Where none can be made that is said, and the
    interview is held. Raises EvidenceError for the file to resume.
    """
    path = resume if resume is not None and _is_kept(resume) else ""
    path = path or (_new_path() if needed else "")
    if not path:
        yield Keeping()
        return
    with kept_in(path) as write:

        def keep(session: "Session") -> None:
            plain = read_plain(session.to_dict())
            about = About(version=VERSION, saved=utc_now(), session=plain)
            try:
                write(content_of(about, _plain(session.given)))
            except EvidenceError as error:
                # The answer counts all the same, and the next one is kept with it if it can be.
                tell(f"{error}; it has what was answered before, and this answer is not in it")

        yield Keeping(path, keep)


def recording(path: str, session: "Session") -> "Callable[[Kind, dict[str, Value], Session], None]":
    """Return what appends to the record; names the lines of it that are damaged.

    session: the interview as it begins. Raises EvidenceError where the file is no record.
    """
    note = recorder(path)
    damaged = list(read_record(path).damaged.values())
    for each in damaged[:NAMED]:
        tell(f"{each}; left as it is")
    if len(damaged) > NAMED:
        tell(f"{path}: {len(damaged) - NAMED} more lines cannot be read; left as they are")
    interview = secrets.token_hex(8)
    identity = session.report.model

    def record(kind: Kind, said: dict[str, Value], after: "Session") -> None:
        report = after.report
        note(
            Recorded(
                version=RECORD_VERSION,
                time=utc_now(),
                program=bayesnet.__version__,
                interview=interview,
                kind=kind,
                model=identity.id,
                model_version=identity.version,
                sha256=identity.sha256,
                audience=after.audience,
                said=_plain(said),
                evidence=_plain(after.given),
                question=None if after.next_question is None else after.next_question.id,
                posteriors=posteriors_of(report),
                triage=report.triage.level,
                pathway=None if report.pathway is None else report.pathway.id,
                origin=identity.origin,
                unsafe=identity.unsafe,
            )
        )

    return record


def _plain(given: Mapping[str, Value]) -> dict[str, PlainValue]:
    return {name: plain(value) for name, value in given.items()}


def _is_kept(path: str) -> bool:
    """Tell whether a file is a kept interview, and not only a case."""
    check_file(path)
    return read_about(path) is not None


def _new_path() -> str:
    """Return where a new interview is kept; empty, and said, where it cannot be."""
    from platformdirs import user_state_path

    try:
        return new_path(os.path.join(user_state_path("lbp-infer"), "interviews"), utc_now())
    except EvidenceError as error:
        tell(f"{error}; the answers will be lost when this ends")
        return ""
