"""Plain numbers, two tables of lanes multiplied and summed in one compiled loop."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.compiled.factors import compiled, entry
from bayesnet.inference.rings import Labels, Linear, Operand, summed
from bayesnet.network import Array

Ints = NDArray[np.uint64]


class Compiled(Linear):
    """What `Linear` is, to the last bit, with no table between a product and its first sum."""

    def times(self, first: Operand, second: Operand, out: Labels) -> Array:
        """Multiply two operands, summed over the labels that are not in `out`."""
        (a, one), (b, two) = first, second
        if a.shape[-1] == b.shape[-1] == 1:
            return super().times(first, second, out)
        a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
        sizes = {**dict(zip(one, a.shape, strict=False)), **dict(zip(two, b.shape, strict=False))}
        union = sorted(sizes)
        gone = next((label for label in union if label not in out), None)
        # The first label that is summed over goes innermost, so that a sum stays where it is.
        left = tuple(label for label in union if label != gone)
        order = [*left, *(() if gone is None else (gone,))]
        place = {label: at for at, label in enumerate(order)}
        found = np.zeros((*(sizes[label] for label in left), max(a.shape[-1], b.shape[-1])))
        strides = np.zeros((3, max(1, len(order))), dtype=np.uint64)
        for row, (table, labels) in enumerate(((a, one), (b, two), (found, left))):
            for label, stride in zip(labels, table.strides, strict=False):
                strides[row, place[label]] = stride // table.itemsize
        counts = np.array([sizes[label] for label in order] or [1], dtype=np.uint64)
        lanes = np.array([a.shape[-1], b.shape[-1], found.shape[-1]], dtype=np.uint64)
        digit = np.zeros_like(counts)
        _times(a.reshape(-1), b.reshape(-1), found.reshape(-1), counts, strides, lanes, digit)
        return summed(found, left, out)


@entry
def _times(
    a: Array, b: Array, out: Array, counts: Ints, strides: Ints, lanes: Ints, digit: Ints
) -> None:
    """Walk through all states of the labels, the last label fastest; out starts at 0.

    Unsigned throughout: an index that might be negative keeps the loops from being vectorised.
    """
    last = len(counts) - 1
    i, j, k = np.uint64(0), np.uint64(0), np.uint64(0)
    while True:
        _row(a, b, out, i, j, k, counts[last], strides[:, last], lanes)
        label = last - 1
        while label >= 0:
            digit[label] += np.uint64(1)
            i += strides[0, label]
            j += strides[1, label]
            k += strides[2, label]
            if digit[label] < counts[label]:
                break
            digit[label] = np.uint64(0)
            i -= strides[0, label] * counts[label]
            j -= strides[1, label] * counts[label]
            k -= strides[2, label] * counts[label]
            label -= 1
        if label < 0:
            break


@compiled
def _row(
    a: Array,
    b: Array,
    out: Array,
    i: Any,
    j: Any,
    k: Any,
    count: Any,
    strides: Ints,
    lanes: Ints,
) -> None:
    """All states of the last label."""
    by_a, by_b, by_out = strides[0], strides[1], strides[2]
    of_a, of_b, every = lanes[0], lanes[1], lanes[2]
    for _ in range(count):
        if of_a == of_b:
            for lane in range(every):
                out[k + lane] += a[i + lane] * b[j + lane]
        elif of_a == np.uint64(1):
            own = a[i]
            for lane in range(every):
                out[k + lane] += own * b[j + lane]
        else:
            own = b[j]
            for lane in range(every):
                out[k + lane] += a[i + lane] * own
        i += by_a
        j += by_b
        k += by_out
