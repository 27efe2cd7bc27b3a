"""The compiled kernel: what is asked of a case after both passes, a lane for each (see `kernel`).

A question is a vertex, or a noisy-MAX leaf outside the tape. A lane is the chance that it is above
one of its states. A leaf is the largest of a leak and of what each parent does by itself, so what
each vertex does to a lane is a chance given that vertex; so is what a message does, given what it
is over, and two such chances meet as a + b (1 - a). Nothing is negative: small chances keep their
digits. `rise` goes from each vertex to the root of its part.
"""

from typing import Any

import numpy as np

from bayesnet.inference.compiled.factors import compiled, copy, inlined, row_of
from bayesnet.inference.compiled.layout import ONE, VERTICES, ZERO, Ints, Net, Places, Work
from bayesnet.inference.compiled.passes import entries_of
from bayesnet.inference.tuning import ROW_LANE_ENTRIES, ROW_LANES
from bayesnet.network import Array

NOT = np.iinfo(np.int64).min
"""In the place of what to add to offsets, for an input without rows."""
SPARE = ONE
"""Rows that are no entry's: zeros to take from."""


@inlined
def join(to: Array, other: Array) -> None:
    """Make each chance the chance of either of two independent things."""
    for lane in range(len(to)):
        to[lane] += other[lane] * (1.0 - to[lane])


@compiled
def load(
    net: Net, work: Work, codes: Ints, soft: Ints, likelihoods: Array, asked: Ints, start: int
) -> Any:
    """Load questions from a place on while there are lanes; the place of the first that waits."""
    work.linked[:] = False
    work.fixed[:] = 0.0
    used, row = 0, work.rows[0]
    for place in range(start, len(asked)):
        v = asked[place]
        work.lane[place] = -1
        if codes[v] >= 0:
            continue
        if used + net.sizes[v] - 1 > ROW_LANES:
            return place
        work.lane[place] = used
        for t in range(net.sizes[v] - 1):
            if work.hanging[v]:
                _load_leaf(net, work, codes, soft, likelihoods, v, t, used, row)
            else:
                _clear(work, work.vertex[v])
                work.links[work.vertex[v], t + 1 : net.sizes[v], used] = 1.0
            used += 1
    return len(asked)


@inlined
def _clear(work: Work, vertex: int) -> None:
    """Make room for what a vertex does to the lanes."""
    if not work.linked[vertex]:
        work.linked[vertex] = True
        work.links[vertex] = 0.0


@inlined
def _load_leaf(
    net: Net,
    work: Work,
    codes: Ints,
    soft: Ints,
    likelihoods: Array,
    v: int,
    t: int,
    lane: int,
    row: Array,
) -> None:
    """Load the chance that a leaf is above its state t, counted from the lowest."""
    states = net.sizes[v]
    chance = _above(net.values, net.values_at[v], t, states)
    for at in range(net.parents_at[v], net.parents_at[v + 1]):
        p, link = net.parent[at], net.links_at[at]
        vertex = work.vertex[p]
        if vertex >= 0:
            _clear(work, vertex)
            for s in range(net.sizes[p]):
                work.links[vertex, s, lane] = _above(net.values, link + s * states, t, states)
        else:
            row_of(net, codes, soft, likelihoods, link, p, states, row)
            chance += _above(row, ZERO, t, states) * (1.0 - chance)
    work.fixed[lane] = chance


@compiled
def _above(values: Array, start: int, t: int, states: int) -> Any:
    """Chance of the states above one, of a distribution that starts at a place."""
    total = 0.0
    for u in range(t + 1, states):
        total += values[start + u]
    return total


@compiled
def rise(work: Work) -> Any:
    """Find what each message does to the lanes, up to the roots; False where there is no room."""
    used = SPARE
    for turn in range(work.used[VERTICES]):
        work.lanes_at[turn] = -1
        live = ZERO
        for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
            if goes(work, work.lanes_at, place):
                live += 1
        if live == 0 and not work.linked[work.order[turn]]:
            continue
        entries = entries_of(work, turn)
        if used + entries > ROW_LANE_ENTRIES:
            return False
        _raise(work, turn, used, live, entries)
        work.lanes_at[turn] = used
        used += entries
    return True


@inlined
def goes(work: Work, rows: Ints, place: int) -> Any:
    """Whether an input is a message that has rows, which start at `rows` of its step."""
    sender = work.sender[work.inputs[place]]
    return sender >= 0 and rows[sender] >= 0


@inlined
def find(work: Work, rows: Ints, place: int, s: int, here: Ints, shift: Ints, i: int) -> None:
    """Note way i: where an input's offsets start, and what to add to them for its rows."""
    number = work.inputs[place]
    here[i] = work.offset_at[place]
    shift[i] = NOT
    if goes(work, rows, place):
        shift[i] = rows[work.sender[number]] + s * work.stride[place] - work.start[number]


@inlined
def row(offset: Places, here: Ints, shift: Ints, i: int, e: int, otherwise: int) -> Any:
    """Return the row of way i at an entry; another one where it has none."""
    return offset[here[i] + e] + shift[i] if shift[i] != NOT else otherwise


@compiled
def _raise(work: Work, turn: int, first: int, live: int, entries: int) -> None:
    """Do one step of `rise`: the mean over its vertex of what meets at each entry."""
    vertex, product, offset, below = work.order[turn], work.product, work.offset, work.below
    own = vertex if work.linked[vertex] else len(work.links) - 1
    links, belief, out = work.links, work.belief, work.start[work.message[turn]]
    here, shift, term, lanes = work.ways[0], work.ways[1], work.before[0], len(work.fixed)
    here[:2], shift[:2] = 0, NOT
    below[first : first + entries] = 0.0
    for s in range(work.size[vertex]):
        i = 0
        for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
            if goes(work, work.lanes_at, place):
                find(work, work.lanes_at, place, s, here, shift, i)
                i += 1
        at = work.product_at[turn] + s * entries
        for e in range(entries):
            weight = product[at + e]
            if weight == 0.0:
                continue
            weight /= belief[out + e]
            one, two = row(offset, here, shift, 0, e, 0), row(offset, here, shift, 1, e, 0)
            if live <= 2:
                for lane in range(lanes):
                    chance = links[own, s, lane]
                    chance += below[one, lane] * (1.0 - chance)
                    chance += below[two, lane] * (1.0 - chance)
                    below[first + e, lane] += weight * chance
                continue
            for lane in range(lanes):
                term[lane] = links[own, s, lane]
            for i in range(live):
                at_i = offset[here[i] + e] + shift[i]
                for lane in range(lanes):
                    term[lane] += below[at_i, lane] * (1.0 - term[lane])
            for lane in range(lanes):
                below[first + e, lane] += weight * term[lane]


@compiled
def meet(work: Work, found: Array) -> None:
    """Write what everything does to the lanes."""
    copy(found, work.fixed)
    for turn in range(work.used[VERTICES]):
        if work.lanes_at[turn] >= 0 and work.clique_length[turn] == 1:
            join(found, work.below[work.lanes_at[turn]])


@compiled
def write(net: Net, work: Work, v: int, first: int, chances: Array, found: Array) -> None:
    """Write the posterior of a leaf, as its states are listed, from its lanes from `first` on."""
    states, above = net.sizes[v], 1.0
    for t in range(states):
        rest = chances[first + t] if t < states - 1 else 0.0
        found[states - 1 - t if net.turned[v] else t] = max(0.0, above - rest)
        above = rest
