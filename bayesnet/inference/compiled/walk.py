"""All steps of a tape in one compiled call, all lanes beside each other; here forward.

What a pass makes lies in one array, slot after slot, lanes innermost. A slot that nothing changed
has one lane and is read from the pass that is known. Each sum adds up in an order that is fixed by
the step alone, so a lane's bits do not depend on other lanes.
"""

from typing import Any, NamedTuple

from bayesnet.inference.compiled.factors import Flags, compiled, entry, inlined
from bayesnet.inference.compiled.layout import ONE
from bayesnet.inference.compiled.walk_products import NOTHING, Ints, Room, Steps, multiply
from bayesnet.network import Array

FIRST, SECOND, MESSAGE = 0, 1, 2


class Pass(NamedTuple):
    """What a pass makes: numbers, where each slot's begin, and which slots are its own.

    The numbers of other slots are in `known`, at the places `known_at`, with one lane. lanes: of
    its own. weights, weighted: further weights of the vertex of each step, (states, lanes), and
    where they begin, NOTHING for none.
    """

    own: Array
    at: Ints
    fresh: Flags
    known: Array
    known_at: Ints
    lanes: int
    weights: Array
    weighted: Ints


@entry
def mark(steps: Steps, fresh: Flags, weighted: Ints) -> None:
    """Mark the messages that are other than known ones; fresh: of factors, filled in."""
    for at in range(len(steps.inputs)):
        first, second = steps.inputs[at, FIRST], steps.inputs[at, SECOND]
        changed = fresh[first] or weighted[at] != NOTHING
        fresh[steps.factors + at] = changed or (second >= 0 and fresh[second])


@entry
def up(steps: Steps, found: Pass, room: Room) -> None:
    """Make all messages that are to be made."""
    for at in range(len(steps.inputs)):
        slot = steps.factors + at
        if not found.fresh[slot]:
            continue
        begins = found.at[slot]
        entries = entries_of(steps, at, MESSAGE)
        out = found.own[begins : begins + entries * found.lanes]
        first, second = steps.inputs[at, FIRST], steps.inputs[at, SECOND]
        a, la = first_weighted(steps, found, at, room.spare), lanes_of(found, first)
        if found.weighted[at] != NOTHING:
            la = found.lanes
        b, lb = room.one, ONE
        if second >= 0:
            b, lb = numbers_in(found, second), lanes_of(found, second)
        multiply(steps, at, FIRST, SECOND, MESSAGE, a, la, b, lb, out, found.lanes, room)


@inlined
def numbers_in(found: Pass, slot: int) -> Any:
    """Return the numbers of a slot and all behind them."""
    return found.own[found.at[slot] :] if found.fresh[slot] else found.known[found.known_at[slot] :]


@compiled
def lanes_of(found: Pass, slot: int) -> Any:
    """Return how many lanes a slot has."""
    return found.lanes if found.fresh[slot] else ONE


@compiled
def entries_of(steps: Steps, at: int, place: int) -> Any:
    """Return how many entries an input or the message of a step has."""
    entries = 1
    for label in range(steps.labels[at]):
        if steps.strides[at, place, label] >= 0:
            entries *= steps.sizes[at, label]
    return entries


@inlined
def first_weighted(steps: Steps, found: Pass, at: int, spare: Array) -> Any:
    """Return the first input of a step, times further weights of its vertex."""
    first = steps.inputs[at, FIRST]
    if found.weighted[at] == NOTHING:
        return numbers_in(found, first)
    entries = entries_of(steps, at, FIRST) * found.lanes
    weigh(
        steps,
        found,
        at,
        numbers_in(found, first),
        lanes_of(found, first),
        spare[:entries],
        found.lanes,
    )
    return spare


@compiled
def weigh(
    steps: Steps, found: Pass, at: int, table: Array, la: int, out: Array, lanes: int
) -> None:
    """Multiply a table over the first input's scope by the weights of the step's vertex."""
    states, begins = steps.sizes[at, 0], found.weighted[at]
    rest = entries_of(steps, at, FIRST) // states
    for e in range(states * rest):
        weight = found.weights[begins + (e // rest) * lanes : begins + (e // rest + 1) * lanes]
        own = table[e * la : (e + 1) * la]
        to = out[e * lanes : (e + 1) * lanes]
        if la == lanes:
            for lane in range(lanes):
                to[lane] = own[lane] * weight[lane]
        else:
            for lane in range(lanes):
                to[lane] = own[0] * weight[lane]
