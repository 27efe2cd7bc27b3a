"""Means of products of functions of single vertices, as layers of a circuit.

Each is taken over the smallest part of the tree that holds its vertices: from below, every
clique as P(rest | separator) times the functions, summed to its separator; at the top times the
top's posterior. Steps at the same height share their layers, however many means there are.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.circuit import ONE, CircuitBuilder, Indices
from bayesnet.inference.circuit_inputs import starts
from bayesnet.inference.circuit_tree import Tree
from bayesnet.network import Array

TOGETHER = 6
"""Products that share layers; the registers of their messages serve again for the next ones."""
Product = Mapping[int, Array]
"""{vertex: value of its function in each of its states}"""


@dataclass(frozen=True, eq=False)
class _Part:
    """A product over one component.

    hull: the cliques needed, the top first. children: of each, those in the hull. homes: the
    vertices whose functions multiply into each.
    """

    root: int
    hull: Sequence[int]
    children: Mapping[int, Sequence[int]]
    homes: Mapping[int, Sequence[int]]
    product: Product


Messages = dict[tuple[int, int], int]
"""{(number of the part, clique): first register of its message}"""


def mean_registers(
    circuit: CircuitBuilder, tree: Tree, products: Sequence[Product]
) -> list[list[int]]:
    """For each product the registers whose product is its posterior mean."""
    parts = [_parts(tree, product) for product in products]
    flat = [part for own in parts for part in own]
    if not flat:
        return [[] for _ in products]
    given = _conditionals(circuit, tree) if any(len(part.hull) > 1 for part in flat) else {}
    sums = circuit.reserve(len(flat))
    for start in range(0, len(flat), TOGETHER):
        with circuit.scratch():
            _sum(circuit, tree, given, flat[start : start + TOGETHER], sums + start)
    means = circuit.reserve(len(flat))
    circuit.divide(sums, np.array([tree.totals[part.root] for part in flat]), means)
    registers = iter(range(means, means + len(flat)))
    return [[next(registers) for _ in own] for own in parts]


def _sum(
    circuit: CircuitBuilder,
    tree: Tree,
    given: Mapping[int, int],
    parts: Sequence[_Part],
    start: int,
) -> None:
    """Layers that end with the sum of each part's product, in registers from `start` on."""
    messages = _climb(circuit, tree, given, parts)
    tops = [
        _columns(tree, parts, at, part.hull[0], tree.branches[part.hull[0]].belief, messages)
        for at, part in enumerate(parts)
    ]
    _dot(circuit, tops, starts([len(weights) for _, weights in tops]), start)


def _parts(tree: Tree, product: Product) -> list[_Part]:
    parents = [clique.parent for clique in tree.program.cliques]
    tops = {
        v: next(i for i, mask in enumerate(tree.program.masks) if mask >> v & 1) for v in product
    }
    by_root: dict[int, list[int]] = {}
    for vertex, top in tops.items():
        while parents[top] >= 0:
            top = parents[top]
        by_root.setdefault(top, []).append(vertex)
    found = []
    for root, vertices in by_root.items():
        hull = _hull(parents, tree.program.masks, {v: tops[v] for v in vertices})
        children: dict[int, list[int]] = {index: [] for index in hull}
        for index in hull[1:]:
            children[parents[index]].append(index)
        homes: dict[int, list[int]] = {index: [] for index in hull}
        for vertex in vertices:
            homes[max(tops[vertex], hull[0])].append(vertex)
        found.append(_Part(root, hull, children, homes, {v: product[v] for v in vertices}))
    return found


def _hull(parents: Sequence[int], masks: Sequence[int], tops: Mapping[int, int]) -> list[int]:
    """The fewest cliques, joined, that hold all vertices; ascending, so the top comes first."""
    heads = [-top for top in set(tops.values())]
    heapq.heapify(heads)
    found = {-head for head in heads}
    while len(heads) > 1:
        parent = parents[-heapq.heappop(heads)]
        if parent not in found:
            found.add(parent)
            heapq.heappush(heads, -parent)
    hull = sorted(found)
    wanted = sum(1 << vertex for vertex in tops)
    while len(hull) > 1:
        under = [index for index in hull[1:] if parents[index] == hull[0]]
        if len(under) > 1 or wanted & masks[hull[0]] & ~masks[under[0]]:
            break
        hull = hull[1:]
    return hull


