"""An interview as a value: each answer gives the next one, and nothing is changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from msgspec import to_builtins

from bayesnet.diagnosis.answers.intake import Askable, take_in
from bayesnet.diagnosis.answers.reading import UNKNOWN, Value, plain, read_answer
from bayesnet.diagnosis.found import Found, standing_of
from bayesnet.diagnosis.interview.conduct import Manner, check_policy
from bayesnet.diagnosis.interview.open_questions import (
    check_audience,
    one_person,
    open_questions,
)
from bayesnet.diagnosis.interview.plain_session import PlainModel, PlainSession, read_plain
from bayesnet.diagnosis.interview.standing import Asked
from bayesnet.diagnosis.interview.wording import NONE_OF_THESE
from bayesnet.diagnosis.report.records import NextQuestion, Report
from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.model.format.compiled import CompiledModel
from bayesnet.model.format.description import ModelDescription


class Interviewed(Protocol):
    """The model that a session asks: a `DiagnosticModel`."""

    @property
    def compiled(self) -> CompiledModel:
        """The model and its hash."""

    @property
    def description(self) -> ModelDescription:
        """What the model file says."""

    @property
    def known(self) -> Mapping[str, Askable]:
        """Everything that can be asked, by id."""

    def find(self, evidence: Mapping[str, Any] | None, audience: str) -> Found:
        """Work out all that a report and the next question are read from."""

    def report_on(self, found: Found) -> Report:
        """Report what was found of one person."""

    def parts_on(self, found: Found, fields: Sequence[str]) -> dict[str, Any]:
        """Report some parts of it, as plain data."""

    def check_possible(self, evidence: Mapping[str, Any]) -> None:
        """Check that answers can all be true at once."""


@dataclass(frozen=True)
class Step:
    """One answer: the id of a question or a screen, and what was said; None: not known."""

    id: str
    value: Value


@dataclass(frozen=True, repr=False)
class Session:
    """An interview so far.

    begun: what was known before the first question; steps: what was said since, in order. Two
    sessions of one model that heard the same are equal.

        >>> import bayesnet
        >>> model = bayesnet.load_model("lbp-runner")
        >>> session = model.interview({"age": 42, "sex": "male"})
        >>> session.next_question.id
        'nerve_screen'
        >>> later = session.answer("nerve_screen", "none")
        >>> later.given["saddle_numbness"], later.next_question.id, later.back() == session
        (False, 'illness_screen', True)
    """

    model: Interviewed
    audience: str
    manner: Manner
    begun: tuple[Step, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def policy(self) -> str:
        """How questions are chosen: `care`, `information` or `confirm:CAUSE`."""
        return self.manner.policy

    @cached_property
    def given(self) -> Mapping[str, Value]:
        """The answers in the order they were given; None: asked and not known.

        A screen that was denied stands as its lines; an answer given again replaces the first.
        """
        found: dict[str, Value] = {}
        for step in (*self.begun, *self.steps):
            found |= self._said(step, found)
        return found

    @property
    def next_question(self) -> NextQuestion | None:
        """The question to ask next, as the report has it; None where it stops."""
        return self._asked.next_question

    @property
    def should_stop(self) -> bool:
        """Whether there is nothing to ask, or nothing worth asking."""
        return self._asked.should_stop

    @property
    def stop_reason(self) -> str:
        """Why it stops, and what is left; empty while it goes on."""
        return self._asked.stop_reason

    @cached_property
    def report(self) -> Report:
        """What `diagnose` says of the answers so far."""
        return self.model.report_on(self._found)

    def parts(self, fields: Sequence[str]) -> dict[str, Any]:
        """Report some parts of it, as `DiagnosticModel.parts` does; raises what that raises.

        >>> import bayesnet
        >>> session = bayesnet.load_model("lbp-runner").interview({"age": 42})
        >>> session.parts(["triage.level"])
        {'triage': {'level': 'self_care'}}
        """
        return self.model.parts_on(self._found, fields)

    def answer(self, name: str, value: Any) -> "Session":
        """Return the session after an answer to a question or a screen, asked or not.

        value: what `read_answer` reads, None or "unknown" for not known; of a screen `none`, which
        denies its open lines, or not known. Raises UnknownNameError for an unknown id or state,
        EvidenceError for another value and where answers contradict each other,
        ImpossibleEvidenceError where they cannot all be true.
        """
        step = Step(name, self._read(name, value))
        later = replace(self, steps=(*self.steps, step))
        self.model.check_possible(later.given)
        return later

    def back(self) -> "Session":
        """Return the session before the last answer; at the start the session itself."""
        return replace(self, steps=self.steps[:-1]) if self.steps else self

    def more(self) -> "Session":
        """Return the session that goes on where it would stop, but for an emergency."""
        return replace(self, manner=replace(self.manner, on=True))

    def to_dict(self) -> dict[str, Any]:
        """Convert to plain data that JSON can hold; `from_dict` reads it."""
        model = self.model.description.model
        kept = PlainSession(
            PlainModel(model.id, model.version, self.model.compiled.sha256),
            self.audience,
            self.manner.policy,
            self.manner.most,
            self.manner.on,
            tuple((step.id, plain(step.value)) for step in self.begun),
            tuple((step.id, plain(step.value)) for step in self.steps),
        )
        found: dict[str, Any] = to_builtins(kept)
        return found

    @classmethod
    def from_dict(cls, model: Interviewed, data: Mapping[str, Any]) -> "Session":
        """Read what `to_dict` wrote; raises EvidenceError where it is of another model or damaged.

        Another version of the model is read as far as it knows every answer.
        """
        kept, own = read_plain(data), model.description.model.id
        if kept.model.id != own:
            raise EvidenceError(f"this session is of the model '{kept.model.id}', not of '{own}'")
        check_audience(kept.audience)
        check_policy(kept.policy, list(model.description.causes))
        found = cls(model, kept.audience, Manner(kept.policy, kept.most, kept.on))
        begun, steps = (
            tuple(Step(name, found._read(name, value)) for name, value in said)
            for said in (kept.begun, kept.steps)
        )
        found = replace(found, begun=begun, steps=steps)
        model.check_possible(found.given)
        return found

    def __repr__(self) -> str:
        said = f"{len(self.given)} answers" if len(self.given) != 1 else "1 answer"
        return f"Session({self.model.description.model.id}, {self.audience}: {said})"

    def __reduce__(self) -> tuple[type["Session"], tuple[object, ...]]:
        """Pickle and copy what was said; what follows from it is worked out where it is read."""
        return Session, (self.model, self.audience, self.manner, self.begun, self.steps)

    @cached_property
    def _found(self) -> Found:
        return self.model.find(self.given, self.audience)

    @cached_property
    def _asked(self) -> Asked:
        manner = replace(self.manner, unknown=self._unknown)
        return Asked(standing_of(self._found, manner))

    @property
    def _unknown(self) -> int:
        """How many of the last steps, one after another, were not known."""
        known = [at for at, step in enumerate(self.steps, start=1) if step.value is not None]
        return len(self.steps) - max(known, default=0)

    def _read(self, name: str, value: Any) -> Value:
        """Read an answer to a question or a screen."""
        known, gates = self.model.known, self.model.description.interview.gates
        if name in gates:
            said = value.strip().lower() if isinstance(value, str) else value
            if said is None or said == UNKNOWN:
                return None
            if said == NONE_OF_THESE:
                return NONE_OF_THESE
            lines = ", ".join(gates[name].lines)
            raise EvidenceError(
                f"'{name}' is {value!r}; give {NONE_OF_THESE} or {UNKNOWN}, or answer its lines: "
                f"{lines}"
            )
        if name not in known:
            raise UnknownNameError("question", name, (*known, *gates))
        return read_answer(name, known[name].answer, value)

    def _said(self, step: Step, before: Mapping[str, Value]) -> dict[str, Value]:
        """Return what a step says of each question; before: what was said until then."""
        gates = self.model.description.interview.gates
        if step.id not in gates:
            return {step.id: step.value}
        person = one_person(self.model.known, take_in(self.model.known, before), {})
        open_to = open_questions(person, self.audience)
        lines = [line for line in gates[step.id].lines if line in open_to]
        return dict.fromkeys(lines, None if step.value is None else False)


def begin(
    model: Interviewed, evidence: Mapping[str, Any] | None, audience: str, manner: Manner
) -> Session:
    """Begin a session with what is known; raises what `diagnose` raises for it."""
    intake = take_in(model.known, evidence)
    begun = tuple(Step(item.id, intake.given.get(item.id)) for item in intake.items)
    return Session(model, audience, manner, begun)
