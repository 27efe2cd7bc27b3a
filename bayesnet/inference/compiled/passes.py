"""The compiled kernel: the pass forward over the steps, and the one in reverse (see `kernel`).

A step's product is laid out with its vertex first; offset says where each entry of the others is
in each input. In reverse the product becomes the posterior of all vertices of the step: what its
message comes to there, shared out as the product does. No term is negative, and what is divided
by is the sum of what is divided.
"""

from typing import Any

import numpy as np

from bayesnet.inference.compiled.factors import add_factor, compiled, copy, inlined
from bayesnet.inference.compiled.layout import ENTRIES, FACTORS, VERTICES, Places, Work
from bayesnet.inference.tuning import ROW_CLIQUE, SAFE
from bayesnet.network import Array

EVEN, IN_ONE_PIECE, SCATTERED = 0, 1, 2


@compiled
def up(work: Work, block: int) -> Any:
    """Run the pass forward; the log of the probability of the parts, or nan where it is refused.

    block: entries of a message that are worked on together at most.
    """
    turns = work.used[VERTICES]
    work.bucket[:turns] = -1
    for turn in range(turns):
        work.turn_of[work.order[turn]] = turn
    for number in range(work.used[FACTORS]):
        _wait(work, number)
    log_z, offsets, products = 0.0, 0, 0
    work.inputs_at[0] = 0
    for turn in range(turns):
        length = _gather(work, turn)
        if length < 0:
            return np.nan
        number = add_factor(work, work.clique[turn, 1:length], length - 1)
        if number < 0:
            return np.nan
        work.message[turn] = number
        work.sender[number] = turn
        entries = work.used[ENTRIES] - work.start[number]
        inputs = work.inputs_at[turn + 1] - work.inputs_at[turn]
        states = work.size[work.order[turn]]
        low = _low(work, turn, length, block)
        each = low + entries // low
        if offsets + inputs * each > len(work.offset):
            return np.nan
        if products + states * entries > len(work.product):
            return np.nan
        work.product_at[turn] = products
        products += states * entries
        for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
            work.offset_at[place] = offsets
            _lay_out(work, turn, place, length)
            offsets += each
        _multiply(work, turn, entries)
        if length > 1:
            _wait(work, number)
        else:
            total = work.table[work.start[number]]
            if not total >= SAFE:
                return np.nan
            log_z += np.log(total)
    return log_z


@compiled
def _wait(work: Work, number: int) -> None:
    """Put a factor or message beside those that wait for the same step."""
    first = work.used[VERTICES]
    for a in range(work.length[number]):
        first = min(first, work.turn_of[work.scope[number, a]])
    work.next[number] = work.bucket[first]
    work.bucket[first] = number


@inlined
def _gather(work: Work, turn: int) -> Any:
    """Find inputs and clique of the step that eliminates order[turn]; the clique's length."""
    clique, used = work.clique[turn], work.inputs_at[turn]
    clique[0] = work.order[turn]
    length = 1
    number = work.bucket[turn]
    while number >= 0:
        work.inputs[used] = number
        used += 1
        for a in range(work.length[number]):
            other, known = work.scope[number, a], False
            for b in range(length):
                known = known or clique[b] == other
            if not known:
                if length > ROW_CLIQUE:
                    return -1
                clique[length] = other
                length += 1
        number = work.next[number]
    # Those that go last at the end: blocks of entries are then in one piece in most inputs.
    for b in range(2, length):
        vertex, a = clique[b], b
        while a > 1 and work.turn_of[clique[a - 1]] > work.turn_of[vertex]:
            clique[a] = clique[a - 1]
            a -= 1
        clique[a] = vertex
    work.inputs_at[turn + 1] = used
    work.clique_length[turn] = length
    return length


@inlined
def _low(work: Work, turn: int, length: int, block: int) -> Any:
    """Entries over as many of the last vertices of a step's clique as fit a block."""
    low = 1
    for b in range(length - 1, 0, -1):
        if low * work.size[work.clique[turn, b]] > block:
            break
        low *= work.size[work.clique[turn, b]]
    work.low[turn] = low
    return low


@inlined
def _lay_out(work: Work, turn: int, place: int, length: int) -> None:
    """Find where an input has each state of the clique but its vertex, and that one's stride.

    It is the sum of two: by the state within a block, and, behind these, by the block.
    """
    number, offset = work.inputs[place], work.offset
    scope, size = work.scope[number], work.size
    at, count, low = work.offset_at[place], 1, work.low[turn]
    offset[at] = work.start[number]
    for b in range(length - 1, -1, -1):
        vertex = work.clique[turn, b]
        stride, found = 1, 0
        for a in range(work.length[number] - 1, -1, -1):
            if scope[a] == vertex:
                found = stride
            stride *= size[scope[a]]
        if count == low and at == work.offset_at[place]:
            work.kind[place] = _kind(offset[at : at + low])
            at, count = at + low, 1
            offset[at] = 0
        if b == 0:
            work.stride[place] = found
            return
        for t in range(1, size[vertex]):
            for j in range(count):
                offset[at + t * count + j] = offset[at + j] + t * found
        count *= size[vertex]


