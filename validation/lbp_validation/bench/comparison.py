"""Hold what a comparison came to, and judge whether a goal is met."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Literal

from lbp_validation.bench.timing import Ratio, short
from lbp_validation.report.document import Grid, Section

EXECUTORS = ("numpy", "numba")


@dataclass(frozen=True)
class Comparison:
    """How many times faster than a peer one executor did one task on one subject.

    subject: a network or a person; times: None where no time is given, and then `note` says why.
    at_least: the peer gave up, so the true ratio is larger. peer: `pyAgrum` or `pgmpy`.
    """

    task: str
    subject: str
    executor: str
    times: Ratio | None
    peer: str = "pyAgrum"
    at_least: bool = False
    note: str = ""

    def __str__(self) -> str:
        if self.times is None:
            return self.note
        return f"over {short(self.times.median)}" if self.at_least else str(self.times)


@dataclass(frozen=True)
class Goal:
    """A ratio to reach: by each subject of a task, or by their median."""

    task: str
    words: str
    executor: str
    times: float
    by: Literal["each", "median"]


@dataclass(frozen=True)
class Verdict:
    """What was reached; a subject without a time does not reach its goal."""

    middle: float
    least: float
    most: float
    reached: int
    subjects: int
    met: bool


def verdict(goal: Goal, found: Iterable[Comparison]) -> Verdict | None:
    """Judge a goal; None where nothing of the kind was measured."""
    ours = [
        each
        for each in found
        if (each.task, each.executor, each.peer) == (goal.task, goal.executor, "pyAgrum")
    ]
    if not ours:
        return None
    ratios = [0.0 if each.times is None else each.times.median for each in ours]
    reached = sum(each >= goal.times for each in ratios)
    met = min(ratios) >= goal.times if goal.by == "each" else median(ratios) >= goal.times
    return Verdict(median(ratios), min(ratios), max(ratios), reached, len(ratios), met)


def goal_row(goal: Goal, found: Iterable[Comparison]) -> tuple[str, ...]:
    """Return what was asked, of which executor, the goal, what was reached, and the verdict."""
    asked = f"{short(goal.times)} {goal.by}"
    judged = verdict(goal, found)
    if judged is None:
        return (goal.words, goal.executor, asked, "not measured", "-", "not met")
    spread = f"{short(judged.middle)} ({short(judged.least)}-{short(judged.most)})"
    share = f"{judged.reached} of {judged.subjects}"
    return (goal.words, goal.executor, asked, spread, share, "met" if judged.met else "not met")


def goals_section(
    goals: Iterable[Goal], found: Iterable[Comparison], further: Iterable[tuple[str, ...]]
) -> Section:
    """Tabulate the goals, one row each, and further rows made elsewhere."""
    all_found = list(found)
    headers = ("task", "executor", "goal", "median (least-most)", "reach it", "verdict")
    rows = (*(goal_row(goal, all_found) for goal in goals), *further)
    return Section(
        "Figures to reach",
        (
            "How many times faster than the fastest of pyAgrum's engines, over the networks or "
            "people of the task: the median of their medians, and the least and the most.",
            Grid(headers, rows, frozenset(headers[2:5])),
        ),
    )
