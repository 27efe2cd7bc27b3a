"""Draw the ratios: one line for each network, person or table, on a logarithmic scale.

Meets matplotlib, of the extra `validation`, imported inside functions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lbp_validation.bench.comparison import EXECUTORS, Comparison
from lbp_validation.bench.goals import GOALS
from lbp_validation.extras import DRAWS, require

COLOURS = {"numpy": "#0072b2", "numba": "#d55e00"}
STYLES = {"numpy": (0, (4, 4)), "numba": (4, (4, 4))}
"""Dashes that fill each other's gaps, so that goals at the same place both show."""
PGMPY = "#666666"


@dataclass(frozen=True)
class Block:
    """Lines of a panel: one task, and the group of lines it shares with the panel beside it."""

    task: str
    group: str
    before: str = ""


SEEN = (Block("small, seen", "small"), Block("large, seen", "large"))
NEW = (Block("small, new", "small"), Block("large, new", "large"))
RUNNER = tuple(
    Block(task, task, before)
    for task, before in (
        ("person, posteriors", "posteriors: "),
        ("person, + each", "+ information: "),
        ("cohort, fixed, all", "table, all: "),
        ("cohort, fixed, causes", "table, causes: "),
        ("cohort, ragged, all", "table, all: "),
        ("cohort, ragged, causes", "table, causes: "),
    )
)
WIDTH, LINE, ROOM = 11.0, 0.27, 2.2
"""Inches: the picture's width, a line's height, and what titles, axes and legend take."""
Lines = dict[tuple[str, str], str]
Places = dict[tuple[str, str], int]


def plot(measured: Iterable[Comparison], path: Path) -> None:
    """Write the picture; the ending of the path decides its format.

    Raises MissingExtraError without matplotlib.
    """
    require(*DRAWS)
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    mpl.rcParams["svg.hashsalt"] = "lbp"
    found = [each for each in measured if each.times is not None]
    above, below = _lines(found, (*SEEN, *NEW)), _lines(found, RUNNER)
    height = LINE * (len(above) + len(below)) + ROOM
    figure = pyplot.figure(figsize=(WIDTH, height), layout="constrained")
    grid = figure.add_gridspec(2, 2, height_ratios=[len(above) + 1, len(below) + 1])
    left = figure.add_subplot(grid[0, 0])
    right = figure.add_subplot(grid[0, 1], sharey=left)
    wide = figure.add_subplot(grid[1, :])
    _panel(left, found, SEEN, above, "networks, pattern seen before")
    _panel(right, found, NEW, above, "networks, new pattern each time")
    _panel(wide, found, RUNNER, below, "runner model")
    right.tick_params(labelleft=False)
    wide.set_xlabel("times faster than the fastest of pyAgrum's engines (median, 10-90 %)")
    handles, labels = left.get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    figure.legend(unique.values(), unique.keys(), loc="outside upper center", ncols=3)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)


def _panel(
    axes: Any, found: Sequence[Comparison], blocks: Sequence[Block], lines: Lines, title: str
) -> None:
    places = {
        (block.task, subject): -at
        for at, (group, subject) in enumerate(lines)
        for block in blocks
        if block.group == group
    }
    for shift, executor in zip((0.15, -0.15), EXECUTORS, strict=True):
        _dots(axes, [e for e in found if e.executor == executor], places, shift, executor)
    _against_pgmpy(axes, found, places)
    _goals(axes, places)
    axes.axvline(1, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_yticks([-at for at in range(len(lines))], list(lines.values()))
    axes.grid(visible=True, axis="x", alpha=0.3)
    axes.set_title(title)


def _goals(axes: Any, places: Places) -> None:
    for goal in GOALS:
        rows = [place for (task, _), place in places.items() if task == goal.task]
        if rows:
            axes.vlines(
                goal.times,
                min(rows) - 0.5,
                max(rows) + 0.5,
                colors=COLOURS[goal.executor],
                linestyles=STYLES[goal.executor],
                label=f"goal, {goal.executor}",
            )


def _dots(
    axes: Any,
    found: Sequence[Comparison],
    places: Places,
    shift: float,
    executor: str,
) -> None:
    shown = [
        (each.times, places[each.task, each.subject] + shift)
        for each in found
        if each.times and each.peer == "pyAgrum" and (each.task, each.subject) in places
    ]
    if not shown:
        return
    axes.errorbar(
        [times.median for times, _ in shown],
        [place for _, place in shown],
        xerr=[
            [times.median - times.low for times, _ in shown],
            [times.high - times.median for times, _ in shown],
        ],
        fmt="o",
        markersize=4,
        color=COLOURS[executor],
        label=f"{executor} against pyAgrum",
    )


def _against_pgmpy(axes: Any, found: Sequence[Comparison], places: Places) -> None:
    for each in found:
        if each.peer != "pgmpy" or (each.task, each.subject) not in places or not each.times:
            continue
        if each.executor == "numpy":
            axes.plot(
                each.times.median,
                places[each.task, each.subject],
                marker=">" if each.at_least else "D",
                markersize=4,
                linestyle="none",
                color=PGMPY,
                fillstyle="none",
                label=f"numpy against pgmpy{', which gave up' if each.at_least else ''}",
            )


def _lines(found: Sequence[Comparison], blocks: Sequence[Block]) -> Lines:
    """Return {(group, subject): what is written beside its line}, group by group."""
    return {
        (group, each.subject): block.before + each.subject
        for group in dict.fromkeys(block.group for block in blocks)
        for block in blocks
        if block.group == group
        for each in found
        if each.task == block.task
    }
