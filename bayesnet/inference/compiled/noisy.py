"""The compiled kernel: the factors of noisy-MAX families (see `rows`, and `noisy`)."""

from typing import Any

from bayesnet.inference.compiled.factors import add_factor, compiled, copy, row_of
from bayesnet.inference.compiled.layout import ONE, TWO, VERTICES, ZERO, Flag, Ints, Net, Work
from bayesnet.inference.tuning import GIVE_UP, ROW_CLIQUE, SIGNED_FROM, TABLE_ENTRIES
from bayesnet.network import Array


@compiled
def lowest_family(
    net: Net, work: Work, codes: Ints, soft: Ints, likelihoods: Array, v: int, row: Array
) -> Any:
    """Multiply a lowest noisy-MAX into the weights of its free parents; returns the constant."""
    states = net.sizes[v]
    constant = net.values[net.values_at[v]]
    for at in range(net.parents_at[v], net.parents_at[v + 1]):
        p, link = net.parent[at], net.links_at[at]
        if work.vertex[p] >= 0:
            for s in range(net.sizes[p]):
                work.weight[work.vertex[p], s] *= net.values[link + s * states]
        else:
            row_of(net, codes, soft, likelihoods, link, p, states, row)
            constant *= row[0]
    return constant


@compiled
def _reduce(row: Array, states: int, state: int) -> None:
    """Reduce a distribution, (states,), to (below, at) an observed state, in place."""
    below = 0.0
    for t in range(state):
        below += row[t]
    row[1] = row[state]
    row[0] = below


@compiled
def join(first: Array, at: int, second: Array, states: int) -> None:
    """first[at:] becomes the distribution of the larger of two independent ones, in place."""
    below_first, below_second = 0.0, 0.0
    for t in range(states):
        one, two = first[at + t], second[t]
        below_first += one
        first[at + t] = one * below_second + two * below_first
        below_second += two


@compiled
def noisy_family(
    net: Net,
    work: Work,
    codes: Ints,
    soft: Ints,
    likelihoods: Array,
    v: int,
    row: Array,
    signed: Flag,
) -> Any:
    """Add the factors of a noisy-MAX free or not lowest. Returns a constant, -1: no room.

    signed: one that is observed becomes a signed auxiliary where a chain would be long.
    """
    own = work.vertex[v]
    listed = net.sizes[v]
    state = -1
    if own < 0:
        state = listed - 1 - codes[v] if net.turned[v] else codes[v]
    states = listed if own >= 0 else 2
    start = work.rows[1]
    for t in range(listed):
        start[t] = net.values[net.values_at[v] + t]
    if own < 0:
        _reduce(start, listed, state)
    free = work.lists[0]
    count, entries = 0, states if own >= 0 else 1
    for at in range(net.parents_at[v], net.parents_at[v + 1]):
        p = net.parent[at]
        if work.vertex[p] >= 0:
            free[count] = at
            count += 1
            entries = min(entries * net.sizes[p], GIVE_UP)
            continue
        row_of(net, codes, soft, likelihoods, net.links_at[at], p, listed, row)
        if own < 0:
            _reduce(row, listed, state)
        join(start, ZERO, row, states)
    if count == 0 and own < 0:
        return start[1]
    if signed and own < 0 and count > SIGNED_FROM:
        return _as_signed(net, work, v, state, start, free[:count], row)
    if entries <= TABLE_ENTRIES or count < 3:
        if 2 * entries > len(work.pair):
            return -1.0
        return _as_table(net, work, v, own, state, states, start, free[:count], row)
    return _as_chain(net, work, v, own, state, states, start, free[:count], row)


@compiled
def _link(net: Net, at: int, s: int, listed: int, state: int, row: Array) -> None:
    """Copy the row of a free parent's state, reduced where the maximum is observed."""
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
    copy(pair[:states], start)
    rows = ONE
    for at in free:
        size = net.sizes[net.parent[at]]
        for r in range(rows - 1, -1, -1):
            for s in range(size - 1, -1, -1):
                to = (r * size + s) * states
                for t in range(states - 1, -1, -1):
                    pair[to + t] = pair[r * states + t]
                _link(net, at, s, listed, state, row)
                if s > 0 or r > 0:
                    join(pair, to, row, states)
        _link(net, at, ZERO, listed, state, row)
        join(pair, ZERO, row, states)
        rows *= size
    return _place(net, work, v, own, states, free, rows)


@compiled
def _place(net: Net, work: Work, v: int, own: int, states: int, free: Ints, rows: int) -> Any:
    """Copy the table from `pair` to a factor, or multiply it into a single vertex's weights."""
    scope, length = work.digits[0], len(free)
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
        number = add_factor(work, scope, length)
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
def _as_signed(
    net: Net, work: Work, v: int, state: int, start: Array, free: Ints, row: Array
) -> Any:
    """Add "at most the observed state" less "below it": a vertex of two terms, one beside each."""
    new = work.used[VERTICES]
    work.used[VERTICES] += 1
    work.size[new] = 2
    work.weight[new, 0], work.weight[new, 1] = start[0] + start[1], -start[0]
    scope = work.digits[0]
    scope[1] = new
    for at in free:
        p = net.parent[at]
        scope[0] = work.vertex[p]
        number = add_factor(work, scope, TWO)
        if number < 0:
            return -1.0
        to = work.start[number]
        for s in range(net.sizes[p]):
            _link(net, at, s, net.sizes[v], state, row)
            work.table[to + 2 * s] = row[0] + row[1]
            work.table[to + 2 * s + 1] = row[0]
    return 1.0


@compiled
def _write(work: Work, to: int, row: Array, observed: bool, turned: bool) -> Any:
    """Write a row of a chain's table, its observed state alone or all; where the next goes."""
    states = len(row)
    if observed:
        work.table[to] = row[1]
        return to + 1
    for t in range(states):
        work.table[to + (states - 1 - t if turned else t)] = row[t]
    return to + states


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
    """Add running maxima over the free parents: (old maximum, parent, new maximum) each."""
    listed, old = net.sizes[v], -1
    scope, mixed = work.digits[0], work.rows[2, :states]
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
        number = add_factor(work, scope, length)
        if number < 0:
            return -1.0
        to = work.start[number]
        for before in range(states if old >= 0 else 1):
            for s in range(net.sizes[net.parent[at]]):
                mixed[:] = 0.0
                if old >= 0:
                    mixed[before] = 1.0
                else:
                    copy(mixed, start)
                _link(net, at, s, listed, state, row)
                join(mixed, ZERO, row, states)
                to = _write(work, to, mixed, last and own < 0, last and net.turned[v])
        if not last:
            old = new
    return 1.0
