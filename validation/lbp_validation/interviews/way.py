"""What the interview's own policy saw before each of its questions, past where it ends."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.found import Found
from bayesnet.diagnosis.interview.conduct import Decision, Why
from bayesnet.diagnosis.interview.left import Left
from bayesnet.diagnosis.interview.prospect import Prospect
from bayesnet.network import Array

MAY_STOP = (Why.WORTH, Why.LITTLE_LEFT, Why.ENOUGH, Why.UNKNOWN)
"""Why a question is next, or none, where what is left has a say in it."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What is seen before a question.

    p: posteriors of the causes, and of none of them, (causes + 1,); level: of urgency, by rank;
    left: what everything that is open is worth, None where that cannot end the interview.
    """

    p: Array
    level: int
    left: Left | None


@dataclass(frozen=True, eq=False)
class Way:
    """An interview question by question, each of shape (turns,) but `p`, (turns, causes + 1).

    asked: what was asked then; gain, stays: see `Left`, where it cannot end infinite and 0.
    """

    asked: tuple[str, ...]
    p: Array
    levels: NDArray[np.intp]
    gain: Array
    stays: Array

    def end(self, gain: float, stays: float) -> int:
        """Return the turn at which it ends by these limits; where it does not, the last one."""
        ends = (self.gain < gain) & (self.stays >= stays)
        return int(ends.argmax()) if ends.any() else len(ends) - 1


def seen(found: Found, prospect: Prospect, decision: Decision) -> Seen:
    """Return what is seen of one person before a decision; prospect: what it was made of."""
    p = np.array(list(found.probabilities.values()))
    left = prospect.left if decision.why in MAY_STOP else None
    return Seen(p, int(found.urgency.levels[0]), left)


def way(asked: Sequence[str | None], views: Sequence[Seen]) -> Way:
    """Put together what was asked, None where nothing was left to ask, and what was seen."""
    lefts = [each.left for each in views]
    return Way(
        tuple(each or "" for each in asked),
        np.array([each.p for each in views]),
        np.array([each.level for each in views], dtype=np.intp),
        np.array([np.inf if left is None else left.gain for left in lefts]),
        np.array([0.0 if left is None else left.stays for left in lefts]),
    )
