"""Interview one person by every policy, and put down what would be said at every mark."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.errors import EvidenceError
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.network import Array
from lbp_validation.interviews.people import Person
from lbp_validation.interviews.policies import VALUE, Answers, Choose, by_worth
from lbp_validation.interviews.walk import Step, steps, to_the_end
from lbp_validation.interviews.way import Way, way

MARKS = (2, 5, 7, 10, 15, 20, 25, 30)
"""Numbers of questions after which the policies are compared; a screen counts as one."""
ALL, END, CALM = "all answers", "at the end", "at the stop, no emergency ending it"
Place = str | tuple[str, int]
"""What was known: ALL, END, CALM, or (policy, one of MARKS)."""


@dataclass(frozen=True, eq=False)
class Said:
    """What is said of somebody at several places.

    p: posteriors of the causes, and of none of them, (places, causes + 1); levels: (places,), by
    their rank; pathways: (places,), ids.
    """

    places: tuple[Place, ...]
    p: Array
    levels: NDArray[np.intp]
    pathways: NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Record:
    """One person's interviews.

    Of the interview's own policy: questions to its end and lines answered; sent: the question
    after which an emergency ended it, or None; early: whether who it is and every screen came
    before all else, or an emergency before them. seconds: of one core, for everything. way: to
    the most questions that the model asks, or its end; of a sample to its end.
    """

    person: Person
    said: Said
    questions: int
    lines: int
    sent: int | None
    early: bool
    seconds: float
    way: Way


def record(model: DiagnosticModel, person: Person, choosers: Mapping[str, Choose]) -> Record:
    """Interview a person by every policy; VALUE has to be one of them."""
    start = time.process_time()
    told, most = person.answers, MARKS[-1]
    own = _past_the_end(steps(model, told, choosers[VALUE]), most)
    others = {name: choose for name, choose in choosers.items() if name != VALUE}
    walks = {VALUE: own} | {
        name: list(islice(steps(model, told, choose), most + 1)) for name, choose in others.items()
    }
    calm = next((at for at, step in enumerate(own) if step.following.stops), len(own) - 1)
    sent = next((at for at, step in enumerate(own[: calm + 1]) if step.following.sends), None)
    end = calm if sent is None else sent
    known: dict[Place, Answers] = {ALL: told, END: own[end].given, CALM: own[calm].given}
    for name, walk in walks.items():
        known |= {(name, mark): walk[min(mark, len(walk) - 1)].given for mark in MARKS}
    found = said(model, known, "self")
    seconds = time.process_time() - start
    early = sent is not None or _early(model, own[:end])
    lines = len(own[end].given)
    ahead = _way(own[: max(calm, model.description.interview.most_questions) + 1])
    return Record(person, found, end, lines, sent, early, seconds, ahead)


def sampled(model: DiagnosticModel, person: Person) -> Record:
    """Interview a person by the interview's own policy alone, and no further than its end."""
    start = time.process_time()
    walk = to_the_end(steps(model, person.answers, by_worth(model, "self")))
    last, end = walk[-1], len(walk) - 1
    known: dict[Place, Answers] = {ALL: person.answers, END: last.given}
    known[VALUE, MARKS[0]] = walk[min(MARKS[0], end)].given
    found = said(model, known, "self")
    sent = end if last.following.sends else None
    early = sent is not None or _early(model, walk[:-1])
    lines = len(last.given)
    seconds = time.process_time() - start
    return Record(person, found, end, lines, sent, early, seconds, _way(walk))


def said(model: DiagnosticModel, known: Mapping[Place, Answers], audience: str) -> Said:
    """Diagnose what is known at several places; raises EvidenceError where it cannot be."""
    causes = (*model.description.causes, NONE)
    found = model.diagnose_many(
        [dict(each) for each in known.values()], audience, fields=[*causes, "triage", "pathway"]
    )
    if len(found.failed):
        raise EvidenceError(f"somebody who is interviewed: {found['error'][found.failed[0]]}")
    levels = np.array([LEVELS.index(level) for level in found["triage"]], dtype=np.intp)
    p = np.array([found[name] for name in causes]).T
    return Said(tuple(known), p, levels, found["pathway"])


def _way(walk: Sequence[Step]) -> Way:
    views = [step.following.seen for step in walk]
    return way([step.following.id for step in walk], [each for each in views if each is not None])


def _past_the_end(walk: Iterator[Step], most: int) -> list[Step]:
    """Return the steps up to so many questions, and on to the stop where that comes later."""
    found: list[Step] = []
    stopped = False
    for step in walk:
        found.append(step)
        stopped = stopped or step.following.stops
        if stopped and len(found) > most:
            break
    return found


def _early(model: DiagnosticModel, walk: Sequence[Step]) -> bool:
    """Tell whether every screen came before all but who it is and what confirms an emergency."""
    interview, triage = model.description.interview, model.description.triage
    rules = triage.rules.values() if triage else ()
    asked = [step.following.id for step in walk]
    before = {*interview.first, *interview.gates, *(rule.confirm for rule in rules)}
    others = [at for at, name in enumerate(asked) if name not in before]
    screens = [at for at, name in enumerate(asked) if name in interview.gates]
    return max(screens, default=0) < min(others, default=len(asked))
