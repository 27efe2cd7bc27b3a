"""One case after another in one compiled function: factors, order, both passes.

The same tape as `problem` and `passes` lay out, for cases whose tables are small, with one lane
and nothing remembered between cases; so a case's bits are its own. What it cannot do (tables too
large, a part of the network below SAFE) it says, and the case goes the numpy way.
"""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from bayesnet.inference.compiled.layout import Ints, Net, Work
from bayesnet.inference.tuning import ROW_CLIQUE, ROW_ENTRIES, SAFE, TABLE_ENTRIES
from bayesnet.network import Array

DONE, IMPOSSIBLE, REFUSED = 0, 1, 2
FACTORS, ENTRIES, VERTICES = 0, 1, 2

Words = NDArray[np.uint64]
Flags = NDArray[np.bool_]

compiled = njit(cache=True, nogil=True)


@compiled
def _outline(net: Net, work: Work, codes: Ints, soft: Ints, wanted: Flags) -> None:
    """Marks what matters, and the roots that are summed out with their only child."""
    relevant, absorbed = work.relevant, work.absorbed
    for v in range(len(codes)):
        relevant[v] = codes[v] >= 0 or soft[v] >= 0 or wanted[v]
        absorbed[v] = False
    for at in range(len(net.order) - 1, -1, -1):
        v = net.order[at]
        if relevant[v]:
            for p in range(net.parents_at[v], net.parents_at[v + 1]):
                relevant[net.parent[p]] = True
    for v in range(len(codes)):
        if not relevant[v] or codes[v] >= 0 or wanted[v]:
            continue
        if net.parents_at[v + 1] > net.parents_at[v]:
            continue
        children, last = 0, 0
        for c in range(net.children_at[v], net.children_at[v + 1]):
            if relevant[net.child[c]]:
                children += 1
                last = net.child[c]
        absorbed[v] = children == 1 and net.noisy[last]
    count = 0
    for v in range(len(codes)):
        work.vertex[v] = -1
        if relevant[v] and codes[v] < 0 and not absorbed[v]:
            work.vertex[v] = count
            work.size[count] = net.sizes[v]
            work.weight[count, : net.sizes[v]] = 1.0
            count += 1
    work.used[FACTORS] = 0
    work.used[ENTRIES] = 0
    work.used[VERTICES] = count


@compiled
def _factor(work: Work, scope: Ints, length: int) -> Any:
    """Room for a factor; its number, or -1 where there is none left."""
    number = work.used[FACTORS]
    entries = 1
    if length > ROW_CLIQUE:
        return -1
    for at in range(length):
        work.scope[number, at] = scope[at]
        entries *= work.size[scope[at]]
        if work.used[ENTRIES] + entries > ROW_ENTRIES:
            return -1
    work.length[number] = length
    work.start[number] = work.used[ENTRIES]
    work.taken[number] = False
    work.used[ENTRIES] += entries
    work.used[FACTORS] += 1
    return number


@compiled
def _root_weight(net: Net, codes: Ints, soft: Ints, likelihoods: Array, v: int, s: int) -> Any:
    """P(root in a state), as listed, times its likelihood."""
    at = net.sizes[v] - 1 - s if net.noisy[v] and net.turned[v] else s
    weight = net.values[net.values_at[v] + at]
    return weight * likelihoods[soft[v], s] if soft[v] >= 0 else weight


@compiled
def _table(net: Net, work: Work, codes: Ints, v: int) -> Any:
    """The factor of a table's family: cut out what is observed. Returns a constant, -1: no room."""
    scope = np.empty(ROW_CLIQUE + 1, dtype=np.int64)
    strides = np.empty(ROW_CLIQUE + 1, dtype=np.int64)
    base, stride, length = net.values_at[v], 1, 0
    first, last = net.parents_at[v], net.parents_at[v + 1]
    for back in range(last - first + 1):
        each = v if back == 0 else net.parent[last - back]
        if codes[each] >= 0:
            base += stride * codes[each]
        else:
            if length > ROW_CLIQUE - 1:
                return -1.0
            scope[length] = work.vertex[each]
            strides[length] = stride
            length += 1
        stride *= net.sizes[each]
    if length == 0:
        return net.values[base]
    if length == 1:
        for s in range(work.size[scope[0]]):
            work.weight[scope[0], s] *= net.values[base + s * strides[0]]
        return 1.0
    number = _factor(work, scope, length)
    if number < 0:
        return -1.0
    _cut(net, work, number, base, strides, length)
    return 1.0


