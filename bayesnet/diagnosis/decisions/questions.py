"""Choose the next question by expected information, cost, who can answer, and red flags."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.intake import Askable, Intake
from bayesnet.diagnosis.decisions.discriminating_questions import NOTHING_AT_ODDS, Discrimination
from bayesnet.diagnosis.report.records import NextQuestion, Question
from bayesnet.errors import EvidenceError
from bayesnet.network import Array

AUDIENCES = ("self", "clinician")
PRESSING = "its answer could lower the urgency, so it comes before all others"


@dataclass(frozen=True)
class Interview:
    """Where the questions stand: all that are open, the next one, or why there is none."""

    questions: tuple[Question, ...]
    next_question: NextQuestion | None
    should_stop: bool
    stop_reason: str


@dataclass(frozen=True, eq=False)
class Agenda:
    """Questions to choose from, one row each.

    costs: cost of asking, shape (questions, 1); by_id: place in the order of the ids; mandatory:
    whether the interview may not stop before the question was asked, shape (questions, 1) or
    (questions, cases).
    """

    ids: tuple[str, ...]
    costs: Array
    by_id: NDArray[np.intp]
    mandatory: NDArray[np.bool_]

    def of(self, rows: NDArray[np.intp]) -> "Agenda":
        """Return the agenda of the cases at these positions."""
        return replace(self, mandatory=self.mandatory[:, rows])


@dataclass(frozen=True, eq=False)
class Chosen:
    """The question chosen for each case.

    position: its place on the agenda, -1 for none; telling: whether it was chosen for the
    information it is expected to give, and not because it is mandatory. Both of shape (cases,).
    """

    position: NDArray[np.intp]
    telling: NDArray[np.bool_]


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
    ]


def candidates(askables: Mapping[str, Askable], intake: Intake, audience: str) -> list[str]:
    """List the ids that may still be asked of this audience."""
    settled = set(intake.given) | intake.unknown
    for name in intake.given:
        settled.add(askables[name].derived_from)
    return [name for name in questions_for(askables, audience) if name not in settled]


def unasked_red_flags(askables: Mapping[str, Askable], intake: Intake) -> list[str]:
    """List the ids of the mandatory questions not asked yet."""
    return [
        name
        for name, askable in askables.items()
        if askable.asked.mandatory and name not in intake.given and name not in intake.unknown
    ]


def agenda(
    askables: Mapping[str, Askable], ids: Sequence[str], mandatory: Collection[str]
) -> Agenda:
    """Build the agenda of some questions."""
    return Agenda(
        tuple(ids),
        np.array([askables[name].asked.cost for name in ids], dtype=np.float64)[:, None],
        np.argsort(np.argsort(np.array(ids, dtype=np.str_)))[:, None],
        np.array([name in mandatory for name in ids], dtype=np.bool_)[:, None],
    )


def choose(agenda: Agenda, bits: Array, stop_below: float) -> Chosen:
    """Choose the question with most expected information per cost, else a mandatory one.

    bits: expected information, shape (questions, cases), -inf where a question is not open. Equals
    are told apart by bits and then by id, mandatory ones by their place on the agenda.
    """
    # Among the questions of most bits per cost those of most bits, and of these the first by id.
    worth = bits / agenda.costs
    equal = np.where(worth == worth.max(axis=0), bits, -np.inf)
    first = np.where(equal == equal.max(axis=0), agenda.by_id, len(bits))
    best = first.argmin(axis=0)
    telling = np.take_along_axis(bits, best[None], axis=0)[0] >= stop_below
    flags = np.where(agenda.mandatory, bits, -np.inf)
    flag = np.where(np.isneginf(flags).all(axis=0), -1, flags.argmax(axis=0))
    return Chosen(np.where(telling, best, flag), telling)


def conduct(
    askables: Mapping[str, Askable],
    bits: Mapping[str, float],
    mandatory: Iterable[str],
    stop_below: float,
    apart: Discrimination = NOTHING_AT_ODDS,
    pressing: Collection[str] = (),
) -> Interview:
    """Rank the open questions, and choose the next one or say why to stop.

    bits: {question: expected information about each cause, in bits, added up}. mandatory:
    questions before which the interview may not stop. stop_below: bits under which no question is
    worth asking. apart: causes of which the care for one harms another, and what each question
    tells about them; questions worth asking for that come before all others. pressing: questions
    of which one is chosen before any other, since the urgency hangs on it; the ranking stays.
    """
    first = [name for name in _ranked(apart.bits) if apart.bits[name] >= stop_below]
    rest = [name for name in _ranked(bits) if name not in first]
    questions = (
        *(_question(askables[name], bits[name], apart, tuple(apart.causes)) for name in first),
        *(_question(askables[name], bits[name], apart, ()) for name in rest),
    )
    if not bits:
        return Interview(questions, None, True, "everything has been asked")
    flags = {name: bits[name] for name in bits if name in pressing}
    told = flags or {name: apart.bits[name] for name in first} or bits
    open_to = agenda(askables, [name for name in askables if name in told], {*mandatory, *pressing})
    choice = choose(open_to, np.array([[told[name]] for name in open_to.ids]), stop_below)
    if choice.position[0] < 0:
        reason = f"no question left is expected to tell more than {stop_below:g} bits"
        return Interview(questions, None, True, f"{reason} about the causes")
    name = open_to.ids[choice.position[0]]
    if flags:
        reason = PRESSING
    elif not choice.telling[0]:
        reason = "a red flag that has to be asked before the questions stop"
    elif first:
        reason = _separating_reason(askables, apart, name, first[0])
    else:
        reason = _reason(askables, bits, name, rest[0], "the causes")
    return Interview(questions, _next(askables[name], bits[name], reason), False, "")


def _ranked(bits: Mapping[str, float]) -> list[str]:
    return sorted(bits, key=lambda name: (-bits[name], name))


def _separating_reason(
    askables: Mapping[str, Askable], apart: Discrimination, best: str, first: str
) -> str:
    """Say why a question that tells opposed causes apart comes first."""
    *others, last = [label[:1].lower() + label[1:] for label in apart.causes.values()]
    causes = f"{', '.join(others)} and {last}"
    harmed = "the other" if len(others) == 1 else "another"
    told = _reason(askables, apart.bits, best, first, causes)
    return f"{told}; care for one of them harms {harmed}, so these have to be told apart first"


def _reason(
    askables: Mapping[str, Askable], bits: Mapping[str, float], best: str, first: str, about: str
) -> str:
    """Say that a question tells most, or tells most for what it costs."""
    told = f"expected to tell most about {about}"
    if best == first:
        return f"{told} ({bits[best]:.3f} bits)"
    return (
        f"{told} for what it costs to ask ({bits[best]:.3f} bits "
        f"at cost {askables[best].asked.cost:g}; '{first}' would tell {bits[first]:.3f} "
        f"at cost {askables[first].asked.cost:g})"
    )


def _question(
    askable: Askable, bits: float, apart: Discrimination, separates: tuple[str, ...]
) -> Question:
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
        separates,
        apart.bits.get(askable.id),
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
