"""Multiply matrices in the thread that asks for it."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

ONE_THREAD = 1 << 18
"""Multiplications up to which OpenBLAS stays in the thread that calls it. Beyond, its threads wait
for each other in loops, which on busy cores takes two to five times the processor time."""
COLUMNS = 128
"""Of a block of the second matrix, so that it stays in a near cache."""

Float = TypeVar("Float", np.float32, np.float64)


def product(first: NDArray[Float], second: NDArray[Float]) -> NDArray[Float]:
    """Multiply two matrices, shape (rows, n) and (n, columns), block by block.

    >>> product(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]]))
    array([[11.]])
    """
    inner, columns = second.shape
    found = np.empty((len(first), columns), dtype=first.dtype)
    rows = max(1, ONE_THREAD // max(1, inner * min(columns, COLUMNS)))
    for left in range(0, columns, COLUMNS):
        block = np.ascontiguousarray(second[:, left : left + COLUMNS])
        for top in range(0, len(first), rows):
            np.matmul(
                first[top : top + rows],
                block,
                out=found[top : top + rows, left : left + COLUMNS],
            )
    return found
