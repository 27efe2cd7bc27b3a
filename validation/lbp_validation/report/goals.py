"""Judge figures to reach: what was asked, what came out, and whether that is enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from bayesnet.tuning.scoring.shares import Share
from lbp_validation.report.document import Grid

HEADERS = ("figure to reach", "found", "verdict")
REACHED, MISSED, NOBODY = "reached", "missed", "no such person"


@dataclass(frozen=True)
class Goal:
    """A figure to reach; asked and found are in words; reached: None where it is of nobody."""

    asked: str
    found: str
    reached: bool | None

    @property
    def verdict(self) -> str:
        """The word for it: `reached`, `missed` or `no such person`."""
        if self.reached is None:
            return NOBODY
        return REACHED if self.reached else MISSED


def at_least(asked: str, share: Share, least: float) -> Goal:
    """Judge a share that must not be lower; its interval stands beside it and judges nothing."""
    return Goal(asked, share.in_full, None if isnan(share.value) else share.value >= least)


def at_most(asked: str, share: Share, most: float) -> Goal:
    """Judge a share that must not be higher; its interval stands beside it and judges nothing."""
    return Goal(asked, share.in_full, None if isnan(share.value) else share.value <= most)


def goals_grid(goals: Sequence[Goal]) -> Grid:
    """Tabulate the goals, one row each."""
    return Grid(HEADERS, tuple((each.asked, each.found, each.verdict) for each in goals))
