"""What other limits of the stop would cost and spare: the same interviews, ended elsewhere."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.network import Array
from bayesnet.tuning.scoring.means import mean_of, reduction
from bayesnet.tuning.scoring.shares import of_count
from lbp_validation.interviews.figures import COMING, SERIOUS
from lbp_validation.interviews.group import Group
from lbp_validation.interviews.policies import VALUE
from lbp_validation.interviews.record import ALL, MARKS
from lbp_validation.report.document import Grid, Picture
from lbp_validation.report.pictures import COLOURS, INK, LINE, SOFT, as_svg, new_figure

GAINS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 1.0)
"""Good weeks that everything open may still be worth where it stops."""
STAYS = (0.8, 0.9, 0.95, 0.97, 0.99)
"""Shares of people whose urgency the next few answers have to leave as it is."""
SAID = (0.0, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, np.inf)
"""Good weeks between which what is said to be left is compared with what is lost."""
Ends = NDArray[np.intp]
"""The turn at which each person's interview ends, shape (people,)."""


@dataclass(frozen=True)
class Cost:
    """What is told of interviews that end somewhere: its name, of which people, and how."""

    name: str
    people: str
    figure: Callable[[Group, Ends], object]


def ends(group: Group, gain: float, stays: float) -> Ends:
    """Return where interviews end by these limits, no emergency ending them."""
    return np.array([each.way.end(gain, stays) for each in group.records], dtype=np.intp)


def asked(group: Group, turns: Ends) -> Ends:
    """Return the questions asked of each, where an emergency ends it as well; (people,)."""
    sent = [each.sent for each in group.records]
    return np.array(
        [int(t) if s is None else min(int(t), s) for t, s in zip(turns, sent, strict=True)],
        dtype=np.intp,
    )


def lost(group: Group, turns: Ends) -> Any:
    """Return the good weeks lost by stopping there, as `Group.lost`, (people,)."""
    p = [each.way.p[turn] for each, turn in zip(group.records, turns, strict=True)]
    return group.lost_with(np.array(p))


def _length(group: Group, turns: Ends) -> str:
    if not len(group):
        return "-"
    found = asked(group, turns)
    return f"{np.median(found):.0f} ({np.percentile(found, 90):.0f})"


def _lost(group: Group, turns: Ends) -> object:
    return mean_of(lost(group, turns)) if len(group) else "-"


def _had(group: Group, turns: Ends) -> object:
    if not len(group):
        return "-"
    return reduction(lost(group, turns), group.lost((VALUE, MARKS[0])))


def _same_urgency(group: Group, turns: Ends) -> object:
    last = asked(group, turns)
    levels = [each.way.levels[turn] for each, turn in zip(group.records, last, strict=True)]
    same = np.array(levels, dtype=np.intp) == group.levels(ALL)
    return of_count(int(same.sum()), len(group))


COSTS = (
    Cost("questions, median (90th)", COMING, _length),
    Cost("share had of what all answers bring", COMING, _had),
    Cost("urgency as with all answers", COMING, _same_urgency),
    Cost("good weeks lost", SERIOUS, _lost),
)


def limit_grids(named: Mapping[str, Group]) -> Iterator[str | Grid]:
    """Yield a table for each cost, a row for each limit of worth and a column for each share."""
    headers = ("worth at most", *(f"urgency stays {stays:.0%}" for stays in STAYS))
    for cost in COSTS:
        group = named[cost.people]
        rows = tuple(
            (f"{gain:g}", *(str(cost.figure(group, ends(group, gain, stays))) for stays in STAYS))
            for gain in GAINS
        )
        yield f"{cost.name}, {cost.people}:"
        yield Grid(headers, rows, frozenset(headers))


def left_grid(group: Group) -> Grid:
    """Tabulate what was said to be left before questions, and what stopping there would lose."""
    turns = [*_turns(group), (np.zeros(0), np.zeros(0))]
    said, real = (np.concatenate(each) for each in zip(*turns, strict=True))
    rows = []
    for low, high in pairwise(SAID):
        among = (said >= low) & (said < high)
        if among.any():
            span = f"{low:g} to {high:g}" if np.isfinite(high) else f"{low:g} or more"
            means = f"{said[among].mean():.2f}", f"{real[among].mean():.2f}"
            rows.append((span, str(among.sum()), *means))
    headers = ("said to be left", "times", "said, mean", "lost, mean")
    return Grid(headers, tuple(rows), frozenset(headers))


def _turns(group: Group) -> Iterator[tuple[Array, Array]]:
    """Yield of each person what was said to be left, where it was, and what was still lost."""
    values = group.model.policy.values.T
    for each in group.records:
        asked = np.isfinite(each.way.gain)
        whole = each.said.p[each.said.places.index(ALL)] @ values
        seems = (each.way.p[asked] @ values).argmax(axis=1)
        yield each.way.gain[asked], whole.max() - whole[seems]


def limits_picture(named: Mapping[str, Group]) -> Picture:
    """Draw what is lost by the mean number of questions, a line for each share that stays."""
    figure = new_figure(8.8, 3.2)
    for axes, (who, group) in zip(figure.subplots(1, len(named)), named.items(), strict=True):
        for stays, colour in zip(STAYS, (*COLOURS, INK, SOFT), strict=True):
            turns = [ends(group, gain, stays) for gain in GAINS]
            mean = [asked(group, each).mean() for each in turns] if len(group) else []
            down = [lost(group, each).mean() for each in turns] if len(group) else []
            axes.plot(mean, down, color=colour, marker="o", markersize=3, label=f"{stays:.0%}")
        axes.set_title(f"good weeks lost\n{who}", fontsize=9)
        axes.set_ylim(bottom=0)
        axes.grid(visible=True, color=LINE, alpha=0.4)
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(STAYS), fontsize=8)
    figure.supxlabel("questions, mean", color=SOFT)
    points = ", ".join(f"{gain:g}" for gain in GAINS)
    return Picture(
        as_svg(figure, "limits"),
        f"What is lost by the number of questions, with other limits of the stop: each line a "
        f"share whose urgency has to stay, its points, from right to left, {points} good weeks.",
    )
