"""Sums of one table over many sets of its vertices, what two of them share made once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from bayesnet.network import Array
from bayesnet.tape.tuning import SUMMED_AT_ONCE

Scope = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Sums:
    """A table of numbers and what it sums to.

    table: an axis for each vertex of the scope, then the lanes. sizes: of each vertex.
    popularity: how often a vertex is asked for, the least popular being summed out first.
    """

    table: Array
    scope: Scope
    sizes: Sequence[int]
    popularity: Mapping[int, int] = field(default_factory=dict)
    _kept: dict[Scope, Array] = field(default_factory=dict)

    def to(self, scope: Scope) -> Array:
        """The sum over all other vertices; scope in the order of the table's axes."""
        table, left = self.table, self.scope
        if table.size > SUMMED_AT_ONCE:
            wanted = set(scope)
            for vertex in sorted(left, key=lambda v: self.popularity.get(v, 0)):
                if vertex in wanted:
                    continue
                place = left.index(vertex)
                left = (*left[:place], *left[place + 1 :])
                if left not in self._kept:
                    self._kept[left] = sum_axis(table, place)
                table = self._kept[left]
                if table.size <= SUMMED_AT_ONCE:
                    break
        return summed(table, left, scope)

    def with_each(self, scope: Scope, others: Sequence[int]) -> dict[int, Array]:
        """{other: the sum to the scope and one further vertex, that one's axis last}; one lane."""
        rows = math.prod(self.sizes[v] for v in scope)
        place = {v: at for at, v in enumerate(self.scope)}
        half = len(self.scope) // 2
        found: dict[int, Array] = {}
        for part in (self.scope[:half], self.scope[half:]):
            rest = [v for v in part if v not in scope]
            asked = [v for v in rest if v in others]
            if not asked:
                continue
            within = tuple(sorted({*scope, *rest}, key=place.__getitem__))
            table = self.to(within)[..., 0]
            order = [within.index(v) for v in (*scope, *rest)]
            flat = table.transpose(order).reshape(rows, -1)
            columns = flat @ indicators(tuple(self.sizes[v] for v in rest))
            start = 0
            for vertex in rest:
                size = self.sizes[vertex]
                found[vertex] = columns[:, start : start + size]
                start += size
        return {v: each for v, each in found.items() if v in others}


@cache
def indicators(sizes: tuple[int, ...]) -> Array:
    """For each joint state (row) 1 at the state of each vertex, their states side by side."""
    if not sizes:
        return np.zeros((1, 0))
    states = np.indices(sizes).reshape(len(sizes), -1)
    return np.concatenate(
        [(states[at][:, None] == np.arange(size)).astype(float) for at, size in enumerate(sizes)],
        axis=1,
    )


def summed(table: Array, left: Scope, scope: Scope) -> Array:
    """A table over `left` summed to `scope` in one go."""
    if left == scope:
        return table
    kept = set(scope)
    return np.asarray(table.sum(axis=tuple(at for at, v in enumerate(left) if v not in kept)))


def sum_axis(table: Array, axis: int) -> Array:
    """A table summed over one axis, the blocks after it added up as they lie."""
    before, size = math.prod(table.shape[:axis]), table.shape[axis]
    blocks = table.reshape(before, size, -1)
    # Of two states a plain sum is several times faster than a reduction.
    total = blocks[:, 0] + blocks[:, 1] if size == 2 else blocks.sum(axis=1)
    return np.asarray(total.reshape(*table.shape[:axis], *table.shape[axis + 1 :]))
