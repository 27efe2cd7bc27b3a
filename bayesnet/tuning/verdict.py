"""Say in one line what a change of a model does, for a pull request."""

from collections.abc import Sequence

from bayesnet.errors import counted
from bayesnet.tuning.counts import ConfirmedFirst, Counts
from bayesnet.tuning.first_questions import FirstQuestion

NOTHING = "nothing differs"


def verdict(
    numbers: int,
    others: int,
    counts: Counts,
    confirmed: ConfirmedFirst,
    asked: Sequence[FirstQuestion],
) -> str:
    """Say what differs and whom that changes; numbers, others: how many of the files' places.

    >>> found = Counts(40, 0, 1, 0, 3, 0, 0, 2)
    >>> verdict(1, 0, found, ConfirmedFirst(0, 0, 0), ())[:50]
    '1 number; urgency lowered in 1 of 40, raised in 0;'
    """
    said = [counted(numbers, "number")]
    if others:
        said.append(counted(others, "other place"))
    parts = [
        " and ".join(said),
        f"urgency lowered in {counts.urgency_lowered} of {counts.compared}, raised in "
        f"{counts.urgency_raised}",
        f"first cause other in {counts.first_cause_other}",
        f"pathway other in {counts.pathway_other}",
    ]
    if confirmed.cases:
        parts.append(
            f"confirmed cause first in {confirmed.after} of {confirmed.cases} published cases, "
            f"{confirmed.before} before"
        )
    if other := sum(each.before != each.after for each in asked):
        parts.append(f"first question other for {other} of {len(asked)} kinds of people")
    if counts.not_compared:
        parts.append(f"{counts.not_compared} not compared")
    return "; ".join(parts)