@compiled
def _cut(net: Net, work: Work, number: int, base: int, strides: Ints, length: int) -> None:
    """Copies the entries of a factor from the values, the last vertex fastest."""
    digit = work.digit
    digit[:length] = 0
    at, source = work.start[number], base
    while True:
        work.table[at] = net.values[source]
        at += 1
        place = length - 1
        while place >= 0:
            digit[place] += 1
            source += strides[place]
            if digit[place] < work.size[work.scope[number, place]]:
                break
            source -= digit[place] * strides[place]
            digit[place] = 0
            place -= 1
        if place < 0:
            return


@compiled
def _row_of(
    net: Net,
    codes: Ints,
    soft: Ints,
    likelihoods: Array,
    link: int,
    p: int,
    states: int,
    row: Array,
) -> None:
    """What a parent that is observed or absorbed does by itself, lowest state first."""
    if codes[p] >= 0:
        for t in range(states):
            row[t] = net.values[link + codes[p] * states + t]
        return
    row[:states] = 0.0
    for s in range(net.sizes[p]):
        weight = _root_weight(net, codes, soft, likelihoods, p, s)
        for t in range(states):
            row[t] += weight * net.values[link + s * states + t]


@compiled
def _lowest(
    net: Net, work: Work, codes: Ints, soft: Ints, likelihoods: Array, v: int, row: Array
) -> Any:
    """A noisy-MAX in its lowest state: a weight of each free parent; returns the rest."""
    states = net.sizes[v]
    constant = net.values[net.values_at[v]]
    for at in range(net.parents_at[v], net.parents_at[v + 1]):
        p, link = net.parent[at], net.links_at[at]
        if work.vertex[p] >= 0:
            for s in range(net.sizes[p]):
                work.weight[work.vertex[p], s] *= net.values[link + s * states]
        else:
            _row_of(net, codes, soft, likelihoods, link, p, states, row)
            constant *= row[0]
    return constant


@compiled
def _reduce(row: Array, states: int, state: int) -> None:
    """A distribution to (below, at) an observed state, in place."""
    below = 0.0
    for t in range(state):
        below += row[t]
    row[1] = row[state]
    row[0] = below


@compiled
def _join(first: Array, at: int, second: Array, states: int) -> None:
    """first[at:] becomes the distribution of the larger of two independent ones, in place."""
    below_first, below_second = 0.0, 0.0
    for t in range(states):
        one, two = first[at + t], second[t]
        below_first += one
        first[at + t] = one * below_second + two * below_first
        below_second += two


@compiled
def _noisy(
    net: Net, work: Work, codes: Ints, soft: Ints, likelihoods: Array, v: int, row: Array
) -> Any:
    """A noisy-MAX in another state or free: a table or a chain. Returns a constant, -1: no room."""
    own = work.vertex[v]
    listed = net.sizes[v]
    state = -1
    if own < 0:
        state = listed - 1 - codes[v] if net.turned[v] else codes[v]
    states = listed if own >= 0 else 2
    start = np.empty(listed)
    for t in range(listed):
        start[t] = net.values[net.values_at[v] + t]
    if own < 0:
        _reduce(start, listed, state)
    free = np.empty(net.parents_at[v + 1] - net.parents_at[v], dtype=np.int64)
    count, entries = 0, states if own >= 0 else 1
    for at in range(net.parents_at[v], net.parents_at[v + 1]):
        p = net.parent[at]
        if work.vertex[p] >= 0:
            free[count] = at
            count += 1
            entries = min(entries * net.sizes[p], ROW_ENTRIES)
            continue
        _row_of(net, codes, soft, likelihoods, net.links_at[at], p, listed, row)
        if own < 0:
            _reduce(row, listed, state)
        _join(start, 0, row, states)
    if count == 0 and own < 0:
        return start[1]
    if entries <= TABLE_ENTRIES or count < 3:
        return _as_table(net, work, v, own, state, states, start, free[:count], row)
    return _as_chain(net, work, v, own, state, states, start, free[:count], row)


