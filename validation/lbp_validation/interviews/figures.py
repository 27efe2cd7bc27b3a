"""Put the figures of interviewed people into tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.tuning.scoring.means import Mean, mean_of, reduction
from bayesnet.tuning.scoring.shares import Share, of_count
from lbp_validation.interviews.group import Group
from lbp_validation.interviews.people import NATURAL, RARE
from lbp_validation.interviews.policies import VALUE
from lbp_validation.interviews.record import ALL, END, MARKS, Place, Record
from lbp_validation.report.document import Grid

COMING, SERIOUS = "people as they come", "people with a serious cause"
Figure = Callable[[Group, Place], Share | Mean]


@dataclass(frozen=True)
class Measure:
    """What is followed from question to question: its name, of which people, and how."""

    name: str
    people: str
    figure: Figure


def groups(found: Group) -> dict[str, Group]:
    """Return the people as they come, and those who were drawn for a serious cause."""
    causes = found.model.description.causes
    serious = frozenset(name for name, cause in causes.items() if cause.serious)
    return {
        COMING: found.having(lambda each: each.person.group == NATURAL),
        SERIOUS: found.having(
            lambda each: each.person.group == RARE and bool(serious & each.person.causes)
        ),
    }


def lost(group: Group, place: Place) -> Mean:
    """Return the mean of the good weeks lost."""
    return mean_of(group.lost(place))


def closed(group: Group, place: Place) -> Share:
    """Return the share of what all answers would bring over age and sex that is had."""
    return reduction(group.lost(place), group.lost((VALUE, MARKS[0])))


def listed(group: Group, place: Place) -> Share:
    """Return, of those whose cause is listed with all answers, the share of whom it is."""
    every = group.listed(ALL)
    return of_count(int((group.listed(place) & every).sum()), int(every.sum()))


def acted_on(group: Group, place: Place) -> Share:
    """Return, of those whose cause is listed with all answers, the share that is acted on."""
    every = group.listed(ALL)
    return of_count(int((group.acted_on(place) & every).sum()), int(every.sum()))


MEASURES = (
    Measure("good weeks lost", COMING, lost),
    Measure("good weeks lost", SERIOUS, lost),
    Measure("emergencies found", COMING, Group.emergencies),
    Measure("emergencies found", SERIOUS, Group.emergencies),
    Measure("urgency as with all answers", COMING, Group.same_urgency),
    Measure("first cause right, of those with one", COMING, Group.first_right),
    Measure("cause listed, of those listed with all answers", SERIOUS, listed),
)


def curve_grid(measure: Measure, group: Group, policies: Sequence[str]) -> Grid:
    """Tabulate a measure by policy and number of questions."""
    marks = marks_of(group)
    headers = ("policy", "people", *(str(mark) for mark in marks))
    asked = {policy: group.met(policy) for policy in policies}
    rows = tuple(
        (policy, str(len(met)), *(str(measure.figure(met, (policy, mark))) for mark in marks))
        for policy, met in asked.items()
    )
    return Grid(headers, rows, frozenset(headers[1:]))


def marks_of(group: Group) -> tuple[int, ...]:
    """Return the numbers of questions at which a group was looked at."""
    places = group.records[0].said.places if group.records else ()
    return tuple(dict.fromkeys(each[1] for each in places if isinstance(each, tuple)))


def end_grid(named: Mapping[str, Group]) -> Grid:
    """Tabulate how the interviews of some groups end."""
    rows: list[tuple[str, Callable[[Group], object]]] = [
        ("people", len),
        ("questions, median (90th)", lambda g: "{} ({})".format(*map(whole, questions(g)))),
        ("answers, median", lambda g: whole(median(g, lambda each: each.lines))),
        ("who it is and the screens before all else", early),
        ("an emergency ended it after, median", lambda g: whole(sent(g))),
        ("first cause right, of those with one", lambda g: g.first_right(END)),
        ("urgency as with all answers", lambda g: g.same_urgency(END)),
        ("emergencies found", lambda g: g.emergencies(END)),
        ("cause listed, of those listed with all answers", lambda g: listed(g, END)),
        ("acted on, of the same", lambda g: acted_on(g, END)),
        ("good weeks lost", lambda g: lost(g, END)),
        ("good weeks lost by the care told", lambda g: mean_of(g.lost_as_told(END))),
        ("share had of what all answers bring", lambda g: closed(g, END)),
    ]
    headers = ("at the end", *named)
    cells = tuple((name, *(str(figure(g)) for g in named.values())) for name, figure in rows)
    return Grid(headers, cells, frozenset(headers[1:]))


def whole(number: float) -> str:
    """Write a number of questions, a dash for that of nobody."""
    return "-" if np.isnan(number) else f"{number:.0f}"


def questions(group: Group) -> tuple[float, float]:
    """Return the median and the 90th centile of the questions to the end."""
    if not len(group):
        return float("nan"), float("nan")
    counts = [each.questions for each in group.records]
    return float(np.median(counts)), float(np.percentile(counts, 90))


def sent(group: Group) -> float:
    """Return the median question after which an emergency ended it, of those it ended."""
    return median(group, lambda each: each.sent)


def median(group: Group, read: Callable[[Record], int | None]) -> float:
    """Return the median of what is read of each person, None aside; NaN of nobody."""
    found = [value for each in group.records if (value := read(each)) is not None]
    return float(np.median(found)) if found else float("nan")


def early(group: Group) -> Share:
    """Return the share in which who it is and the screens came first, or an emergency ended it."""
    return of_count(sum(each.early for each in group.records), len(group))