@compiled
def _kind(offset: Places) -> Any:
    """Whether an input is the same all through a block, in one piece, or neither."""
    if offset[-1] == offset[0]:
        return EVEN
    for e in range(len(offset)):
        if offset[e] != offset[0] + e:
            return SCATTERED
    return IN_ONE_PIECE


@inlined
def _multiply(work: Work, turn: int, entries: int) -> None:
    """Make the product of a step, shape (states of its vertex, entries), and its message."""
    vertex, low = work.order[turn], work.low[turn]
    out = work.start[work.message[turn]]
    for s in range(work.size[vertex]):
        at = work.product_at[turn] + s * entries
        for block in range(entries // low):
            start, to = at + block * low, out + block * low
            # A loop over a slice from its start on is vectorised: no index might be negative.
            product, message = work.product[start : start + low], work.table[to : to + low]
            _multiply_block(work, turn, s, block, product)
            if s == 0:
                copy(message, product)
            else:
                for e in range(low):
                    message[e] += product[e]


@compiled
def _multiply_block(work: Work, turn: int, s: int, block: int, product: Array) -> None:
    """Multiply all inputs of a step in a block."""
    table, offset, low = work.table, work.offset, work.low[turn]
    first, last = work.inputs_at[turn], work.inputs_at[turn + 1]
    weight = work.weight[work.order[turn], s]
    for place in range(first, last):
        if work.kind[place] == EVEN:
            weight *= table[_shift(work, place, s, low, block) + offset[work.offset_at[place]]]
    product[:] = weight
    for place in range(first, last):
        here, shift = work.offset_at[place], _shift(work, place, s, low, block)
        if work.kind[place] == IN_ONE_PIECE:
            own = table[offset[here] + shift : offset[here] + shift + low]
            for e in range(low):
                product[e] *= own[e]
        elif work.kind[place] == SCATTERED:
            places, own = offset[here : here + low], table[shift:]
            for e in range(low):
                product[e] *= own[places[e]]


@compiled
def _shift(work: Work, place: int, s: int, low: int, block: int) -> Any:
    """Return what a state of the step's vertex and a block add to where an input's entries are."""
    return s * work.stride[place] + work.offset[work.offset_at[place] + low + block]


@compiled
def down(work: Work) -> Any:
    """Run the pass in reverse: posteriors of all vertices, of all messages and of all products.

    Returns how many roundings have moved the whole, relative to it, where terms have signs: the
    root of the sum of their squares (see `lost_to_signs`). inf where terms that are not 0 leave
    nothing at all, so that what is beyond them cannot be told from their message.
    """
    lost, turns = 0.0, work.used[VERTICES]
    if turns:
        work.belief[work.start[work.message[0]] : work.used[ENTRIES]] = 0.0
    for turn in range(turns - 1, -1, -1):
        vertex, entries, low = work.order[turn], entries_of(work, turn), work.low[turn]
        if work.clique_length[turn] == 1:
            work.belief[work.start[work.message[turn]]] = 1.0
        for s in range(work.size[vertex]):
            work.marginal[vertex, s] = 0.0
            for block in range(entries // low):
                total, terms = _weigh(work, turn, s * entries + block * low, block * low)
                work.marginal[vertex, s] += total
                lost += terms
                _send_back(work, turn, s, block, total)
    return np.sqrt(lost)


@inlined
def _weigh(work: Work, turn: int, at: int, to: int) -> Any:
    """Make a block of a product posterior; its sum, and the sum of its terms' squares."""
    start, out, low = (
        work.product_at[turn] + at,
        work.start[work.message[turn]] + to,
        work.low[turn],
    )
    product, whole = work.product[start : start + low], work.table[out : out + low]
    belief = work.belief[out : out + low]
    total, terms = 0.0, 0.0
    for e in range(low):
        if whole[e] != 0.0:
            product[e] *= belief[e] / whole[e]
        elif product[e] != 0.0:
            product[e], terms = 0.0, np.inf
    for e in range(low):
        total += product[e]
        terms += product[e] * product[e]
    return total, terms


@inlined
def _send_back(work: Work, turn: int, s: int, block: int, total: float) -> None:
    """Add a block of a product to the posteriors of the messages that it is made of."""
    belief, offset, low = work.belief, work.offset, work.low[turn]
    start = work.product_at[turn] + s * entries_of(work, turn) + block * low
    product = work.product[start : start + low]
    for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
        if work.sender[work.inputs[place]] < 0:
            continue
        here, shift = work.offset_at[place], _shift(work, place, s, low, block)
        if work.kind[place] == EVEN:
            belief[offset[here] + shift] += total
        elif work.kind[place] == IN_ONE_PIECE:
            own = belief[offset[here] + shift : offset[here] + shift + low]
            for e in range(low):
                own[e] += product[e]
        else:
            for e in range(low):
                belief[offset[here + e] + shift] += product[e]


@compiled
def entries_of(work: Work, turn: int) -> Any:
    """Entries of a step's message."""
    entries = 1
    for b in range(1, work.clique_length[turn]):
        entries *= work.size[work.clique[turn, b]]
    return entries