@compiled
def _link(net: Net, at: int, s: int, listed: int, state: int, row: Array) -> None:
    """The row of a free parent's state, reduced where the maximum is observed."""
    link = net.links_at[at]
    for t in range(listed):
        row[t] = net.values[link + s * listed + t]
    if state >= 0:
        _reduce(row, listed, state)


@compiled
def _as_table(
    net: Net,
    work: Work,
    v: int,
    own: int,
    state: int,
    states: int,
    start: Array,
    free: Ints,
    row: Array,
) -> Any:
    """P(maximum | free parents) in full, grown parent by parent."""
    listed, pair = net.sizes[v], work.pair
    pair[:states] = start[:states]
    rows = 1
    for at in free:
        size = net.sizes[net.parent[at]]
        for r in range(rows - 1, -1, -1):
            for s in range(size - 1, -1, -1):
                to = (r * size + s) * states
                for t in range(states - 1, -1, -1):
                    pair[to + t] = pair[r * states + t]
                _link(net, at, s, listed, state, row)
                if s > 0 or r > 0:
                    _join(pair, to, row, states)
        _link(net, at, 0, listed, state, row)
        _join(pair, 0, row, states)
        rows *= size
    return _place(net, work, v, own, states, free, rows)


@compiled
def _place(net: Net, work: Work, v: int, own: int, states: int, free: Ints, rows: int) -> Any:
    """Takes the table from `pair` to a factor, or to the weights of a single vertex."""
    scope = np.empty(len(free) + 1, dtype=np.int64)
    length = len(free)
    if length > ROW_CLIQUE - 1:
        return -1.0
    for at in range(length):
        scope[at] = work.vertex[net.parent[free[at]]]
    if own >= 0:
        scope[length] = own
        length += 1
    columns = states if own >= 0 else 1
    number = -1
    if length > 1:
        number = _factor(work, scope, length)
        if number < 0:
            return -1.0
    for r in range(rows):
        for t in range(columns):
            from_state = t if own >= 0 else 1
            to = columns - 1 - t if own >= 0 and net.turned[v] else t
            value = work.pair[r * states + from_state]
            if length > 1:
                work.table[work.start[number] + r * columns + to] = value
            else:
                work.weight[scope[0], r * columns + to] *= value
    return 1.0


@compiled
def _as_chain(
    net: Net,
    work: Work,
    v: int,
    own: int,
    state: int,
    states: int,
    start: Array,
    free: Ints,
    row: Array,
) -> Any:
    """Running maxima over the free parents: (old maximum, parent, new maximum) each."""
    listed, old = net.sizes[v], -1
    scope, mixed = np.empty(3, dtype=np.int64), np.empty(states)
    for place in range(len(free)):
        at = free[place]
        last = place == len(free) - 1
        length = 0
        if old >= 0:
            scope[0] = old
            length = 1
        scope[length] = work.vertex[net.parent[at]]
        length += 1
        if not last:
            new = work.used[VERTICES]
            work.used[VERTICES] += 1
            work.size[new] = states
            work.weight[new, :states] = 1.0
            scope[length] = new
            length += 1
        elif own >= 0:
            scope[length] = own
            length += 1
        number = _factor(work, scope, length)
        if number < 0:
            return -1.0
        to = work.start[number]
        for before in range(states if old >= 0 else 1):
            for s in range(net.sizes[net.parent[at]]):
                mixed[:] = 0.0
                if old >= 0:
                    mixed[before] = 1.0
                else:
                    mixed[:] = start[:states]
                _link(net, at, s, listed, state, row)
                _join(mixed, 0, row, states)
                for t in range(states):
                    if last and own < 0:
                        if t == 1:
                            work.table[to] = mixed[1]
                            to += 1
                        continue
                    turned = last and net.turned[v]
                    work.table[to + (states - 1 - t if turned else t)] = mixed[t]
                if not (last and own < 0):
                    to += states
        if not last:
            old = new
    return 1.0


