"""Two tables of a tape multiplied and summed in one compiled loop, all lanes beside each other.

The order of every sum is that of `rings`: one label after another, the lowest first.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.compiled.factors import compiled
from bayesnet.network import Array

Ints = NDArray[np.int64]
NOTHING = -1


class Steps(NamedTuple):
    """The steps of a tape (see `TapeArrays`), and how many slots hold factors."""

    inputs: Ints
    read: Ints
    labels: Ints
    sizes: Ints
    strides: Ints
    factors: int


class Room(NamedTuple):
    """What functions would make room for.

    digits: three rows of a number for each label. sums: the largest product, once it is summed
    over a label. spare, other: the largest input. one: a table of nothing, 1.
    """

    digits: Ints
    sums: Array
    spare: Array
    other: Array
    one: Array


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
    room: Room,
) -> None:
    """Multiply two tables, summed over the labels that a third lacks; of it every number is new.

    first, second, target: which place of the step each is in. What lacks a label is the same for
    all its states. Summed over one label after another, the lowest first: the order of `rings`.
    """
    gone = _gone(steps, at, target, NOTHING)
    entries = _lay_out(steps, at, gone, room.digits)
    label = _gone(steps, at, target, gone) if gone != NOTHING else NOTHING
    made = out if label == NOTHING else room.sums
    made[: entries * lanes] = 0.0
    _add(steps, at, first, second, a, la, b, lb, made, lanes, room.digits)
    if label == NOTHING:
        return
    while label != NOTHING:
        states, after = steps.sizes[at, label], room.digits[2, label] * lanes
        entries //= states
        _sum(made, entries * lanes // after, states, after)
        label = _gone(steps, at, target, label)
    for e in range(entries * lanes):
        out[e] = made[e]


@compiled
def _gone(steps: Steps, at: int, target: int, before: int) -> Any:
    """Return the first label behind another that a table lacks, NOTHING for none."""
    for label in range(before + 1, steps.labels[at]):
        if steps.strides[at, target, label] < 0:
            return label
    return NOTHING


@compiled
def _lay_out(steps: Steps, at: int, gone: int, digits: Ints) -> Any:
    """Lay out what a product is once a label is gone; returns its entries.

    Fills in the order in which labels are walked, that one innermost so that a sum stays where it
    is, and the strides.
    """
    order, strides = digits[1], digits[2]
    count, entries, place = steps.labels[at], 1, steps.labels[at] - 1
    if gone != NOTHING:
        order[place], strides[gone] = gone, 0
        place -= 1
    for label in range(count - 1, -1, -1):
        if label != gone:
            order[place], strides[label] = label, entries
            entries *= steps.sizes[at, label]
            place -= 1
    return entries


@compiled
def _sum(table: Array, before: int, states: int, after: int) -> None:
    """Sum a table over its middle axis, in place: what is read lies behind what is written."""
    for block in range(before):
        to = table[block * after : (block + 1) * after]
        for state in range(states):
            begins = (block * states + state) * after
            own = table[begins : begins + after]
            if state == 0:
                for e in range(after):
                    to[e] = own[e]
            else:
                for e in range(after):
                    to[e] += own[e]


@compiled
def _add(
    steps: Steps,
    at: int,
    first: int,
    second: int,
    a: Array,
    la: int,
    b: Array,
    lb: int,
    out: Array,
    lanes: int,
    digits: Ints,
) -> None:
    """Add the product of two tables to a third, label after label in the order of digits[1].

    digits[2]: strides of the third along each label.
    """
    digit, order, by_out, count = digits[0], digits[1], digits[2], steps.labels[at]
    by_a, by_b, sizes = steps.strides[at, first], steps.strides[at, second], steps.sizes[at]
    digit[:count] = 0
    last = order[count - 1]
    i, j, k = 0, 0, 0
    while True:
        _row(
            a,
            la,
            i,
            max(by_a[last], 0),
            b,
            lb,
            j,
            max(by_b[last], 0),
            out,
            lanes,
            k,
            by_out[last],
            sizes[last],
        )
        level = count - 2
        while level >= 0:
            label = order[level]
            of_a, of_b, of_out = max(by_a[label], 0), max(by_b[label], 0), by_out[label]
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
