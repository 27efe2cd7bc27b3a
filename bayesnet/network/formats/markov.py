"""Turn a product of factors into conditional tables with the same distribution.

Variables are summed out of the product one by one. What is summed out, divided by its sum, is the
variable's distribution given those that are left, and the product of all these is the product of
the factors over its total (Lauritzen and Spiegelhalter 1988, the recovery of a joint from cliques).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from bayesnet.network.families import Array
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.scope import MOST_NUMBERS


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
    left = list(factors)
    waiting = set(range(len(sizes)))
    found = []
    while waiting:
        scopes = {v: _joined([f.scope for f in left if v in f.scope], v) for v in waiting}
        own = min(scopes, key=lambda v: (math.prod(sizes[u] for u in scopes[v]), v))
        scope = scopes[own]
        if math.prod(sizes[v] for v in scope) > MOST_NUMBERS:
            raise MistakeError(
                f"its factors tie {len(scope)} variables together, in a table of over "
                f"{MOST_NUMBERS:,} numbers; that is more than is read"
            )
        used = [f for f in left if own in f.scope]
        left = [f for f in left if own not in f.scope]
        product = reduce(np.multiply, (_spread(f, scope) for f in used), np.ones([1] * len(scope)))
        product = np.broadcast_to(product, [sizes[v] for v in scope])
        total = product.sum(axis=-1, keepdims=True)
        largest = total.max()
        if not largest > 0:
            raise MistakeError("its factors are 0 together, whatever the states are")
        if not np.isfinite(largest):
            raise MistakeError("its factors are too large together; divide them by a number")
        rest = np.where(total > 0, total, 1.0)
        table = np.where(total > 0, product / rest, 1 / sizes[own])
        found.append((own, scope[:-1], table))
        waiting.discard(own)
        # Scaled, so that many factors do not underflow: a constant changes no distribution.
        left.append(Factor(scope[:-1], total[..., 0] / largest))
    return found


def _joined(scopes: Sequence[tuple[int, ...]], last: int) -> tuple[int, ...]:
    """Return all variables of some scopes, in order, and one of them last."""
    return (*sorted({v for scope in scopes for v in scope} - {last}), last)


def _spread(factor: Factor, scope: Sequence[int]) -> Array:
    """Lay a factor out over the axes of a larger scope, with length 1 where it has none."""
    order = sorted(range(len(factor.scope)), key=lambda at: scope.index(factor.scope[at]))
    lengths = dict(zip(factor.scope, factor.values.shape, strict=True))
    return factor.values.transpose(order).reshape([lengths.get(v, 1) for v in scope])
