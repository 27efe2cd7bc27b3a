"""All steps of a tape in one compiled call, all lanes beside each other; here forward.

What a pass makes lies in one array, slot after slot, lanes innermost. A slot that nothing changed
has one lane and is read from the pass that is known. Each sum adds up in an order that is fixed by
the step alone, so a lane's bits do not depend on other lanes.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.compiled.factors import Flags, compiled, entry, inlined
from bayesnet.inference.compiled.layout import ONE
from bayesnet.network import Array

Ints = NDArray[np.int64]
FIRST, SECOND, MESSAGE = 0, 1, 2
NOTHING = -1


class Steps(NamedTuple):
    """The steps of a tape (see `TapeArrays`), and how many slots hold factors."""

    inputs: Ints
    labels: Ints
    sizes: Ints
    strides: Ints
    factors: int


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
def up(steps: Steps, found: Pass, spare: Array, digits: Ints, one: Array) -> None:
    """Make all messages that are to be made; spare: room for the largest input."""
    order = digits[1]
    for at in range(len(steps.inputs)):
        slot = steps.factors + at
        if not found.fresh[slot]:
            continue
        count = steps.labels[at]
        summed = steps.strides[at, MESSAGE, 0] < 0
        for place in range(count):
            order[place] = (place + 1) % count if summed else place
        begins = found.at[slot]
        entries = entries_of(steps, at, MESSAGE)
        out = found.own[begins : begins + entries * found.lanes]
        out[:] = 0.0
        first, second = steps.inputs[at, FIRST], steps.inputs[at, SECOND]
        a, la = first_weighted(steps, found, at, spare), lanes_of(found, first)
        if found.weighted[at] != NOTHING:
            la = found.lanes
        b, lb = one, ONE
        if second >= 0:
            b, lb = numbers_in(found, second), lanes_of(found, second)
        multiply(steps, at, FIRST, SECOND, MESSAGE, a, la, b, lb, out, found.lanes, digits)


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


@compiled
def multiply(
    steps: Steps,
    at: int,
    first: int,
    second: int,
    target: int,
    a: Array,
    la: int,
    b: Array,
    lb: int,
    out: Array,
    lanes: int,
    digits: Ints,
) -> None:
    """Add the product of two tables to a third, label after label in the order of digits[1].

    first, second, target: which place of the step each is in. What lacks a label is the same for
    all its states.
    """
    digit, order, count = digits[0], digits[1], steps.labels[at]
    strides, sizes = steps.strides[at], steps.sizes[at]
    digit[:count] = 0
    last = order[count - 1]
    by_a, by_b, by_out = (
        max(strides[first, last], 0),
        max(strides[second, last], 0),
        max(strides[target, last], 0),
    )
    i, j, k = 0, 0, 0
    while True:
        _row(a, la, i, by_a, b, lb, j, by_b, out, lanes, k, by_out, sizes[last])
        level = count - 2
        while level >= 0:
            label = order[level]
            of_a = max(strides[first, label], 0)
            of_b = max(strides[second, label], 0)
            of_out = max(strides[target, label], 0)
            digit[level] += 1
            i, j, k = i + of_a, j + of_b, k + of_out
            if digit[level] < sizes[label]:
                break
            digit[level] = 0
            i, j, k = (
                i - of_a * sizes[label],
                j - of_b * sizes[label],
                k - of_out * sizes[label],
            )
            level -= 1
        if level < 0:
            break


@compiled
def _row(
    a: Array,
    la: int,
    i: int,
    by_a: int,
    b: Array,
    lb: int,
    j: int,
    by_b: int,
    out: Array,
    lanes: int,
    k: int,
    by_out: int,
    states: int,
) -> None:
    """All states of the last label."""
    for _ in range(states):
        to = out[k * lanes : (k + 1) * lanes]
        if lanes == 1:
            to[0] += a[i] * b[j]
        elif la == lb:
            one, other = a[i * la : (i + 1) * la], b[j * lb : (j + 1) * lb]
            if la == lanes:
                for lane in range(lanes):
                    to[lane] += one[lane] * other[lane]
            else:
                own = one[0] * other[0]
                for lane in range(lanes):
                    to[lane] += own
        elif la == 1:
            own, other = a[i], b[j * lb : (j + 1) * lb]
            for lane in range(lanes):
                to[lane] += own * other[lane]
        else:
            one, own = a[i * la : (i + 1) * la], b[j]
            for lane in range(lanes):
                to[lane] += one[lane] * own
        i += by_a
        j += by_b
        k += by_out