def _climb(
    circuit: CircuitBuilder, tree: Tree, given: Mapping[int, int], parts: Sequence[_Part]
) -> Messages:
    """Layers of the messages to the tops, all at one height together."""
    heights: list[list[tuple[int, int]]] = []
    for at, part in enumerate(parts):
        height: dict[int, int] = {}
        for index in reversed(part.hull):
            height[index] = max((height[child] + 1 for child in part.children[index]), default=0)
            heights.extend([] for _ in range(height[index] + 1 - len(heights)))
            if index != part.hull[0]:
                heights[height[index]].append((at, index))
    messages: Messages = {}
    for level in heights:
        if not level:
            continue
        columns = [_columns(tree, parts, at, index, given[index], messages) for at, index in level]
        lengths = [len(weights) for _, weights in columns]
        runs = [
            tree.branches[index].runs + start
            for (_, index), start in zip(level, starts(lengths), strict=True)
        ]
        sums = circuit.size
        for (at, index), own in zip(level, runs, strict=True):
            messages[at, index] = circuit.reserve(len(own))
        _dot(circuit, columns, np.concatenate(runs), sums)
    return messages


def _conditionals(circuit: CircuitBuilder, tree: Tree) -> dict[int, int]:
    """First registers of P(rest | separator) of each clique under a root.

    They take the place of the potentials, which nothing reads any more after the pass down.
    """
    below = [i for i, clique in enumerate(tree.program.cliques) if clique.parent >= 0]
    # Their potentials lie one after the other, so that one layer does.
    below.sort(key=lambda index: tree.branches[index].potential)
    messages = [tree.branches[index].message + tree.branches[index].of for index in below]
    first = tree.branches[below[0]].potential
    circuit.divide(first, np.concatenate(messages), first)
    return {index: tree.branches[index].potential for index in below}


def _columns(
    tree: Tree, parts: Sequence[_Part], at: int, index: int, own: int, messages: Messages
) -> tuple[Indices, Array]:
    """What multiplies into each entry of a clique: registers, shape (entries, k), and a weight."""
    part, count = parts[at], len(tree.branches[index].entries)
    read = [own + np.arange(count)]
    read += [messages[at, child] + tree.branches[child].above for child in part.children[index]]
    weights = np.ones(count)
    for vertex in part.homes[index]:
        weights = weights * part.product[vertex][tree.states(index, vertex)]
    return np.stack(read, axis=1), weights


def _dot(
    circuit: CircuitBuilder, columns: Sequence[tuple[Indices, Array]], runs: Indices, start: int
) -> None:
    """A layer of sums of products over runs of entries; past two operands after one of products."""
    wide = [at for at, (read, _) in enumerate(columns) if read.shape[1] > 2]
    pairs = [_paired(read) for read, _ in columns]
    if wide:
        operands = [columns[at][0][:, 1:] for at in wide]
        lengths = np.concatenate([np.full(len(each), each.shape[1]) for each in operands])
        first = circuit.reserve(len(lengths))
        circuit.product(
            np.concatenate([each.reshape(-1) for each in operands]), starts(lengths), None, first
        )
        for at, each in zip(wide, operands, strict=True):
            joined = first + np.arange(len(each))
            pairs[at] = np.stack([columns[at][0][:, 0], joined], axis=1)
            first += len(each)
    weights = np.concatenate([weights for _, weights in columns])
    circuit.dot(np.concatenate(pairs), weights, runs, start)


def _paired(read: Indices) -> Indices:
    if read.shape[1] > 1:
        return read[:, :2]
    return np.stack([read[:, 0], np.full(len(read), ONE)], axis=1)
