"""Append what an interview did to a record, a line of JSON each, and read a record."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Literal

import msgspec

from bayesnet.diagnosis.answers.reading import PlainValue
from bayesnet.errors import BayesnetError, EvidenceError
from bayesnet.model.format.compiled import Origin
from lbp_infer.files.held_alone import OWNER_ONLY, held, lock_of

if TYPE_CHECKING:
    from bayesnet.diagnosis.report.records import Report

VERSION = 1


Kind = Literal["answer", "back", "conclusion"]


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a record: what was said, and all that it led to.

    program: version of lbp-infer; interview: a name that the lines of one interview share; kind:
    what happened; said: the answers given by it; question: id of the next one; posteriors: {cause:
    its probability}; triage: the level of urgency; origin, unsafe: of the model, as a report has
    them.
    """

    version: int
    time: datetime
    program: str
    interview: str
    kind: Kind
    model: str
    model_version: str
    sha256: str
    audience: str
    said: dict[str, PlainValue]
    evidence: dict[str, PlainValue]
    question: str | None
    posteriors: dict[str, float]
    triage: str
    pathway: str | None
    origin: tuple[Origin, ...] = ()
    unsafe: tuple[str, ...] = ()


Note = Callable[[Recorded], None]
"""Appends a line; raises BayesnetError where the disk takes no more."""


@dataclass(frozen=True)
class Record:
    """The lines of a record that can be read, each with its number, and what is wrong with others.

    damaged: {line number: why it cannot be read}.
    """

    lines: tuple[tuple[int, Recorded], ...]
    damaged: dict[int, str]


def recorder(path: str) -> Note:
    """Return what appends to the record at `path`, which is made if it is not there.

    A line is written in one piece under a lock, so that several writers leave whole lines. Raises
    EvidenceError where the file cannot be written or is no record.
    """
    try:
        if os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode):
            raise EvidenceError(f"'{path}' is not a file; give the record another name")
        _opened(path).close()
    except OSError as error:
        raise EvidenceError(f"cannot write '{path}': {error.strerror or error}") from None
    there = read_record(path)
    if there.damaged and not there.lines:
        raise EvidenceError(f"'{path}' is no record; give the record another name")

    def note(line: Recorded) -> None:
        try:
            _append(path, msgspec.json.encode(line) + b"\n")
        except OSError as error:
            raise BayesnetError(f"cannot write '{path}': {error.strerror or error}") from None

    return note


def read_record(path: str) -> Record:
    """Read a record; a line that is damaged is named and left out. Raises EvidenceError."""
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except OSError as error:
        raise EvidenceError(f"cannot read '{path}': {error.strerror or error}") from None
    lines, damaged = [], {}
    for number, text in enumerate(content.split(b"\n"), 1):
        if not text.strip():
            continue
        try:
            lines.append((number, _decoded(text)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            damaged[number] = f"{path}:{number}: cannot be read: {error}"
    return Record(tuple(lines), damaged)


def _decoded(text: bytes) -> Recorded:
    """Read a line; raises msgspec.DecodeError, also for one of a newer program."""
    line = msgspec.json.decode(text, type=Recorded)
    if line.version > VERSION:
        raise msgspec.DecodeError(
            f"it was written by a newer lbp-infer (form {line.version}, this one reads {VERSION})"
        )
    return line


def posteriors_of(report: "Report") -> dict[str, float]:
    """{cause: its probability}, in the report's order."""
    return {cause.id: cause.probability for cause in report.causes}


def _opened(path: str) -> BinaryIO:
    return open(path, "a+b", opener=partial(os.open, mode=OWNER_ONLY))


def _append(path: str, line: bytes) -> None:
    """Write a line at the end; one that a writer left unfinished keeps its own."""
    with held(lock_of(path), wait=True), _opened(path) as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - 1))
        unfinished = stream.read(1) not in (b"", b"\n")
        stream.write(b"\n" + line if unfinished else line)
        stream.flush()
        os.fsync(stream.fileno())
