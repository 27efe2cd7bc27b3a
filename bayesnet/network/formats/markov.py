"""Turn a product of factors into conditional tables with the same distribution.

Variables are summed out of the product one by one. What is summed out, divided by its sum, is the
variable's distribution given those that are left, and the product of all these is the product of
the factors over its total (Lauritzen and Spiegelhalter 1988, the recovery of a joint from cliques).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.network.families import Array
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.scope import MOST_NUMBERS

_NOTHING = "its factors are 0 together, whatever the states are"


@dataclass(frozen=True, eq=False)
class Factor:
    """A table of numbers of at least 0; scope: the variables of its axes."""

    scope: tuple[int, ...]
    values: Array


def chance_tables(
    sizes: Sequence[int], factors: Sequence[Factor]
) -> list[tuple[int, tuple[int, ...], Array]]:
    """Return (variable, its parents, its table) for each variable.

    sizes: numbers of states. A table has shape (states of each parent..., states). Raises
    MistakeError for factors whose product is 0 everywhere, and for a table over MOST_NUMBERS.

        >>> tied = Factor((0, 1), np.array([[3.0, 1.0], [1.0, 3.0]]))
        >>> [(own, parents) for own, parents, _ in chance_tables([2, 2], [tied])]
        [(0, (1,)), (1, ())]
    """
    near: dict[int, set[int]] = {v: {v} for v in range(len(sizes))}
    held: dict[int, list[Factor]] = {v: [] for v in near}
    for factor in factors:
        if not factor.values.max() > 0:
            raise MistakeError(_NOTHING)
        _add(factor, near, held)
    cost = {v: _entries(near[v], sizes) for v in near}
    found = []
    while near:
        own = min(near, key=lambda v: (cost[v], v))
        scope = (*sorted(near.pop(own) - {own}), own)
        used = held.pop(own)
        table, left = _split(used, scope, sizes)
        found.append((own, scope[:-1], table))
        gone = set(map(id, used))
        for other in scope[:-1]:
            near[other].discard(own)
            held[other] = [factor for factor in held[other] if id(factor) not in gone]
        _add(left, near, held)
        cost |= {other: _entries(near[other], sizes) for other in scope[:-1]}
    return found


def _add(factor: Factor, near: dict[int, set[int]], held: dict[int, list[Factor]]) -> None:
    """Enter a factor with each of its variables, which it makes neighbours of each other."""
    for v in factor.scope:
        near[v] |= set(factor.scope)
        held[v].append(factor)


def _entries(scope: Iterable[int], sizes: Sequence[int]) -> int:
    return math.prod(sizes[v] for v in scope)


def _split(
    used: Sequence[Factor], scope: tuple[int, ...], sizes: Sequence[int]
) -> tuple[Array, Factor]:
    """Split a product into the distribution of the scope's last variable, and the rest of it.

    Returns P(last | the others), uniform where the product is 0, and the factor over the others
    that is left once the last one is summed out, scaled. Raises MistakeError.
    """
    if _entries(scope, sizes) > MOST_NUMBERS:
        raise MistakeError(
            f"its factors tie {len(scope)} variables together, in a table of over "
            f"{MOST_NUMBERS:,} numbers; that is more than is read"
        )
    product = np.ones([sizes[v] for v in scope])
    for factor in used:
        product = product * _spread(factor, scope)
        # A constant changes no distribution, and without one many factors would underflow.
        product = product / (product.max() or 1.0)
    total = product.sum(axis=-1, keepdims=True)
    if not total.max() > 0:
        raise MistakeError(_NOTHING)
    even = 1 / sizes[scope[-1]]
    table = np.where(total > 0, product / np.where(total > 0, total, 1.0), even)
    return table, Factor(scope[:-1], total[..., 0])


def _spread(factor: Factor, scope: Sequence[int]) -> Array:
    """Lay a factor out over the axes of a larger scope, with length 1 where it has none."""
    order = sorted(range(len(factor.scope)), key=lambda at: scope.index(factor.scope[at]))
    lengths = dict(zip(factor.scope, factor.values.shape, strict=True))
    return factor.values.transpose(order).reshape([lengths.get(v, 1) for v in scope])
