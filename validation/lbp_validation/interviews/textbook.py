"""Interview textbook persons: yes to what the textbook says of a cause, no to all else."""

from dataclasses import dataclass

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.format.variables import NO, YES
from lbp_validation.interviews.policies import Answers, by_worth
from lbp_validation.interviews.record import ALL, END, said
from lbp_validation.interviews.walk import steps, to_the_end
from lbp_validation.simulation.decisions import SELF, questions


@dataclass(frozen=True)
class TextbookInterview:
    """The textbook person of a cause, interviewed to the end.

    listed: whether the cause is at or over its threshold then; probability: its posterior;
    at_once, level: the urgency with all answers, and at the end.
    """

    cause: str
    questions: int
    listed: bool
    probability: float
    at_once: str
    level: str

    @property
    def right(self) -> bool:
        """Whether the cause is listed and the urgency no lower than with all answers."""
        return self.listed and LEVELS.index(self.level) >= LEVELS.index(self.at_once)


def textbook_interview(model: DiagnosticModel, cause: str) -> TextbookInterview:
    """Interview the textbook person of a cause, who answers truly."""
    told = _answers(model, cause)
    walk = to_the_end(steps(model, told, by_worth(model, SELF)))
    found = said(model, {ALL: told, END: walk[-1].given}, SELF)
    probability = float(found.p[1, list(model.description.causes).index(cause)])
    threshold = model.thresholds.get(cause)
    listed = threshold is not None and probability >= threshold.value
    at_once, level = (LEVELS[rank] for rank in found.levels)
    return TextbookInterview(cause, len(walk) - 1, listed, probability, at_once, level)


def _answers(model: DiagnosticModel, cause: str) -> Answers:
    """Return what the person knows: of questions that are no yes or no, what the textbook says."""
    states = {name: model.network.variable(name).states for name in questions(model, SELF)}
    denied = {name: NO for name, each in states.items() if each == (NO, YES)}
    return {**denied, **model.description.causes[cause].textbook}
