"""What asking one person more promises: worked out where it is first read, and once."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from bayesnet.analysis.inference import Inference
from bayesnet.analysis.study import Study
from bayesnet.diagnosis.decisions.conditions import People
from bayesnet.diagnosis.decisions.policy import Policy
from bayesnet.diagnosis.interview.left import (
    Answering,
    Left,
    answering,
    urgency_stays,
    what_is_left,
)
from bayesnet.diagnosis.interview.outlook import Outlook, outlook_of
from bayesnet.diagnosis.interview.worth import Worth, worth_of


@dataclass(frozen=True, eq=False)
class Prospect:
    """What asking a person more promises, the same for every manner of asking.

    person: a table of one row; studied: makes the study of all that may be asked.
    """

    policy: Policy
    inference: Inference
    person: People
    studied: Callable[[], Study]

    @cached_property
    def study(self) -> Study:
        """The case with all that may be asked."""
        return self.studied()

    @cached_property
    def outlook(self) -> Outlook | None:
        """What each answer would do; None where nothing that is open has anything to tell."""
        chances = {name: float(each[0]) for name, each in self.person.probabilities.items()}
        return outlook_of(self.inference, self.study, chances)

    @cached_property
    def worth(self) -> Worth:
        """What each question of the outlook is worth; there has to be one."""
        assert self.outlook is not None
        return worth_of(self.policy, self.person, self.outlook)

    @cached_property
    def answering(self) -> Answering:
        """People who answer like this one, and what they would say; there has to be an outlook."""
        assert self.outlook is not None
        return answering(self.policy, self.inference, self.study.case, self.outlook)

    @cached_property
    def stays(self) -> float:
        """In what share the next few questions leave the urgency; there has to be an outlook."""
        assert self.outlook is not None
        return urgency_stays(self.policy, self.person, self.outlook, self.worth, self.answering)

    @cached_property
    def left(self) -> Left:
        """What everything of the outlook is worth together; there has to be one."""
        assert self.outlook is not None
        return what_is_left(self.policy, self.outlook, self.worth, self.answering, self.stays)
