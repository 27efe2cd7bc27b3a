"""The compiled kernel: what each lane tells about each target (see `kernel` and `lanes`).

After `rise`, the chance of a lane given what a message is over, from all that is not behind the
message, goes back down to the targets; at a target's step it makes the joint of target and lane.
"""

from typing import Any

import numpy as np

from bayesnet.inference.compiled.factors import Flags, compiled, copy, inlined
from bayesnet.inference.compiled.lanes import NOT, SPARE, find, goes, meet, row
from bayesnet.inference.compiled.layout import VERTICES, ZERO, Ints, Net, Work
from bayesnet.inference.compiled.passes import entries_of
from bayesnet.inference.tuning import ROW_LANE_ENTRIES
from bayesnet.network import Array


@compiled
def fall(work: Work, target: Flags) -> Any:
    """Fill in P(lane, vertex in a state) of each target; False where there is no room."""
    if not _make_room(work, target):
        return False
    beyond, sums = work.beyond, work.before[0]
    for turn in range(work.used[VERTICES] - 1, -1, -1):
        first = work.beyond_at[turn]
        if first < 0:
            continue
        entries, out = entries_of(work, turn), work.start[work.message[turn]]
        if work.clique_length[turn] == 1:
            meet(work, turn, sums)
            copy(beyond[first], sums)
        else:
            for e in range(entries):
                whole = work.belief[out + e]
                share = 1.0 / whole if whole > 0.0 else 0.0
                for lane in range(len(sums)):
                    beyond[first + e, lane] *= share
        _share_out(work, turn, first, entries)
    return True


@inlined
def _make_room(work: Work, target: Flags) -> Any:
    """Find the steps with a target at them or behind them, and where their rows go."""
    used = SPARE
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


@inlined
def _share_out(work: Work, turn: int, first: int, entries: int) -> None:
    """Do one step of `fall`: from its own rows to its vertex and to the messages it takes."""
    vertex, product, offset = work.order[turn], work.product, work.offset
    start, end = work.inputs_at[turn], work.inputs_at[turn + 1]
    own = vertex if work.linked[vertex] else len(work.links) - 1
    here, up, to = work.ways[0], work.ways[1], work.ways[2]
    here[:2], up[:2], to[:2] = 0, NOT, NOT
    lanes = len(work.fixed)
    links, below, beyond, joint = work.links, work.below, work.beyond, work.joint
    for s in range(work.size[vertex]):
        count = ZERO
        for place in range(start, end):
            if goes(work, work.lanes_at, place) or goes(work, work.beyond_at, place):
                find(work, work.lanes_at, place, s, here, up, count)
                find(work, work.beyond_at, place, s, here, to, count)
                count += 1
        at = work.product_at[turn] + s * entries
        for e in range(entries):
            weight = product[at + e]
            if weight == 0.0:
                continue
            if count > 2:
                rows = (here, up, to, count, e)
                _share_many(work, first + e, own, vertex, s, weight, rows)
                continue
            one, two = row(offset, here, up, 0, e, 0), row(offset, here, up, 1, e, 0)
            to_one, to_two = row(offset, here, to, 0, e, 0), row(offset, here, to, 1, e, 1)
            for lane in range(lanes):
                outside = beyond[first + e, lane]
                outside += links[own, s, lane] * (1.0 - outside)
                with_one = outside + below[one, lane] * (1.0 - outside)
                with_two = outside + below[two, lane] * (1.0 - outside)
                both = with_one + below[two, lane] * (1.0 - with_one)
                joint[vertex, s, lane] += weight * both
                beyond[to_one, lane] += weight * with_two
                beyond[to_two, lane] += weight * with_one


@compiled
def _share_many(
    work: Work,
    own_row: int,
    own: int,
    vertex: int,
    s: int,
    weight: float,
    rows: tuple[Ints, Ints, Ints, int, int],
) -> None:
    """Do what `_share_out` does at an entry where more than two messages meet."""
    here, up, to, count, e = rows
    offset, lanes, before = work.offset, len(work.fixed), work.before
    links, below, beyond, joint = work.links, work.below, work.beyond, work.joint
    for lane in range(lanes):
        outside = beyond[own_row, lane]
        before[0, lane] = outside + links[own, s, lane] * (1.0 - outside)
    for i in range(count):
        one = row(offset, here, up, i, e, 0)
        for lane in range(lanes):
            before[i + 1, lane] = before[i, lane] + below[one, lane] * (1.0 - before[i, lane])
    for lane in range(lanes):
        joint[vertex, s, lane] += weight * before[count, lane]
        before[count, lane] = 0.0
    after = before[count]
    for i in range(count - 1, -1, -1):
        one, target = row(offset, here, up, i, e, 0), row(offset, here, to, i, e, 0)
        for lane in range(lanes):
            each = before[i, lane] + after[lane] * (1.0 - before[i, lane])
            beyond[target, lane] += weight * each
            after[lane] += below[one, lane] * (1.0 - after[lane])


@compiled
def told(net: Net, work: Work, question: int, first: int, target: int, both: Array) -> Any:
    """I(target; question | case) in bits, from the lanes of a question and their joint.

    both: scratch, for P(question, target) and beside it P(question).
    """
    states, vertex = net.sizes[question], work.vertex[target]
    count, joint, marginal = net.sizes[target], work.joint, work.marginal
    for u in range(states):
        both[u, count] = 0.0
    for s in range(count):
        above = marginal[vertex, s]
        for u in range(states):
            rest = joint[vertex, s, first + u] if u < states - 1 else 0.0
            both[u, s] = max(0.0, above - rest)
            both[u, count] += both[u, s]
            above = rest
    nats = 0.0
    for s in range(count):
        for u in range(states):
            if both[u, s] > 0.0:
                apart = both[u, count] * marginal[vertex, s]
                nats += both[u, s] * np.log(both[u, s] / apart)
    return max(0.0, nats / np.log(2.0))
