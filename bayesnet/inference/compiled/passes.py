"""The compiled kernel: the pass forward over the steps, and the one in reverse (see `kernel`)."""

from typing import Any

import numpy as np

from bayesnet.inference.compiled.factors import add_factor, compiled
from bayesnet.inference.compiled.layout import ENTRIES, FACTORS, VERTICES, Work
from bayesnet.inference.tuning import ROW_CLIQUE, SAFE


@compiled
def _gather(work: Work, turn: int) -> Any:
    """Find inputs and clique of the step that eliminates order[turn]; the clique's length."""
    vertex = work.order[turn]
    clique, used = work.clique[turn], work.inputs_at[turn]
    clique[0] = vertex
    length = 1
    for number in range(work.used[FACTORS]):
        if work.taken[number]:
            continue
        inside = False
        for a in range(work.length[number]):
            inside = inside or work.scope[number, a] == vertex
        if not inside:
            continue
        work.taken[number] = True
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
    work.inputs_at[turn + 1] = used
    work.clique_length[turn] = length
    return length


@compiled
def strides(work: Work, turn: int) -> None:
    """Of each input of a step the stride of each vertex of the clique, 0 where it has not."""
    length = work.clique_length[turn]
    for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
        number = work.inputs[place]
        for b in range(length):
            work.stride[place, b] = 0
        stride = 1
        for a in range(work.length[number] - 1, -1, -1):
            for b in range(length):
                if work.clique[turn, b] == work.scope[number, a]:
                    work.stride[place, b] = stride
            stride *= work.size[work.scope[number, a]]
        work.cursor[place] = work.start[number]


@compiled
def advance(work: Work, turn: int, length: int) -> Any:
    """To the next state of the clique but its first vertex; whether there is one."""
    first, last = work.inputs_at[turn], work.inputs_at[turn + 1]
    b = length - 1
    while b > 0:
        work.digit[b] += 1
        if work.digit[b] < work.size[work.clique[turn, b]]:
            for place in range(first, last):
                work.cursor[place] += work.stride[place, b]
            return True
        for place in range(first, last):
            work.cursor[place] -= (work.digit[b] - 1) * work.stride[place, b]
        work.digit[b] = 0
        b -= 1
    return False


@compiled
def up(work: Work) -> Any:
    """Run the pass forward; the log of the probability of the parts, or nan where it is refused."""
    log_z = 0.0
    work.inputs_at[0] = 0
    for turn in range(work.used[VERTICES]):
        length = _gather(work, turn)
        if length < 0:
            return np.nan
        number = add_factor(work, work.clique[turn, 1:length], length - 1)
        if number < 0:
            return np.nan
        work.message[turn] = number
        work.sender[number] = turn
        strides(work, turn)
        first, last = work.inputs_at[turn], work.inputs_at[turn + 1]
        vertex = work.order[turn]
        work.digit[:length] = 0
        out = work.start[number]
        while True:
            total = 0.0
            for s in range(work.size[vertex]):
                product = work.weight[vertex, s]
                for place in range(first, last):
                    product *= work.table[work.cursor[place] + s * work.stride[place, 0]]
                total += product
            work.table[out] = total
            out += 1
            if not advance(work, turn, length):
                break
        if length == 1:
            work.taken[number] = True
            if not total >= SAFE:
                return np.nan
            log_z += np.log(total)
    return log_z


@compiled
def down(work: Work, factors: int) -> None:
    """Run the pass in reverse: the marginals of all vertices, not normalised."""
    for at in range(work.start[factors] if factors < work.used[FACTORS] else 0, work.used[ENTRIES]):
        work.adjoint[at] = 0.0
    for turn in range(work.used[VERTICES] - 1, -1, -1):
        length, vertex = work.clique_length[turn], work.order[turn]
        number = work.message[turn]
        if length == 1:
            work.adjoint[work.start[number]] = 1.0
        strides(work, turn)
        first, last = work.inputs_at[turn], work.inputs_at[turn + 1]
        work.digit[:length] = 0
        work.marginal[vertex, : work.size[vertex]] = 0.0
        out = work.start[number]
        while True:
            above = work.adjoint[out]
            out += 1
            if above != 0.0:
                for s in range(work.size[vertex]):
                    _share(work, vertex, s, above, first, last, factors)
            if not advance(work, turn, length):
                break


@compiled
def _share(
    work: Work, vertex: int, s: int, above: float, first: int, last: int, factors: int
) -> None:
    """One entry of a step in reverse: to each message the product of all others."""
    before = work.before
    product = above * work.weight[vertex, s]
    for place in range(first, last):
        before[place] = product
        product *= work.table[work.cursor[place] + s * work.stride[place, 0]]
    work.marginal[vertex, s] += product
    after = 1.0
    for place in range(last - 1, first - 1, -1):
        at = work.cursor[place] + s * work.stride[place, 0]
        if work.inputs[place] >= factors:
            work.adjoint[at] += before[place] * after
        after *= work.table[at]
