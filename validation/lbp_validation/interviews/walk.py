"""Ask one person, question after question."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bayesnet.diagnosis.interview.conduct import Manner
from bayesnet.diagnosis.model import DiagnosticModel
from lbp_validation.interviews.policies import Answers, Choose, Next, open_now


@dataclass(frozen=True)
class Step:
    """What is known, and what comes next."""

    given: Answers
    following: Next


def steps(
    model: DiagnosticModel, told: Answers, choose: Choose, audience: str = "self"
) -> Iterator[Step]:
    """Yield where it stands before each question, on past the stop; told: what a person knows.

    A line of a screen is answered like any other question; what a person does not know is asked
    and not known.
    """
    given, manner = dict[str, object](), Manner()
    while True:
        following = choose(given, manner)
        yield Step(dict(given), following)
        if following.id is None:
            return
        if following.stops:
            manner = replace(manner, on=True)
        heard = [_said(model, told, line) for line in _lines(model, given, following.id, audience)]
        for each in heard:
            given |= each
        known = any(value is not None for each in heard for value in each.values())
        manner = replace(manner, unknown=0 if known else manner.unknown + 1)


def to_the_end(walk: Iterator[Step]) -> list[Step]:
    """Return the steps up to where the interview ends, the last one that of its end."""
    found = []
    for step in walk:
        found.append(step)
        if step.following.stops or step.following.sends:
            break
    return found


def _lines(model: DiagnosticModel, given: Answers, name: str, audience: str) -> Sequence[str]:
    gates = model.description.interview.gates
    if name not in gates:
        return (name,)
    open_to = open_now(model, given, audience)
    return [line for line in gates[name].lines if line in open_to]


def _said(model: DiagnosticModel, told: Answers, name: str) -> dict[str, object]:
    """Answer a question; where only what follows from its answer is known, with that."""
    if name in told:
        return {name: told[name]}
    known = model.known
    follows = {other: value for other, value in told.items() if known[other].derived_from == name}
    return follows or {name: None}
