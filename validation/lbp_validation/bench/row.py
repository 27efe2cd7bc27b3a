"""What a comparison came to: one row, its goal, and whether that is reached."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from lbp_validation.bench.timing import Spread, short, spread
from lbp_validation.report.document import Grid

TOLERANCE = 1e-9
"""How far answers may lie apart: absolute, in probabilities and in bits."""
BEFORE = "8731b3d"
"""The commit at which the figures of `Goal.before` were measured."""
HEADERS = (
    "what",
    "executor",
    "goal",
    "found",
    "ratio to the peer",
    "peer",
    f"at {BEFORE}",
    "verdict",
)
DETAILS = ("what", "executor", "found", "ratio to the peer", "peer", "answers apart", "note")
EXECUTORS = ("numpy", "numba")
NEVER = Spread(math.inf, math.inf, math.inf)
"""The figure of what was stopped before it came to its end."""
UNITS = {"ms": 1e3, "s": 1.0}


@dataclass(frozen=True)
class Goal:
    """A figure to reach.

    unit: `ms`, `s`, `rows/s`, `MB`, `x faster` than the peer, or `x` as long or as many as the
    peer; better: which side of `reach` is the good one; before: the figure at commit BEFORE;
    judged: by the median, or by each round or member of the group.
    """

    reach: float
    unit: str
    better: Literal["less", "more"]
    before: str = "-"
    judged: Literal["median", "each"] = "median"

    def __str__(self) -> str:
        bound = "at most" if self.better == "less" else "at least"
        each = ", each" if self.judged == "each" else ""
        return f"{bound} {short(self.reach)} {self.unit}{each}"


@dataclass(frozen=True)
class Row:
    """One line of the benchmark.

    found: in `unit`, None where nothing was measured, and then `note` says why; against: the
    figure divided by the peer's, round by round; apart: largest difference between the answers.
    """

    part: str
    what: str
    executor: str = "-"
    unit: str = "ms"
    found: Spread | None = None
    against: Spread | None = None
    peer: str = "-"
    apart: float | None = None
    goal: Goal | None = None
    note: str = ""

    @property
    def share(self) -> Spread | None:
        """How many times as good as the goal; over 1 is reached. None without a figure or goal."""
        goal, found = self.goal, self.found
        if goal is None or found is None:
            return None
        return spread(
            [
                goal.reach / value if goal.better == "less" else value / goal.reach
                for value in (found.least, found.median, found.most)
            ]
        )

    @property
    def verdict(self) -> str:
        """Whether the goal is reached, or why nobody knows; empty without a goal."""
        if self.goal is None:
            return ""
        share = self.share
        if share is None:
            return f"not measured: {self.note}"
        if self.found == NEVER:
            return f"missed: {self.note}"
        good = share.least if self.goal.judged == "each" else share.median
        return "reached" if good >= 1 else "missed"

    @property
    def figure(self) -> str:
        """What was found, with its unit."""
        if self.found is None:
            return "-"
        return "not in time" if self.found == NEVER else f"{self.found} {self.unit}"

    def __str__(self) -> str:
        executor = "" if self.executor == "-" else f", {self.executor}"
        against = f", {self.against} of {self.peer}" if self.against else ""
        goal = f"; goal {self.goal}: {self.verdict}" if self.goal else ""
        note = f" ({self.note})" if self.note and self.note not in goal else ""
        return f"{self.what}{executor}: {self.figure}{against}{goal}{note}"


def farthest(differences: Iterable[float]) -> float:
    """Return the largest of at least one difference; not a number where any is not one."""
    return float(np.max(list(differences)))


def refused(row: Row) -> Row | None:
    """Return the row with the reason where the answers lie too far apart, None where they agree."""
    if row.apart is None or row.apart <= TOLERANCE:
        return None
    return replace(row, note=f"answers differ by {row.apart:.1e}, so no time is given")


def group(base: Row, members: Sequence[Row]) -> Row:
    """Sum up the rows of a group into one: the median, least and most of their medians.

    With a member that has no figure the group has none, and the note says why.
    """
    medians = [row.found.median for row in members if row.found]
    without = [row for row in members if not row.found]
    if without or not medians:
        reasons = "; ".join(dict.fromkeys(row.note for row in without))
        note = f"{len(without)} without a figure: {reasons}" if without else "nothing to measure"
        return replace(base, note=note)
    against = [row.against.median for row in members if row.against]
    apart = [row.apart for row in members if row.apart is not None]
    return replace(
        base,
        found=spread(medians),
        against=spread(against) if against else None,
        peer=", ".join(dict.fromkeys(row.peer for row in members)),
        apart=farthest(apart) if apart else None,
        note=f"{len(members)} together",
    )


def goals_grid(rows: Iterable[Row]) -> Grid:
    """Lay out the rows that have a goal."""
    cells = tuple(
        (
            row.what,
            row.executor,
            str(row.goal),
            row.figure,
            str(row.against or "-"),
            row.peer,
            row.goal.before,
            row.verdict,
        )
        for row in rows
        if row.goal
    )
    return Grid(HEADERS, cells, frozenset(HEADERS[3:5]))


def rows_grid(rows: Iterable[Row]) -> Grid:
    """Lay out every row of a part, with what its answers were checked by."""
    cells = tuple(
        (
            row.what,
            row.executor,
            row.figure,
            str(row.against or "-"),
            row.peer,
            "-" if row.apart is None else f"{row.apart:.0e}",
            row.note or "-",
        )
        for row in rows
    )
    return Grid(DETAILS, cells, frozenset(DETAILS[2:4]))