@compiled
def _bits(word: np.uint64) -> Any:
    """How many bits are set."""
    one = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    two = (one & np.uint64(0x3333333333333333)) + (
        (one >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    four = (two + (two >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((four * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def _is_near(near: Words, one: int, two: int) -> Any:
    """Whether two vertices are neighbours."""
    return (near[one, two >> 6] >> np.uint64(two & 63)) & np.uint64(1) != np.uint64(0)


@compiled
def _measure(work: Work, vertex: int, vertices: int) -> None:
    """Edges missing between the neighbours of a vertex, and entries of the product over them."""
    near, words = work.near, (vertices >> 6) + 1
    missing, degree, entries = 0, 0, work.size[vertex]
    for word in range(words):
        own = near[vertex, word]
        if own == np.uint64(0):
            continue
        for bit in range(64):
            if (own >> np.uint64(bit)) & np.uint64(1) == np.uint64(0):
                continue
            other = word * 64 + bit
            degree += 1
            entries = min(entries * work.size[other], ROW_ENTRIES)
            for each in range(words):
                missing += _bits(near[vertex, each] & ~near[other, each])
    work.fill[vertex] = missing - degree
    work.bulk[vertex] = entries


@compiled
def _ordered(work: Work) -> Any:
    """Min-fill over all vertices; ties go to the smaller product, then to the first."""
    vertices, near = work.used[VERTICES], work.near
    near[:vertices] = np.uint64(0)
    for number in range(work.used[FACTORS]):
        for a in range(work.length[number]):
            for b in range(work.length[number]):
                if a != b:
                    one, two = work.scope[number, a], work.scope[number, b]
                    near[one, two >> 6] |= np.uint64(1) << np.uint64(two & 63)
    for v in range(vertices):
        _measure(work, v, vertices)
    for turn in range(vertices):
        best = -1
        for v in range(vertices):
            if work.fill[v] < 0:
                continue
            if (
                best < 0
                or work.fill[v] < work.fill[best]
                or (work.fill[v] == work.fill[best] and work.bulk[v] < work.bulk[best])
            ):
                best = v
        if work.bulk[best] >= ROW_ENTRIES:
            return REFUSED
        work.order[turn] = best
        _remove(work, best, vertices)
    return DONE


@compiled
def _remove(work: Work, vertex: int, vertices: int) -> None:
    """Joins the neighbours of a vertex and takes it out."""
    near, words = work.near, (vertices >> 6) + 1
    work.fill[vertex] = -1
    for one in range(vertices):
        if not _is_near(near, vertex, one):
            continue
        for word in range(words):
            near[one, word] |= near[vertex, word]
        near[one, one >> 6] &= ~(np.uint64(1) << np.uint64(one & 63))
        near[one, vertex >> 6] &= ~(np.uint64(1) << np.uint64(vertex & 63))
    for v in range(vertices):
        if work.fill[v] < 0:
            continue
        close = _is_near(near, vertex, v)
        for word in range(words):
            close = close or near[vertex, word] & near[v, word] != np.uint64(0)
        if close:
            _measure(work, v, vertices)


@compiled
def _gather(work: Work, turn: int) -> Any:
    """The inputs and the clique of the step that eliminates order[turn]; the clique's length."""
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
    """The pass forward; the log of the probability of the parts, or nan where it is refused."""
    log_z = 0.0
    work.inputs_at[0] = 0
    for turn in range(work.used[VERTICES]):
        length = _gather(work, turn)
        if length < 0:
            return np.nan
        number = _factor(work, work.clique[turn, 1:length], length - 1)
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
    """The pass in reverse: the marginals of all vertices, not normalised."""
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
    _outline(net, work, codes, soft, wanted)
    row = np.empty(work.weight.shape[1])
    log_z = 0.0
    for v in range(len(codes)):
        if not work.relevant[v] or work.absorbed[v]:
            continue
        if not net.noisy[v]:
            constant = _table(net, work, codes, v)
        elif codes[v] >= 0 and codes[v] == (net.sizes[v] - 1 if net.turned[v] else 0):
            constant = _lowest(net, work, codes, soft, likelihoods, v, row)
        else:
            constant = _noisy(net, work, codes, soft, likelihoods, v, row)
        if not constant >= SAFE:
            return np.nan
        log_z += np.log(constant)
        if soft[v] >= 0 and codes[v] >= 0:
            return np.nan
        if soft[v] >= 0:
            for s in range(net.sizes[v]):
                work.weight[work.vertex[v], s] *= likelihoods[soft[v], s]
    factors = work.used[FACTORS]
    if _ordered(work) == REFUSED:
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
