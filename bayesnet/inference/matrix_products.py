"""Matrix products in blocks so small that BLAS starts no threads for them.

Threads cost far more than they gain on tables of this size as soon as something else wants the
cores: with two busy ones a diagnosis took five times as long. And what a row comes to must not
depend on how many threads there are.
"""

from functools import cache

import numpy as np

from bayesnet.inference.tuning import BLAS_INNER, BLAS_PRODUCTS
from bayesnet.network import Array


def product(left: Array, right: Array) -> Array:
    """Multiply matrices of shapes (rows, inner) and (inner, columns).

    The blocks depend on the shapes alone, and so do the bits.
    """
    (rows, inner), columns = left.shape, right.shape[1]
    if rows * inner * columns <= BLAS_PRODUCTS and inner <= BLAS_INNER:
        return np.asarray(left @ right)
    if inner > BLAS_INNER:
        total = np.zeros((rows, columns))
        for start in range(0, inner, BLAS_INNER):
            part = slice(start, start + BLAS_INNER)
            total += product(np.ascontiguousarray(left[:, part]), right[part])
        return total
    tall = _divisor(rows, BLAS_PRODUCTS // (inner * min(columns, 8)))
    wide = _divisor(columns, BLAS_PRODUCTS // (inner * tall))
    stacked = left.reshape(rows // tall, 1, tall, inner)
    beside = right.reshape(inner, columns // wide, wide).transpose(1, 0, 2)
    return np.asarray((stacked @ beside).transpose(0, 2, 1, 3).reshape(rows, columns))


@cache
def _divisor(count: int, most: int) -> int:
    """Find the largest divisor of a count that is at most `most`, which is at least 1."""
    return next(size for size in range(min(count, max(1, most)), 0, -1) if count % size == 0)
