"""Begin an interview: from what is given, or where a kept one was left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bayesnet.diagnosis.answers.reading import Value
from bayesnet.errors import EvidenceError
from lbp_infer.commands.statements import evidence_from
from lbp_infer.commands.vocabulary import Vocabulary
from lbp_infer.files.case_file import read_case
from lbp_infer.files.kept_interview import About, read_about
from lbp_infer.screen.notices import tell

if TYPE_CHECKING:
    from bayesnet.diagnosis.interview.session import Session
    from bayesnet.diagnosis.model import DiagnosticModel

AUDIENCE, POLICY = "self", "care"
AGAIN_AFTER = timedelta(days=7)
"""Age from which answers are asked again that the model says may change."""


@dataclass(frozen=True)
class Beginning:
    """What an interview begins with; None where nothing was said of it."""

    given: Mapping[str, Value]
    audience: str | None
    policy: str | None
    most: int | None


@dataclass(frozen=True)
class Begun:
    """The session to begin with.

    again: ids of answers that are days old and may have changed; saved: when those were kept.
    """

    session: "Session"
    again: tuple[str, ...] = ()
    saved: datetime | None = None


def begin(
    model: "DiagnosticModel",
    words: Vocabulary,
    wanted: Beginning,
    resume: str | None,
    now: datetime,
) -> Begun:
    """Return what to begin with.

    resume: a kept interview or any case file; answers of `wanted` come on top of it. Raises
    EvidenceError for a file that cannot be gone on with, and what a session raises.
    """
    if resume is None:
        return Begun(_new(model, wanted.given, wanted))
    about = read_about(resume)
    session = _resumed(model, words, wanted, resume, about)
    for name, value in wanted.given.items():
        session = session.answer(name, value)
    if about is None or now - about.saved < AGAIN_AFTER:
        return Begun(session)
    changing = [name for name in model.description.interview.again if name in session.given]
    again = tuple(name for name in changing if name not in wanted.given)
    return Begun(session, again, about.saved)


def _new(model: "DiagnosticModel", given: Mapping[str, Value], wanted: Beginning) -> "Session":
    audience, policy = wanted.audience or AUDIENCE, wanted.policy or POLICY
    return model.interview(given, audience=audience, policy=policy, most=wanted.most)


def _resumed(
    model: "DiagnosticModel",
    words: Vocabulary,
    wanted: Beginning,
    path: str,
    about: About | None,
) -> "Session":
    """Go on as the session was left; from its answers alone where something else is wanted."""
    from msgspec import to_builtins

    from bayesnet.diagnosis.interview.session import Session

    if about is None:
        return _new(model, evidence_from(read_case(path, words, model), words), wanted)
    try:
        left = Session.from_dict(model, to_builtins(about.session))
    except EvidenceError as error:
        raise EvidenceError(f"{path}: {error}") from None
    if about.session.model.sha256 != model.compiled.sha256:
        tell(f"{path}: the model has changed since; questions may come in another order")
    given = evidence_from(read_case(path, words, model), words)
    otherwise = (wanted.audience, wanted.policy, wanted.most) != (None, None, None)
    return _new(model, given, wanted) if otherwise or dict(left.given) != given else left
