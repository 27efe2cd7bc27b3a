"""What a form carries from page to page: all that was said, and nothing is kept anywhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bayesnet import DiagnosticModel, EvidenceError, Session, UnknownNameError
from lbp_service.answers.evidence import as_read
from lbp_service.web.fields import Fields

AUDIENCES = ("self", "clinician")
NOT_KNOWN = "?"
"""How a form says that something is not known; no model has a state that is spelled so."""
NONE_OF_THESE = "none"
"""The answer to a screen that answers each of its open lines no."""
SAID = "said"


@dataclass(frozen=True)
class State:
    """An interview as its forms carry it, in hidden fields.

    model: the name of the served model, empty for the default; sha256: of the model as it was;
    said: each answer in order as `ID=ANSWER`; more: whether it goes on where it would stop;
    opened: the screen whose lines are asked one by one, empty for none.
    """

    model: str = ""
    sha256: str = ""
    audience: str = AUDIENCES[0]
    said: tuple[str, ...] = ()
    more: bool = False
    opened: str = ""

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The hidden fields of a form: (name, text)."""
        head = {
            "model": self.model,
            "sha256": self.sha256,
            "audience": self.audience,
            "more": "yes" if self.more else "",
            "opened": self.opened,
        }
        named = tuple((name, text) for name, text in head.items() if text)
        return (*named, *((SAID, each) for each in self.said))


def state_of(fields: Fields) -> State:
    """Read the state from a form; what was said is read later, with its model.

    >>> state_of(Fields((("said", "age=42"), ("audience", "everybody"))))
    State(model='', sha256='', audience='self', said=('age=42',), more=False, opened='')
    """
    audience = fields.first("audience")
    return State(
        model=fields.first("model"),
        sha256=fields.first("sha256"),
        audience=audience if audience in AUDIENCES else AUDIENCES[0],
        said=fields.all(SAID),
        more=fields.first("more") == "yes",
        opened=fields.first("opened"),
    )


def spelled(value: Any) -> str:
    """Write an answer as forms carry it.

    >>> [spelled(value) for value in (True, None, "below_knee", 42)]
    ['yes', '?', 'below_knee', '42']
    """
    if value is None:
        return NOT_KNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def meant(text: str) -> str | None:
    """Return what the text of a form stands for; None: not known."""
    return None if text.strip() == NOT_KNOWN else text


def with_session(state: State, session: Session) -> State:
    """Return the state that carries a session."""
    said = tuple(f"{step.id}={spelled(step.value)}" for step in session.steps)
    sha256 = session.model.compiled.sha256
    return replace(state, said=said, sha256=sha256, audience=session.audience)


def session_of(model: DiagnosticModel, state: State) -> Session:
    """Read the session that a state carries.

    Raises UnknownNameError and EvidenceError for an answer that is none, or that a form has no
    control for, and ImpossibleEvidenceError where they cannot all be true.
    """
    steps = [_step(each) for each in state.said]
    session = Session.from_dict(model, _plain(model, state, steps))
    for step in session.steps:
        _check_shown(step.id, step.value)
    return session


def check_typed(model: DiagnosticModel, name: str, text: str) -> None:
    """Check the text of a form as an answer; raises UnknownNameError and EvidenceError."""
    _check_shown(name, as_read(model, {name: meant(text)})[name])


def unreadable(model: DiagnosticModel, state: State) -> tuple[str, ...]:
    """Return what was said that this model cannot read, each as it stands in the form."""
    return tuple(each for each in state.said if not _is_readable(model, state, each))


def _is_readable(model: DiagnosticModel, state: State, line: str) -> bool:
    try:
        session_of(model, replace(state, said=(line,)))
    except (UnknownNameError, EvidenceError):
        return False
    return True


def _check_shown(name: str, value: Any) -> None:
    """Refuse a soft answer: a control would show it, and send it on, as another one."""
    if isinstance(value, Mapping):
        raise EvidenceError(f"'{name}': a page takes plain answers, no weights; give one choice")


def _step(line: str) -> tuple[str, str | None]:
    name, equals, text = line.partition("=")
    if not equals or not text.strip():
        raise EvidenceError(f"'{line[:60]}' is no answer")
    return name.strip(), meant(text)


def _plain(
    model: DiagnosticModel, state: State, steps: list[tuple[str, str | None]]
) -> Mapping[str, Any]:
    return {
        "model": {"id": model.description.model.id},
        "audience": state.audience,
        "policy": "care",
        "most": None,
        "on": state.more,
        "begun": [],
        "steps": steps,
    }
