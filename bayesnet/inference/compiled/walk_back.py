"""All steps of a tape in one compiled call, in reverse: adjoints, and posteriors of vertices."""

from typing import Any, NamedTuple

from bayesnet.inference.compiled.factors import Flags, compiled, entry
from bayesnet.inference.compiled.layout import ONE
from bayesnet.inference.compiled.walk import (
    FIRST,
    MESSAGE,
    SECOND,
    Pass,
    entries_of,
    first_weighted,
    lanes_of,
    numbers_in,
    weigh,
)
from bayesnet.inference.compiled.walk_products import NOTHING, Ints, Room, Steps, multiply
from bayesnet.network import Array


class Back(NamedTuple):
    """What the pass in reverse makes, beside a `Pass` of adjoints.

    needed: slots whose adjoint is wanted. marginals: posteriors of the vertices of steps, (states,
    lanes), one after the other; marginal_at: where those of a step begin, NOTHING for none.
    """

    needed: Flags
    marginals: Array
    marginal_at: Ints


@entry
def mark_back(steps: Steps, fresh: Flags, weighted: Ints, changed: Flags, all_new: bool) -> None:
    """Mark the adjoints that are other than known ones.

    fresh: of adjoints, filled in for roots; changed: slots that are; all_new: nothing is known.
    """
    for at in range(len(steps.inputs) - 1, -1, -1):
        slot = steps.factors + at
        first, second = steps.inputs[at, FIRST], steps.inputs[at, SECOND]
        same = not (all_new or fresh[slot] or weighted[at] != NOTHING)
        fresh[first] = not same or (second >= 0 and changed[second])
        if second >= 0:
            fresh[second] = not same or changed[first]


@entry
def down(
    steps: Steps,
    found: Pass,
    adjoints: Pass,
    back: Back,
    room: Room,
) -> None:
    """Make the adjoints and marginals that are wanted; adjoints of roots are there."""
    for at in range(len(steps.inputs) - 1, -1, -1):
        slot = steps.factors + at
        if not back.needed[slot]:
            continue
        for place in range(2):
            own = steps.inputs[at, place]
            if own < 0:
                continue
            told = place == steps.read[at] and back.marginal_at[at] != NOTHING
            makes = adjoints.fresh[own] and back.needed[own]
            if not (makes or told):
                continue
            lanes = lanes_of(adjoints, own)
            if makes:
                begins = adjoints.at[own]
                target = adjoints.own[begins : begins + entries_of(steps, at, place) * lanes]
                _adjoint(steps, found, adjoints, at, place, target, lanes, room)
            elif adjoints.fresh[own]:
                target = room.other[: entries_of(steps, at, place) * lanes]
                _adjoint(steps, found, adjoints, at, place, target, lanes, room)
            else:
                target = numbers_in(adjoints, own)
            if told:
                _marginal(steps, found, at, target, lanes, back)


@entry
def lost(steps: Steps, bare: Pass, adjoints: Pass, whole: Array, room: Room) -> Any:
    """Return the sum of squares of `Calibrated.lost_to_signs`; bare: all numbers without signs.

    whole: what is left of the part of the network that each step is in.
    """
    total = 0.0
    for at in range(len(steps.inputs)):
        entries = entries_of(steps, at, MESSAGE)
        first, second = steps.inputs[at, FIRST], steps.inputs[at, SECOND]
        terms, above = room.spare[:entries], numbers_in(adjoints, steps.factors + at)
        a, b = numbers_in(bare, first), room.one
        if second >= 0:
            b = numbers_in(bare, second)
        multiply(steps, at, FIRST, SECOND, MESSAGE, a, ONE, b, ONE, terms, ONE, room)
        for e in range(entries):
            moved = terms[e] * above[e] / whole[at]
            total += moved * moved
    return total


@compiled
def _adjoint(
    steps: Steps,
    found: Pass,
    adjoints: Pass,
    at: int,
    place: int,
    target: Array,
    lanes: int,
    room: Room,
) -> None:
    """Make the adjoint of an input of a step from that of its message."""
    slot, beside = steps.factors + at, steps.inputs[at, 1 - place]
    a, la = numbers_in(adjoints, slot), lanes_of(adjoints, slot)
    b, lb = room.one, ONE
    if beside >= 0 and place == FIRST:
        b, lb = numbers_in(found, beside), lanes_of(found, beside)
    elif beside >= 0:
        b, lb = first_weighted(steps, found, at, room.spare), lanes_of(found, beside)
        if found.weighted[at] != NOTHING:
            lb = found.lanes
    multiply(steps, at, MESSAGE, 1 - place, place, a, la, b, lb, target, lanes, room)
    if place == FIRST and found.weighted[at] != NOTHING:
        weigh(steps, found, at, target, lanes, target, lanes)


@compiled
def _marginal(steps: Steps, found: Pass, at: int, adjoint: Array, lanes: int, back: Back) -> None:
    """Write the posterior of a step's vertex, as shares; zeros where all is zero."""
    place = steps.read[at]
    slot = steps.inputs[at, place]
    table, la = numbers_in(found, slot), lanes_of(found, slot)
    states, most = steps.sizes[at, 0], max(lanes, la)
    rest = entries_of(steps, at, place) // states
    begins = back.marginal_at[at]
    for lane in range(most):
        i, j = (lane if lanes > 1 else 0), (lane if la > 1 else 0)
        whole = 0.0
        for state in range(states):
            total = 0.0
            for e in range(state * rest, (state + 1) * rest):
                total += adjoint[e * lanes + i] * table[e * la + j]
            back.marginals[begins + state * most + lane] = total
            whole += total
        for state in range(states):
            share = back.marginals[begins + state * most + lane]
            # Where signs cancel to nothing, what is left may be just below it.
            share = max(share / whole, 0.0) if whole > 0.0 else max(share, 0.0)
            back.marginals[begins + state * most + lane] = share
