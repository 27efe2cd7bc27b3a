"""Where one person's questions stand: all that are open, the next one, or why there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from bayesnet.analysis.inference import Inference
from bayesnet.analysis.study import Study
from bayesnet.diagnosis.interview.conduct import (
    Ahead,
    Look,
    Standing,
    Why,
    decide,
    in_detail,
)
from bayesnet.diagnosis.interview.left import Left, what_is_left
from bayesnet.diagnosis.interview.open_questions import unasked
from bayesnet.diagnosis.interview.outlook import Outlook, outlook_of
from bayesnet.diagnosis.interview.wording import next_question, open_list, stop_reason
from bayesnet.diagnosis.interview.worth import Worth
from bayesnet.diagnosis.report.records import NextQuestion, Question


@dataclass(frozen=True)
class Asked:
    """What is open and what is next; unasked: what has to be asked before anything is ruled out."""

    questions: tuple[Question, ...]
    next_question: NextQuestion | None
    should_stop: bool
    stop_reason: str
    why: Why
    unasked: tuple[str, ...]


def asked(standing: Standing, inference: Inference, study: Study) -> Asked:
    """Say where the questions of one person stand; study: of all that may be asked."""
    look, ahead = _ways(standing, inference, lambda: study)
    decision = in_detail(standing, decide(standing, look, ahead), look)
    return Asked(
        open_list(standing, decision),
        next_question(standing, decision),
        decision.id is None,
        stop_reason(standing, decision),
        decision.why,
        tuple(unasked(standing.person)),
    )


def next_id(standing: Standing, inference: Inference, study: Callable[[], Study]) -> str | None:
    """Return the id of the next question or screen, None where it stops.

    study: makes the study of all that may be asked; most of the first questions need none.
    """
    return decide(standing, *_ways(standing, inference, study)).id


def _ways(
    standing: Standing, inference: Inference, study: Callable[[], Study]
) -> tuple[Look, Ahead]:
    """Return how to look at what each answer would do, and at all that is left."""
    studied = cache(study)
    policy, person = standing.policy, standing.person

    @cache
    def look() -> Outlook | None:
        chances = {name: float(each[0]) for name, each in person.probabilities.items()}
        return outlook_of(inference, studied(), chances)

    def ahead(outlook: Outlook, worth: Worth) -> Left:
        return what_is_left(policy, inference, studied().case, person, outlook, worth)

    return look, ahead
