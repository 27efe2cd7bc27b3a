"""Count the people of whom two models conclude otherwise."""

from collections.abc import Iterable
from typing import get_args

import msgspec

from bayesnet.tuning.compared_people import Kind
from bayesnet.tuning.conclusions import Concluded


class Counts(msgspec.Struct, frozen=True):
    """How many people are compared, cannot be, and of whom the models conclude otherwise."""

    compared: int
    not_compared: int
    urgency_lowered: int
    urgency_raised: int
    first_cause_other: int
    listed_gained: int
    listed_lost: int
    pathway_other: int


class ConfirmedFirst(msgspec.Struct, frozen=True):
    """In how many published cases each model puts a confirmed cause first.

    cases: those that are compared and whose cause was confirmed and is one of both models'.
    """

    cases: int
    before: int
    after: int


def counted(found: Concluded) -> Counts:
    """Count some people."""
    changed = found.changed
    return Counts(
        len(found.pairs),
        len(found.lost),
        _many(each.is_less_urgent for each in changed),
        _many(each.is_more_urgent for each in changed),
        _many(each.is_led_otherwise for each in changed),
        _many(bool(each.listed_gained) for each in changed),
        _many(bool(each.listed_lost) for each in changed),
        _many(each.is_cared_for_otherwise for each in changed),
    )


def counts_by_kind(found: Concluded) -> dict[Kind, Counts]:
    """Count the people of each kind that somebody is of."""
    counts: dict[Kind, Counts] = {}
    for kind in get_args(Kind):
        pairs = tuple(each for each in found.pairs if each.who.kind == kind)
        lost = tuple(each for each in found.lost if each.kind == kind)
        if pairs or lost:
            counts[kind] = counted(Concluded(pairs, lost))
    return counts


def confirmed_first(found: Concluded) -> ConfirmedFirst:
    """Count the cases whose confirmed cause, or one confirmed beside it, comes first."""
    # Of a cause that a model does not have it cannot be right.
    judged = [
        pair
        for pair in found.pairs
        if {*pair.who.causes} & pair.before.probabilities.keys() & pair.after.probabilities.keys()
    ]
    before = _many(each.before.conclusion.first in each.who.causes for each in judged)
    after = _many(each.after.conclusion.first in each.who.causes for each in judged)
    return ConfirmedFirst(len(judged), before, after)


def _many(holds: Iterable[bool]) -> int:
    return sum(holds)
