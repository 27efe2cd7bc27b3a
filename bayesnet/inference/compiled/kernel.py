"""One case after another in one compiled function: factors, order, both passes.

The same tape as `problem` and `passes` lay out, for cases whose tables are small, with one lane
and nothing remembered between cases; so a case's bits are its own. What it cannot do (tables too
large, a part of the network below SAFE) it says, and the case goes the numpy way.
"""

from typing import Any

import numpy as np

from bayesnet.inference.compiled.factors import Flags, add_factor, compiled, outline, table_family
from bayesnet.inference.compiled.layout import ENTRIES, FACTORS, VERTICES, Ints, Net, Work
from bayesnet.inference.compiled.noisy import lowest_family, noisy_family
from bayesnet.inference.compiled.order import REFUSED, ordered
from bayesnet.inference.tuning import ROW_CLIQUE, SAFE
from bayesnet.network import Array


@compiled
def _gather(work: Work, turn: int) -> Any:
    """Gather inputs and clique of the step that eliminates order[turn]; its length, or -1."""
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
def _strides(work: Work, turn: int) -> None:
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
def _advance(work: Work, turn: int, length: int) -> Any:
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
def _up(work: Work) -> Any:
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
        _strides(work, turn)
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
            if not _advance(work, turn, length):
                break
        if length == 1:
            work.taken[number] = True
            if not total >= SAFE:
                return np.nan
            log_z += np.log(total)
    return log_z


@compiled
def _down(work: Work, factors: int) -> None:
    """Run the pass in reverse: the marginals of all vertices, not normalised."""
    for at in range(work.start[factors] if factors < work.used[FACTORS] else 0, work.used[ENTRIES]):
        work.adjoint[at] = 0.0
    for turn in range(work.used[VERTICES] - 1, -1, -1):
        length, vertex = work.clique_length[turn], work.order[turn]
        number = work.message[turn]
        if length == 1:
            work.adjoint[work.start[number]] = 1.0
        _strides(work, turn)
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
            if not _advance(work, turn, length):
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


@compiled
def _one(
    net: Net, work: Work, codes: Ints, soft: Ints, likelihoods: Array, wanted: Flags, down: bool
) -> Any:
    """Both passes of one case; its log probability, nan where it is refused."""
    outline(net, work, codes, soft, wanted)
    row = np.empty(work.weight.shape[1])
    log_z = 0.0
    for v in range(len(codes)):
        if not work.relevant[v] or work.absorbed[v]:
            continue
        if not net.noisy[v]:
            constant = table_family(net, work, codes, v)
        elif codes[v] >= 0 and codes[v] == (net.sizes[v] - 1 if net.turned[v] else 0):
            constant = lowest_family(net, work, codes, soft, likelihoods, v, row)
        else:
            constant = noisy_family(net, work, codes, soft, likelihoods, v, row)
        if not constant >= SAFE:
            return np.nan
        log_z += np.log(constant)
        if soft[v] >= 0 and codes[v] >= 0:
            return np.nan
        if soft[v] >= 0:
            for s in range(net.sizes[v]):
                work.weight[work.vertex[v], s] *= likelihoods[soft[v], s]
    factors = work.used[FACTORS]
    if ordered(work) == REFUSED:
        return np.nan
    up = _up(work)
    if down and not np.isnan(up):
        _down(work, factors)
    return log_z + up


@compiled
def run_rows(
    net: Net,
    work: Work,
    codes: Ints,
    soft: Ints,
    likelihoods: Array,
    wanted: Flags,
    read: Ints,
    at: Ints,
    found: Array,
    log_z: Array,
) -> None:
    """Posteriors of the variables in `read` for each case, side by side from at[i] on.

    codes, soft: shape (cases, variables); soft: the row of a likelihood, -1 for none. wanted:
    whether each variable has to be a vertex. log_z: nan where a case has to go another way.
    """
    for case in range(len(codes)):
        own = codes[case]
        log_z[case] = _one(net, work, own, soft[case], likelihoods, wanted, len(read) > 0)
        if np.isnan(log_z[case]):
            continue
        for i in range(len(read)):
            v = read[i]
            if own[v] >= 0:
                found[case, at[i] + own[v]] = 1.0
                continue
            total = 0.0
            for s in range(net.sizes[v]):
                total += work.marginal[work.vertex[v], s]
            for s in range(net.sizes[v]):
                found[case, at[i] + s] = work.marginal[work.vertex[v], s] / total
