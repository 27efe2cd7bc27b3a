"""Sums of one table over many sets of its vertices, what two of them share made once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bayesnet.inference.tuning import SUMMED_AT_ONCE
from bayesnet.network import Array

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

    @cached_property
    def _dropping(self) -> list[int]:
        return sorted(self.scope, key=lambda v: self.popularity.get(v, 0))

    def to(self, scope: Scope) -> Array:
        """Sum over all other vertices; scope in the order of the table's axes, then the lanes."""
        table, left = self.table, self.scope
        if table.size > SUMMED_AT_ONCE:
            wanted = set(scope)
            for vertex in self._dropping:
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


def summed(table: Array, left: Scope, scope: Scope) -> Array:
    """Sum a table over `left` to `scope` in one go; the lanes stay last."""
    if left == scope:
        return table
    kept = set(scope)
    return np.asarray(table.sum(axis=tuple(at for at, v in enumerate(left) if v not in kept)))


def sum_axis(table: Array, axis: int) -> Array:
    """Sum a table over one axis, state after state in their order."""
    shape = table.shape
    size, after = shape[axis], math.prod(shape[axis + 1 :])
    blocks = table if axis == 0 else table.reshape(-1, size, after)
    if size == 2:
        # Several times faster than a reduction.
        total = blocks[0] + blocks[1] if axis == 0 else blocks[:, 0] + blocks[:, 1]
    elif after > 1:
        total = np.add.reduce(np.ascontiguousarray(blocks), axis=min(axis, 1))
    else:
        # A reduction of what lies in one row would add up eight partial sums.
        total = np.add.accumulate(table.reshape(-1, size), axis=1)[:, -1]
    return np.asarray(total.reshape((*shape[:axis], *shape[axis + 1 :])))
