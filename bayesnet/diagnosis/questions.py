"""Which question next: expected information, cost, who can answer, and red flags."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.intake import Askable, Intake
from bayesnet.diagnosis.report import NextQuestion, Question
from bayesnet.errors import EvidenceError
from bayesnet.network import Array

AUDIENCES = ("self", "clinician")


@dataclass(frozen=True)
class Interview:
    """Where the questions stand."""

    questions: tuple[Question, ...]
    next_question: NextQuestion | None
    should_stop: bool
    stop_reason: str


@dataclass(frozen=True, eq=False)
class Agenda:
    """Questions to choose from: ids, and columns of their costs, order by id and duty to ask."""

    ids: tuple[str, ...]
    costs: Array
    by_id: NDArray[np.intp]
    mandatory: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Chosen:
    """The question chosen for each case: its position (-1: none), and whether for what it tells."""

    position: NDArray[np.intp]
    telling: NDArray[np.bool_]


def check_audience(audience: str) -> None:
    """Raises EvidenceError when there is no such audience."""
    if audience not in AUDIENCES:
        raise EvidenceError(f"audience is {audience!r}; give one of {', '.join(AUDIENCES)}")


def questions_for(known: Mapping[str, Askable], audience: str) -> list[str]:
    """Ids that this audience may be asked; a derived one is asked through its source."""
    return [
        name
        for name, askable in known.items()
        if not askable.derived_from
        and (audience == "clinician" or askable.asked.asked_of == "self")
    ]


def candidates(known: Mapping[str, Askable], intake: Intake, audience: str) -> list[str]:
    """Ids that may still be asked of this audience."""
    settled = set(intake.given) | intake.unknown
    for name in intake.given:
        settled.add(known[name].derived_from)
    return [name for name in questions_for(known, audience) if name not in settled]


def unasked_red_flags(known: Mapping[str, Askable], intake: Intake) -> list[str]:
    """Ids of the mandatory red flags not asked yet."""
    return [
        name
        for name, askable in known.items()
        if askable.asked.mandatory and name not in intake.given and name not in intake.unknown
    ]


def agenda(known: Mapping[str, Askable], ids: Sequence[str], mandatory: Collection[str]) -> Agenda:
    """The agenda of these questions."""
    return Agenda(
        tuple(ids),
        np.array([[known[name].asked.cost] for name in ids]),
        np.argsort(np.argsort(np.array(ids)))[:, None],
        np.array([[name in mandatory] for name in ids]),
    )


def choose(agenda: Agenda, bits: Array, stop_below: float) -> Chosen:
    """The question that tells most for its cost, else a mandatory one, for each case.

    bits: shape (questions, cases), -inf where a question is not open. Equals are told apart by
    bits and then by id, mandatory ones by their place on the agenda.
    """
    worth = bits / agenda.costs
    equal = np.where(worth == worth.max(axis=0), bits, -np.inf)
    first = np.where(equal == equal.max(axis=0), agenda.by_id, len(bits))
    best = first.argmin(axis=0)
    telling = np.take_along_axis(bits, best[None], axis=0)[0] >= stop_below
    flags = np.where(agenda.mandatory, bits, -np.inf)
    flag = np.where(np.isneginf(flags).all(axis=0), -1, flags.argmax(axis=0))
    return Chosen(np.where(telling, best, flag), telling)


def conduct(
    known: Mapping[str, Askable],
    bits: Mapping[str, float],
    mandatory: Iterable[str],
    stop_below: float,
) -> Interview:
    """Rank the questions by information and choose one by information for its cost."""
    ranked = sorted(bits, key=lambda name: (-bits[name], name))
    questions = tuple(_question(known[name], bits[name]) for name in ranked)
    if not bits:
        return Interview(questions, None, True, "everything has been asked")
    open_to = agenda(known, [name for name in known if name in bits], set(mandatory))
    choice = choose(open_to, np.array([[bits[name]] for name in open_to.ids]), stop_below)
    if choice.position[0] < 0:
        reason = f"no question left is expected to tell more than {stop_below:g} bits"
        return Interview(questions, None, True, f"{reason} about the causes")
    name = open_to.ids[choice.position[0]]
    reason = (
        _reason(known, bits, name, ranked[0])
        if choice.telling[0]
        else "a red flag that has to be asked before the questions stop"
    )
    return Interview(questions, _next(known[name], bits[name], reason), False, "")


def _reason(known: Mapping[str, Askable], bits: Mapping[str, float], best: str, first: str) -> str:
    told = f"expected to tell most about the causes ({bits[best]:.3f} bits)"
    if best == first:
        return told
    return (
        f"expected to tell most about the causes for what it costs to ask ({bits[best]:.3f} bits "
        f"at cost {known[best].asked.cost:g}; '{first}' would tell {bits[first]:.3f} "
        f"at cost {known[first].asked.cost:g})"
    )


def _question(askable: Askable, bits: float) -> Question:
    asked = askable.asked
    return Question(
        askable.id,
        asked.question,
        askable.label,
        asked.group,
        asked.asked_of,
        asked.cost,
        askable.choices(),
        askable.answer.unit,
        bits,
        asked.mandatory,
    )


def _next(askable: Askable, bits: float, reason: str) -> NextQuestion:
    asked = askable.asked
    return NextQuestion(
        askable.id,
        asked.question,
        askable.label,
        asked.group,
        asked.asked_of,
        askable.choices(),
        askable.answer.unit,
        bits,
        reason,
    )
