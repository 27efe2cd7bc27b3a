"""The compiled kernel: what each lane tells about each target (see `kernel` and `lanes`).

After `rise`, the chance of a lane given what a message is over, from all that is not behind the
message, goes back down to the targets; at a target's step it makes the joint of target and lane.
"""

from math import log2
from typing import Any

import numpy as np

from bayesnet.inference.compiled.factors import Flags, compiled, inlined
from bayesnet.inference.compiled.lanes import add, first_row, goes, join, meet
from bayesnet.inference.compiled.layout import VERTICES, Ints, Net, Work
from bayesnet.inference.compiled.passes import entries_of
from bayesnet.inference.tuning import ROW_LANE_ENTRIES
from bayesnet.network import Array

NOT = np.iinfo(np.int64).min
"""In the place of what to add to offsets, for an input without rows."""


@compiled
def fall(work: Work, target: Flags) -> Any:
    """Fill in P(lane, vertex in a state) of each target; False where there is no room."""
    if not _make_room(work, target):
        return False
    beyond, sums = work.beyond, np.empty(len(work.fixed))
    for turn in range(work.used[VERTICES] - 1, -1, -1):
        first = work.beyond_at[turn]
        if first < 0:
            continue
        entries, out = entries_of(work, turn), work.start[work.message[turn]]
        if work.clique_length[turn] == 1:
            meet(work, turn, sums)
            beyond[first] = sums
        else:
            for e in range(entries):
                whole = work.belief[out + e]
                share = 1.0 / whole if whole > 0.0 else 0.0
                row = beyond[first + e]
                for lane in range(len(row)):
                    row[lane] *= share
        _share_out(work, turn, first, entries)
    return True


@compiled
def _make_room(work: Work, target: Flags) -> Any:
    """Find the steps with a target at them or behind them, and where their rows go."""
    used = 0
    for turn in range(work.used[VERTICES]):
        wanted = target[work.order[turn]]
        for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
            sender = work.sender[work.inputs[place]]
            wanted = wanted or (sender >= 0 and work.beyond_at[sender] >= 0)
        work.beyond_at[turn] = -1
        if wanted:
            entries = entries_of(work, turn)
            if used + entries > ROW_LANE_ENTRIES:
                return False
            work.beyond_at[turn] = used
            work.beyond[used : used + entries] = 0.0
            used += entries
    work.joint[: work.used[VERTICES]] = 0.0
    return True


@compiled
def _share_out(work: Work, turn: int, first: int, entries: int) -> None:
    """Do one step of `fall`: from its own rows to its vertex and to the messages it takes."""
    vertex, product, offset = work.order[turn], work.product, work.offset
    below, beyond, link = work.below, work.beyond, work.links[vertex]
    start, end = work.inputs_at[turn], work.inputs_at[turn + 1]
    ways = np.empty((3, end - start), dtype=np.int64)
    here, up, to = ways[0], ways[1], ways[2]
    lanes = len(work.fixed)
    before, after = np.empty((end - start + 1, lanes)), np.empty(lanes)
    for s in range(work.size[vertex]):
        count = _find_ways(work, turn, s, here, up, to)
        at, joint = work.product_at[turn] + s * entries, work.joint[vertex, s]
        for e in range(entries):
            weight = product[at + e]
            if weight == 0.0:
                continue
            before[0] = beyond[first + e]
            if work.linked[vertex]:
                join(before[0], link[s])
            for i in range(count):
                before[i + 1] = before[i]
                if up[i] != NOT:
                    join(before[i + 1], below[offset[here[i] + e] + up[i]])
            add(joint, weight, before[count])
            after[:] = 0.0
            for i in range(count - 1, -1, -1):
                if to[i] != NOT:
                    add_joined(beyond[offset[here[i] + e] + to[i]], weight, before[i], after)
                if up[i] != NOT:
                    join(after, below[offset[here[i] + e] + up[i]])


@inlined
def add_joined(target: Array, weight: float, one: Array, other: Array) -> None:
    """Add the weighted chance of either of two independent things."""
    for lane in range(len(target)):
        target[lane] += weight * (one[lane] + other[lane] * (1.0 - one[lane]))


@compiled
def _find_ways(work: Work, turn: int, s: int, here: Ints, up: Ints, to: Ints) -> Any:
    """Find the inputs with rows at a state of the vertex; how many there are."""
    count = 0
    for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
        rises, falls = goes(work, work.lanes_at, place), goes(work, work.beyond_at, place)
        if rises or falls:
            here[count] = work.offset_at[place]
            up[count] = first_row(work, work.lanes_at, place, s) if rises else NOT
            to[count] = first_row(work, work.beyond_at, place, s) if falls else NOT
            count += 1
    return count


@compiled
def told(net: Net, work: Work, question: int, first: int, target: int) -> Any:
    """I(target; question | case) in bits, from the lanes of a question and their joint."""
    states, vertex = net.sizes[question], work.vertex[target]
    chance = np.zeros(states)
    both = np.empty((states, net.sizes[target]))
    for s in range(net.sizes[target]):
        above = work.marginal[vertex, s]
        for u in range(states):
            rest = work.joint[vertex, s, first + u] if u < states - 1 else 0.0
            both[u, s] = max(0.0, above - rest)
            chance[u] += both[u, s]
            above = rest
    bits = 0.0
    for s in range(net.sizes[target]):
        for u in range(states):
            if both[u, s] > 0.0:
                bits += both[u, s] * log2(both[u, s] / (chance[u] * work.marginal[vertex, s]))
    return max(0.0, bits)
