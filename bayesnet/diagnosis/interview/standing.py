"""Where one person's questions stand: all that are open, the next one, or why there is none."""

from dataclasses import dataclass

from bayesnet.diagnosis.interview.conduct import Standing, Why, decide, in_detail
from bayesnet.diagnosis.interview.open_questions import unasked
from bayesnet.diagnosis.interview.wording import next_question, open_list, stop_reason
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


def asked(standing: Standing) -> Asked:
    """Say where the questions of one person stand."""
    decision = in_detail(standing, decide(standing))
    return Asked(
        open_list(standing, decision),
        next_question(standing, decision),
        decision.id is None,
        stop_reason(standing, decision),
        decision.why,
        tuple(unasked(standing.person)),
    )
