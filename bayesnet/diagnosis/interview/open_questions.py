"""What may still be asked of a person, and what has to be asked before anything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.diagnosis.answers.columns import EMPTY
from bayesnet.diagnosis.answers.intake import Askable, Intake, implied
from bayesnet.diagnosis.decisions.conditions import People, holds, one_answer
from bayesnet.errors import EvidenceError
from bayesnet.model.format.interview import Gate, Interview

AUDIENCES = ("self", "clinician")


def check_audience(audience: str) -> None:
    """Check that there is such an audience; raises EvidenceError."""
    if audience not in AUDIENCES:
        raise EvidenceError(f"audience is {audience!r}; give one of {', '.join(AUDIENCES)}")


def questions_for(askables: Mapping[str, Askable], audience: str) -> list[str]:
    """List the ids that this audience may be asked; a derived finding is asked by its source."""
    return [
        name
        for name, askable in askables.items()
        if not askable.derived_from
        and (audience == "clinician" or askable.asked.asked_of == "self")
        and (askable.asked.ranked or askable.asked.mandatory)
    ]


def one_person(known: Mapping[str, Askable], intake: Intake, limits: Mapping[str, float]) -> People:
    """Make a table of one row of what a person answered, nothing computed yet."""
    answers = {**intake.given, **dict(implied(known, intake))}
    columns = {name: one_answer(value) for name, value in answers.items()}
    unknown = dict.fromkeys(intake.unknown, np.ones(1, dtype=np.bool_))
    return People(known, columns, unknown, {}, limits, np.zeros(1, dtype=np.bool_))


def open_questions(person: People, audience: str) -> list[str]:
    """List the ids that may still be asked, in the order of the model; person: a table of one row.

    A question is closed once it is answered or not known, or once a finding that derives from it is
    answered; and while its `when` does not hold.
    """
    known = person.known
    closed = {
        known[name].derived_from
        for name, column in person.answers.items()
        if known[name].derived_from and column.codes[0] != EMPTY
    }
    return [
        name
        for name in questions_for(known, audience)
        if name not in closed and not person.settled(name)[0] and _applies(known[name], person)
    ]


def unasked(person: People) -> list[str]:
    """List the questions that have to be asked before anything is ruled out, and were not."""
    return [
        name
        for name, askable in person.known.items()
        if askable.asked.mandatory and not person.settled(name)[0]
    ]


def doubtful(person: People) -> list[str]:
    """List the yes/no ones of these that were answered softly, with less than half on yes."""
    return [
        name
        for name, askable in person.known.items()
        if askable.asked.mandatory and askable.is_yes_no and person.doubted(name)[0]
    ]


@dataclass(frozen=True)
class OpenGate:
    """A screen that is not answered yet: its id, itself, and those of its lines that are open."""

    id: str
    gate: Gate
    lines: tuple[str, ...]


def open_gate(interview: Interview, open_to: Sequence[str]) -> OpenGate | None:
    """Return the first screen of which a line is still open; None once all are answered."""
    for name, gate in interview.gates.items():
        lines = tuple(line for line in gate.lines if line in open_to)
        if lines:
            return OpenGate(name, gate, lines)
    return None


def asked_so_far(interview: Interview, person: People) -> int:
    """Count the questions that were answered; a screen counts as one.

    What is not known does not count: somebody who knows little would be sent away on nothing.
    """
    gate_of = {line: name for name, gate in interview.gates.items() for line in gate.lines}
    known = person.known
    done = [n for n, each in person.answers.items() if each.codes[0] != EMPTY]
    return len({gate_of.get(name, name) for name in done if not known[name].derived_from})


def _applies(askable: Askable, person: People) -> bool:
    return askable.asked.when is None or bool(holds(askable.asked.when, person)[0])
