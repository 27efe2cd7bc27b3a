"""Choose what to ask one person next, or why to stop: one way for a person and for tables.

In this order: what confirms an emergency; who the person is; the screens; what must not be left
out; what the urgency hangs on; then whatever is worth most. It never stops before the screens.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from bayesnet.diagnosis.decisions.conditions import People
from bayesnet.diagnosis.decisions.policy import EMERGENCY, Policy, rank
from bayesnet.diagnosis.interview.left import Left
from bayesnet.diagnosis.interview.open_questions import (
    OpenGate,
    asked_so_far,
    open_gate,
    open_questions,
    unasked,
)
from bayesnet.diagnosis.interview.outlook import Outlook
from bayesnet.diagnosis.interview.prospect import Prospect
from bayesnet.diagnosis.interview.worth import Worth
from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.network import Array

CARE, INFORMATION, CONFIRM = "care", "information", "confirm"


class Why(Enum):
    """Why a question is the next one, or why there is none."""

    EMERGENCY = "emergency"
    CONFIRMS = "confirms"
    FIRST = "first"
    SCREEN = "screen"
    MANDATORY = "mandatory"
    PRESSING = "pressing"
    WORTH = "worth"
    NOTHING_OPEN = "nothing open"
    ENOUGH = "enough"
    UNKNOWN = "not known"
    LITTLE_LEFT = "little left"
    TELLS_LITTLE = "tells little"


@dataclass(frozen=True)
class Manner:
    """How an interview is held.

    policy: `care`, `information` or `confirm:CAUSE`; most: questions before it pauses, None for the
    model's number; on: whether it goes on where it would stop but for an emergency; unknown: how
    many of the last questions were not known, one after another.
    """

    policy: str = CARE
    most: int | None = None
    on: bool = False
    unknown: int = 0

    @property
    def cause(self) -> str:
        """The cause that is to be confirmed, or nothing."""
        return self.policy.partition(":")[2]


@dataclass(frozen=True, eq=False)
class Standing:
    """One person of an interview.

    level: of urgency; ask_first: what it hangs on, ids.
    """

    prospect: Prospect
    level: int
    ask_first: tuple[str, ...]
    audience: str
    manner: Manner

    @property
    def policy(self) -> Policy:
        """How the model decides."""
        return self.prospect.policy

    @property
    def person(self) -> People:
        """The person, as a table of one row."""
        return self.prospect.person


@dataclass(frozen=True, eq=False)
class Decision:
    """What to ask next: a question, or an open screen, or neither; and why."""

    why: Why
    question: str | None = None
    gate: OpenGate | None = None
    outlook: Outlook | None = None
    worth: Worth | None = None
    scores: Array | None = None
    left: Left | None = None

    @property
    def id(self) -> str | None:
        """The id of the question or of the screen."""
        return self.gate.id if self.gate is not None else self.question


def check_policy(policy: str, causes: Sequence[str]) -> None:
    """Check that there is such a policy; raises EvidenceError, UnknownNameError for its cause."""
    kind, colon, cause = policy.partition(":")
    if kind == CONFIRM and colon:
        if cause not in causes:
            raise UnknownNameError("cause", cause, causes)
    elif policy not in (CARE, INFORMATION):
        raise EvidenceError(f"policy is {policy!r}; give {CARE}, {INFORMATION} or {CONFIRM}:CAUSE")


def decide(standing: Standing) -> Decision:
    """Decide what to ask next, or that it stops."""
    early = _before_all(standing)
    return _by_worth(standing) if early is None else early


def in_detail(standing: Standing, decision: Decision) -> Decision:
    """Return a decision with what every open question is worth, also where that decided nothing."""
    if decision.outlook is not None or decision.why is Why.EMERGENCY:
        return decision
    outlook = standing.prospect.outlook
    if outlook is None:
        return decision
    worth = standing.prospect.worth
    return replace(decision, outlook=outlook, worth=worth, scores=_scores(standing, outlook, worth))


def _before_all(standing: Standing) -> Decision | None:
    """Decide what comes before the question that is worth most; None where that is next."""
    person, interview = standing.person, standing.policy.description.interview
    open_to = open_questions(person, standing.audience)
    if standing.level == rank(EMERGENCY):
        confirming = [name for name in standing.ask_first if name in open_to]
        return Decision(Why.CONFIRMS, confirming[0]) if confirming else Decision(Why.EMERGENCY)
    for name in interview.first:
        if name in open_to:
            return Decision(Why.FIRST, name)
    gate = open_gate(interview, open_to)
    if gate is not None:
        return Decision(Why.SCREEN, gate=gate)
    waiting = [name for name in unasked(person) if name in open_to]
    return Decision(Why.MANDATORY, waiting[0]) if waiting else None


def _by_worth(standing: Standing) -> Decision:
    """Choose the question that is worth most, what the urgency hangs on before all others."""
    outlook = standing.prospect.outlook
    if outlook is None:
        return Decision(Why.NOTHING_OPEN)
    worth = standing.prospect.worth
    scores = _scores(standing, outlook, worth)
    pressing = np.array([name in standing.ask_first for name in outlook.ids])
    if pressing.any():
        best = int(np.where(pressing, scores, -np.inf).argmax())
        return Decision(Why.PRESSING, outlook.ids[best], None, outlook, worth, scores)
    stop, left = _stops(standing, outlook, worth, scores)
    if stop is not None:
        return Decision(stop, None, None, outlook, worth, scores, left)
    leading = outlook.ids[int(scores.argmax())]
    return Decision(Why.WORTH, leading, None, outlook, worth, scores, left)


def _scores(standing: Standing, outlook: Outlook, worth: Worth) -> Array:
    """Score each question by the policy of the interview."""
    manner, policy = standing.manner, standing.policy
    if manner.policy == CARE:
        return worth.scores
    costs = np.array([policy.known[name].asked.cost for name in outlook.ids])
    causes = list(policy.description.causes)
    told = outlook.bits[causes.index(manner.cause)] if manner.cause else worth.bits
    return np.asarray(told / costs)


def _stops(
    standing: Standing, outlook: Outlook, worth: Worth, scores: Array
) -> tuple[Why | None, Left | None]:
    """Tell whether and why it stops, with what is left where that was worked out."""
    manner, described = standing.manner, standing.policy.description
    if manner.on:
        return None, None
    most = manner.most or described.interview.most_questions
    if asked_so_far(described.interview, standing.person) >= most:
        return Why.ENOUGH, standing.prospect.left
    if manner.unknown >= described.interview.most_unknown:
        return Why.UNKNOWN, standing.prospect.left
    if manner.policy != CARE:
        costs = np.array([standing.policy.known[name].asked.cost for name in outlook.ids])
        told = (scores * costs).max()
        return (Why.TELLS_LITTLE if told < described.model.stop_below_bits else None), None
    # Without a pathway to choose, no answer is worth anything but what it tells.
    if not standing.policy.pathways:
        little = worth.bits.max() < described.model.stop_below_bits
        calm = little and standing.prospect.stays >= described.interview.urgency_stays
        return (Why.TELLS_LITTLE if calm else None), None
    # One question that is worth the limit by itself settles that the rest is.
    if worth.value.max() >= described.interview.stop_below_gain:
        return None, None
    # Sooner known than what is left is worth, and as often what keeps it from stopping.
    if standing.prospect.stays < described.interview.urgency_stays:
        return None, None
    left = standing.prospect.left
    small = left.gain < described.interview.stop_below_gain
    return (Why.LITTLE_LEFT if small else None), left
