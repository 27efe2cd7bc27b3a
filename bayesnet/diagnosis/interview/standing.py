"""Where one person's questions stand: all that are open, the next one, or why there is none."""

from dataclasses import dataclass
from functools import cached_property

from bayesnet.diagnosis.interview.conduct import Decision, Standing, Why, decide, in_detail
from bayesnet.diagnosis.interview.wording import next_question, open_list, stop_reason
from bayesnet.diagnosis.report.records import NextQuestion, Question


@dataclass(frozen=True, eq=False)
class Asked:
    """What is open and what is next, each worked out where it is first read."""

    standing: Standing

    @cached_property
    def decision(self) -> Decision:
        """What is asked next, or that it stops."""
        return decide(self.standing)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All that are open, with what each is worth."""
        return open_list(self.standing, self._detailed)

    @cached_property
    def next_question(self) -> NextQuestion | None:
        """The next one; None where it stops."""
        return next_question(self.standing, self._detailed)

    @property
    def should_stop(self) -> bool:
        """Whether there is nothing to ask, or nothing worth asking."""
        return self.decision.id is None

    @property
    def stop_reason(self) -> str:
        """Why it stops, and what is left; empty while it goes on."""
        return stop_reason(self.standing, self.decision)

    @property
    def why(self) -> Why:
        """Why this question is the next one, or why there is none."""
        return self.decision.why

    @cached_property
    def _detailed(self) -> Decision:
        return in_detail(self.standing, self.decision)
