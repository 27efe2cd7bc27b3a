"""Judge the interviews by the figures that they are to reach."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan

from bayesnet.tuning.scoring.shares import Share, of_count
from lbp_validation.interviews.cases import CaseInterview, lower, same_urgency
from lbp_validation.interviews.figures import (
    COMING,
    SERIOUS,
    acted_on,
    closed,
    early,
    listed,
    lost,
    questions,
    sent,
    whole,
)
from lbp_validation.interviews.group import Group
from lbp_validation.interviews.policies import VALUE
from lbp_validation.interviews.record import CALM, END, Place
from lbp_validation.interviews.textbook import TextbookInterview
from lbp_validation.report.goals import Goal, at_least

LOST_AT: Mapping[int, float] = {7: 7.6, 10: 5.0, 15: 3.0, 20: 1.6}
"""{question: good weeks that people with a serious cause may still lose after it}."""
MOST_LOST, LISTED_AT = 0.5, 20
MEDIAN, NINETIETH, SENT = 20, 30, 8


def goals_of(
    named: Mapping[str, Group],
    outside: Mapping[str, tuple[Group, float]],
    textbooks: Sequence[TextbookInterview],
    cases: Sequence[CaseInterview],
) -> Iterator[Goal]:
    """Yield a row for every figure to reach; named: what `groups` returns.

    outside: {condition not of the back: the people drawn with it, share to be listed}.
    """
    coming, serious = named[COMING], named[SERIOUS]
    yield from _length(coming)
    yield from _decisions(coming, serious)
    for mark, most in LOST_AT.items():
        what = f"people with a serious cause, good weeks lost at question {mark}, at most {most}"
        yield _at_most(what, serious, (VALUE, mark), most)
    for cause, (group, share) in outside.items():
        what = f"drawn with `{cause}`: listed after question {LISTED_AT}, {share:.0%}"
        yield at_least(what, over(group, cause), share)
    if textbooks:
        right = of_count(sum(each.right for each in textbooks), len(textbooks))
        yield at_least("textbook persons not of the back: listed, urgency right, 100%", right, 1.0)
    if cases:
        same = same_urgency(cases)
        yield at_least("published cases: urgency as with all facts at once, 100%", same, 1.0)
        less = of_count(len(lower(cases)), len(cases))
        yield Goal("published cases: urgency lower, none", less.in_full, not lower(cases))


def over(group: Group, cause: str) -> Share:
    """Return the share of a group in whom a cause is listed after question LISTED_AT."""
    if not len(group):
        return of_count(0, 0)
    return of_count(int(group.over(cause, (VALUE, LISTED_AT)).sum()), len(group))


def length_goal(coming: Group) -> Goal:
    """Judge how many questions people as they come are asked."""
    middle, most = questions(coming)
    return Goal(
        f"questions to the end: median at most {MEDIAN}, 90th centile at most {NINETIETH}",
        f"{whole(middle)} ({whole(most)})",
        None if isnan(middle) else middle <= MEDIAN and most <= NINETIETH,
    )


def early_goal(group: Group) -> Goal:
    """Judge whether who it is and the screens come first."""
    return at_least("who it is and the screens before all else, 100%", early(group), 1.0)


def _length(coming: Group) -> Iterator[Goal]:
    yield length_goal(coming)
    fired = sent(coming)
    yield Goal(
        f"questions until an emergency is found: median at most {SENT}",
        whole(fired),
        None if isnan(fired) else fired <= SENT,
    )
    yield early_goal(coming)


def _decisions(coming: Group, serious: Group) -> Iterator[Goal]:
    yield at_least(
        "share had of the good weeks that all answers bring, 88%", closed(coming, CALM), 0.88
    )
    what = f"people with a serious cause, good weeks lost at the stop, at most {MOST_LOST}"
    yield _at_most(what, serious, CALM, MOST_LOST)
    yield at_least("people with a serious cause: acted on, 92%", acted_on(serious, END), 0.92)
    yield at_least("people with a serious cause: listed, 88%", listed(serious, END), 0.88)
    yield at_least("urgency as with all answers, 84%", coming.same_urgency(END), 0.84)
    yield at_least("emergencies found, people as they come, 90%", coming.emergencies(END), 0.90)
    yield at_least("emergencies found, serious cause, 97%", serious.emergencies(END), 0.97)
    yield at_least("first cause right at question 20, 65%", coming.first_right((VALUE, 20)), 0.65)


def _at_most(what: str, group: Group, place: Place, most: float) -> Goal:
    found = lost(group, place)
    return Goal(what, str(found), None if isnan(found.value) else found.value <= most)
