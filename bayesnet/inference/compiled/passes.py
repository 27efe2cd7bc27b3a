"""The compiled kernel: the pass forward over the steps, and the one in reverse (see `kernel`).

A step's product is laid out with its vertex first; offset says where each entry of the others is
in each input. In reverse the product becomes the posterior of all vertices of the step: what its
message comes to there, shared out as the product does. No term is negative, and what is divided
by is the sum of what is divided.
"""

from typing import Any

import numpy as np

from bayesnet.inference.compiled.factors import add_factor, compiled
from bayesnet.inference.compiled.layout import ENTRIES, FACTORS, VERTICES, Work
from bayesnet.inference.tuning import ROW_CLIQUE, ROW_ENTRIES, SAFE


@compiled
def up(work: Work) -> Any:
    """Run the pass forward; the log of the probability of the parts, or nan where it is refused."""
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
        if offsets + inputs * entries > ROW_ENTRIES or products + states * entries > ROW_ENTRIES:
            return np.nan
        work.product_at[turn] = products
        products += states * entries
        for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
            work.offset_at[place] = offsets
            _lay_out(work, turn, place, length)
            offsets += entries
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


@compiled
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
    work.inputs_at[turn + 1] = used
    work.clique_length[turn] = length
    return length


@compiled
def _lay_out(work: Work, turn: int, place: int, length: int) -> None:
    """Find where an input has each state of the clique but its vertex, and that one's stride."""
    number, offset = work.inputs[place], work.offset
    scope, size = work.scope[number], work.size
    at, count = work.offset_at[place], 1
    offset[at] = work.start[number]
    for b in range(length - 1, -1, -1):
        vertex = work.clique[turn, b]
        stride, found = 1, 0
        for a in range(work.length[number] - 1, -1, -1):
            if scope[a] == vertex:
                found = stride
            stride *= size[scope[a]]
        if b == 0:
            work.stride[place] = found
            return
        for t in range(1, size[vertex]):
            for j in range(count):
                offset[at + t * count + j] = offset[at + j] + t * found
        count *= size[vertex]


@compiled
def _multiply(work: Work, turn: int, entries: int) -> None:
    """Make the product of a step, shape (states of its vertex, entries), and its message."""
    vertex, out = work.order[turn], work.start[work.message[turn]]
    table, product, offset = work.table, work.product, work.offset
    for s in range(work.size[vertex]):
        at = work.product_at[turn] + s * entries
        for e in range(entries):
            product[at + e] = work.weight[vertex, s]
        for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
            here, shift = work.offset_at[place], s * work.stride[place]
            for e in range(entries):
                product[at + e] *= table[offset[here + e] + shift]
        for e in range(entries):
            table[out + e] = product[at + e] if s == 0 else table[out + e] + product[at + e]


@compiled
def down(work: Work) -> None:
    """Run the pass in reverse: posteriors of all vertices, of all messages and of all products."""
    belief, product, offset = work.belief, work.product, work.offset
    turns = work.used[VERTICES]
    if turns:
        belief[work.start[work.message[0]] : work.used[ENTRIES]] = 0.0
    for turn in range(turns - 1, -1, -1):
        vertex, number = work.order[turn], work.message[turn]
        out, entries = work.start[number], entries_of(work, turn)
        if work.clique_length[turn] == 1:
            belief[out] = 1.0
        for s in range(work.size[vertex]):
            at = work.product_at[turn] + s * entries
            total = 0.0
            for e in range(entries):
                whole = work.table[out + e]
                share = belief[out + e] / whole if whole > 0.0 else 0.0
                product[at + e] *= share
                total += product[at + e]
            work.marginal[vertex, s] = total
            for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
                if work.sender[work.inputs[place]] >= 0:
                    here, shift = work.offset_at[place], s * work.stride[place]
                    for e in range(entries):
                        belief[offset[here + e] + shift] += product[at + e]


@compiled
def entries_of(work: Work, turn: int) -> Any:
    """Entries of a step's message."""
    entries = 1
    for b in range(1, work.clique_length[turn]):
        entries *= work.size[work.clique[turn, b]]
    return entries
