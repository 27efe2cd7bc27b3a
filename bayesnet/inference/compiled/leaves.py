"""The compiled kernel: noisy-MAX leaves outside the tape, read from both passes (see `kernel`).

Such a leaf is the largest of a leak and of what each parent does by itself. So the pass forward is
made once more where the parents are, with a distribution of the largest so far in the place of
each number: sums stay sums, a product becomes the distribution of the larger of two. It ends at
the first step that all parents of a connected part meet at; what the rest of the part says is in
that step's message in reverse. No term is negative, so that a small chance keeps its digits.
"""

from typing import Any

import numpy as np

from bayesnet.inference.compiled.factors import compiled, row_of
from bayesnet.inference.compiled.layout import VERTICES, Ints, Net, Work
from bayesnet.inference.compiled.noisy import join
from bayesnet.inference.compiled.passes import advance, strides
from bayesnet.inference.tuning import ROW_ENTRIES
from bayesnet.network import Array

ASIDE, INSIDE, TOP = 0, 1, 2
"""What a step is to a leaf: nothing, on the way from a parent to the top, or the top."""


@compiled
def read_leaf(
    net: Net, work: Work, codes: Ints, soft: Ints, likelihoods: Array, v: int, found: Array
) -> Any:
    """Write the posterior of a leaf, as its states are listed; False where there is no room."""
    states = net.sizes[v]
    best, row = np.empty(states), np.empty(states)
    for t in range(states):
        best[t] = net.values[net.values_at[v] + t]
    work.link[: work.used[VERTICES]] = -1
    for at in range(net.parents_at[v], net.parents_at[v + 1]):
        p = net.parent[at]
        if work.vertex[p] >= 0:
            work.link[work.vertex[p]] = net.links_at[at]
        else:
            row_of(net, codes, soft, likelihoods, net.links_at[at], p, states, row)
            join(best, 0, row, states)
    _roles(work)
    used = 0
    for turn in range(work.used[VERTICES]):
        if work.role[turn] == TOP:
            _meet(net, work, turn, row, states)
            join(best, 0, row, states)
        elif work.role[turn] == INSIDE:
            entries = _entries(work, turn) * states
            if used + entries > ROW_ENTRIES:
                return False
            work.maxima_at[turn] = used
            _raise(net, work, turn, states)
            used += entries
    total = best.sum()
    for t in range(states):
        found[states - 1 - t if net.turned[v] else t] = best[t] / total
    return True


@compiled
def _roles(work: Work) -> None:
    """Find the smallest part of the steps that holds the vertices with a link."""
    turns, linked, role = work.used[VERTICES], work.linked, work.role
    for turn in range(turns):
        linked[turn] = 1 if work.link[work.order[turn]] >= 0 else 0
        for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
            sender = work.sender[work.inputs[place]]
            if sender >= 0:
                linked[turn] += linked[sender]
        role[turn] = TOP if work.clique_length[turn] == 1 and linked[turn] > 0 else ASIDE
    for turn in range(turns - 1, -1, -1):
        if role[turn] == ASIDE:
            continue
        whole = role[turn] == TOP
        for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
            sender = work.sender[work.inputs[place]]
            if sender < 0 or linked[sender] == 0:
                continue
            if whole and linked[sender] == linked[turn]:
                role[turn], role[sender] = ASIDE, TOP
            else:
                role[sender] = INSIDE


@compiled
def _entries(work: Work, turn: int) -> Any:
    """Entries of a step's message."""
    entries = 1
    for b in range(1, work.clique_length[turn]):
        entries *= work.size[work.clique[turn, b]]
    return entries


@compiled
def _add_entry(net: Net, work: Work, turn: int, row: Array, to: Array, scale: float) -> None:
    """Add one entry of a step, summed over its vertex, to a distribution of the largest."""
    states, vertex = len(row), work.order[turn]
    first, last, link = work.inputs_at[turn], work.inputs_at[turn + 1], work.link[vertex]
    for s in range(work.size[vertex]):
        product = scale * work.weight[vertex, s]
        for place in range(first, last):
            if work.maxima_from[place] < 0:
                product *= work.table[work.cursor[place] + s * work.stride[place, 0]]
        if product == 0.0:
            continue
        row[:] = 0.0
        row[0] = product
        if link >= 0:
            for t in range(states):
                row[t] = product * net.values[link + s * states + t]
        for place in range(first, last):
            if work.maxima_from[place] >= 0:
                entry = work.cursor[place] + s * work.stride[place, 0]
                at = work.maxima_from[place] + entry * states
                join(row, 0, work.maxima[at : at + states], states)
        for t in range(states):
            to[t] += row[t]


@compiled
def _prepare(work: Work, turn: int) -> None:
    """Set a step's cursors, and for its inputs that are distributions where they start."""
    strides(work, turn)
    work.digit[: work.clique_length[turn]] = 0
    for place in range(work.inputs_at[turn], work.inputs_at[turn + 1]):
        sender = work.sender[work.inputs[place]]
        work.maxima_from[place] = -1
        if sender >= 0 and work.role[sender] == INSIDE:
            work.maxima_from[place] = work.maxima_at[sender]
            work.cursor[place] = 0


@compiled
def _raise(net: Net, work: Work, turn: int, states: int) -> None:
    """Make the message of a step, a distribution of the largest for each entry."""
    _prepare(work, turn)
    row, out = np.empty(states), work.maxima_at[turn]
    while True:
        to = work.maxima[out : out + states]
        to[:] = 0.0
        _add_entry(net, work, turn, row, to, 1.0)
        out += states
        if not advance(work, turn, work.clique_length[turn]):
            return


@compiled
def _meet(net: Net, work: Work, turn: int, to: Array, states: int) -> None:
    """Make the distribution of the largest over the parents of a part, from its top step."""
    _prepare(work, turn)
    row, out = np.empty(states), work.start[work.message[turn]]
    to[:] = 0.0
    while True:
        above = work.adjoint[out]
        if above != 0.0:
            _add_entry(net, work, turn, row, to, above)
        out += 1
        if not advance(work, turn, work.clique_length[turn]):
            break
    to /= to.sum()
