"""Judge figures to reach: what was asked, what came out, and whether that is enough."""

from collections.abc import Sequence
from dataclasses import dataclass

from lbp_validation.report.document import Grid

HEADERS = ("figure to reach", "found", "verdict")
REACHED, MISSED = "reached", "missed"


@dataclass(frozen=True)
class Goal:
    """A figure to reach; asked and found are in words."""

    asked: str
    found: str
    reached: bool

    @property
    def verdict(self) -> str:
        """The word for it: `reached` or `missed`."""
        return REACHED if self.reached else MISSED


def at_least(asked: str, share: float, least: float, count: str = "") -> Goal:
    """Judge a share that must not be lower; count: the numbers behind it."""
    return Goal(asked, _found(share, count), share >= least)


def at_most(asked: str, share: float, most: float, count: str = "") -> Goal:
    """Judge a share that must not be higher; count: the numbers behind it."""
    return Goal(asked, _found(share, count), share <= most)


def goals_grid(goals: Sequence[Goal]) -> Grid:
    """Tabulate the goals, one row each."""
    return Grid(HEADERS, tuple((each.asked, each.found, each.verdict) for each in goals))


def percent(share: float) -> str:
    """Return a share in per cent, with a decimal near its ends.

    >>> percent(0.034), percent(0.5)
    ('3.4%', '50%')
    """
    return f"{share:.0%}" if 0.2 <= share <= 0.8 else f"{share:.1%}"


def _found(share: float, count: str) -> str:
    return f"{percent(share)} ({count})" if count else percent(share)
