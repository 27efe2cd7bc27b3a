"""All steps of a tape in one compiled call, forward and in reverse, all lanes beside each other.

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


class Back(NamedTuple):
    """What the pass in reverse makes, beside a `Pass` of adjoints.

    needed: slots whose adjoint is wanted. marginals: posteriors of the vertices of steps, (states,
    lanes), one after the other; marginal_at: where those of a step begin, NOTHING for none.
    """

    needed: Flags
    marginals: Array
    marginal_at: Ints


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
        entries = _entries(steps, at, MESSAGE)
        out = found.own[begins : begins + entries * found.lanes]
        out[:] = 0.0
        first, second = steps.inputs[at, FIRST], steps.inputs[at, SECOND]
        a, la = _weighted(steps, found, at, spare), _lanes(found, first)
        if found.weighted[at] != NOTHING:
            la = found.lanes
        b, lb = one, ONE
        if second >= 0:
            b, lb = _of(found, second), _lanes(found, second)
        _multiply(steps, at, FIRST, SECOND, MESSAGE, a, la, b, lb, out, found.lanes, digits)


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
    spare: Array,
    other_spare: Array,
    digits: Ints,
    one: Array,
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
            told = place == FIRST and back.marginal_at[at] != NOTHING
            makes = adjoints.fresh[own] and back.needed[own]
            if not (makes or told):
                continue
            lanes = _lanes(adjoints, own)
            if makes:
                begins = adjoints.at[own]
                target = adjoints.own[begins : begins + _entries(steps, at, place) * lanes]
                _adjoint(steps, found, adjoints, at, place, target, lanes, spare, digits, one)
            elif adjoints.fresh[own]:
                target = other_spare[: _entries(steps, at, place) * lanes]
                _adjoint(steps, found, adjoints, at, place, target, lanes, spare, digits, one)
            else:
                target = _of(adjoints, own)
            if told:
                _marginal(steps, found, at, target, lanes, back)


@entry
def lost(
    steps: Steps, bare: Pass, adjoints: Pass, whole: Array, spare: Array, digits: Ints, one: Array
) -> Any:
    """Return the sum of squares of `Calibrated.lost_to_signs`; bare: all numbers without signs.

    whole: what is left of the part of the network that each step is in.
    """
    order, total = digits[1], 0.0
    for at in range(len(steps.inputs)):
        count, entries = steps.labels[at], _entries(steps, at, MESSAGE)
        for label in range(count):
            order[label] = label
        first, second = steps.inputs[at, FIRST], steps.inputs[at, SECOND]
        terms, above = spare[:entries], _of(adjoints, steps.factors + at)
        terms[:] = 0.0
        a, b = _of(bare, first), one
        if second >= 0:
            b = _of(bare, second)
        _multiply(steps, at, FIRST, SECOND, MESSAGE, a, ONE, b, ONE, terms, ONE, digits)
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
    spare: Array,
    digits: Ints,
    one: Array,
) -> None:
    """Make the adjoint of an input of a step from that of its message."""
    slot, beside = steps.factors + at, steps.inputs[at, 1 - place]
    order, count, filled = digits[1], steps.labels[at], 0
    for has in range(2):
        for label in range(count):
            if (steps.strides[at, place, label] < 0) == (has == 1):
                order[filled] = label
                filled += 1
    target[:] = 0.0
    a, la = _of(adjoints, slot), _lanes(adjoints, slot)
    b, lb = one, ONE
    if beside >= 0 and place == FIRST:
        b, lb = _of(found, beside), _lanes(found, beside)
    elif beside >= 0:
        b, lb = _weighted(steps, found, at, spare), _lanes(found, beside)
        if found.weighted[at] != NOTHING:
            lb = found.lanes
    _multiply(steps, at, MESSAGE, 1 - place, place, a, la, b, lb, target, lanes, digits)
    if place == FIRST and found.weighted[at] != NOTHING:
        _weigh(steps, found, at, target, lanes, target, lanes)


@compiled
def _marginal(steps: Steps, found: Pass, at: int, adjoint: Array, lanes: int, back: Back) -> None:
    """Write the posterior of a step's vertex, as shares; zeros where all is zero."""
    first = steps.inputs[at, FIRST]
    table, la = _of(found, first), _lanes(found, first)
    states, most = steps.sizes[at, 0], max(lanes, la)
    rest = _entries(steps, at, FIRST) // states
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


@inlined
def _of(found: Pass, slot: int) -> Any:
    """Return the numbers of a slot and all behind them."""
    return found.own[found.at[slot] :] if found.fresh[slot] else found.known[found.known_at[slot] :]


@compiled
def _lanes(found: Pass, slot: int) -> Any:
    """Return how many lanes a slot has."""
    return found.lanes if found.fresh[slot] else ONE


@compiled
def _entries(steps: Steps, at: int, place: int) -> Any:
    """Return how many entries an input or the message of a step has."""
    entries = 1
    for label in range(steps.labels[at]):
        if steps.strides[at, place, label] >= 0:
            entries *= steps.sizes[at, label]
    return entries


@inlined
def _weighted(steps: Steps, found: Pass, at: int, spare: Array) -> Any:
    """Return the first input of a step, times further weights of its vertex."""
    first = steps.inputs[at, FIRST]
    if found.weighted[at] == NOTHING:
        return _of(found, first)
    entries = _entries(steps, at, FIRST) * found.lanes
    _weigh(steps, found, at, _of(found, first), _lanes(found, first), spare[:entries], found.lanes)
    return spare


@compiled
def _weigh(
    steps: Steps, found: Pass, at: int, table: Array, la: int, out: Array, lanes: int
) -> None:
    """Multiply a table over the first input's scope by the weights of the step's vertex."""
    states, begins = steps.sizes[at, 0], found.weighted[at]
    rest = _entries(steps, at, FIRST) // states
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
def _multiply(
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
