"""The compiled kernel: in which order the vertices go (see `rows`)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.compiled.factors import compiled
from bayesnet.inference.compiled.layout import FACTORS, VERTICES, Work
from bayesnet.inference.tuning import ROW_ENTRIES

Words = NDArray[np.uint64]
DONE, REFUSED = 0, 1


@compiled
def _bits(word: np.uint64) -> Any:
    """How many bits are set."""
    one = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    two = (one & np.uint64(0x3333333333333333)) + (
        (one >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    four = (two + (two >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((four * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def _is_near(near: Words, one: int, two: int) -> Any:
    """Whether two vertices are neighbours."""
    return (near[one, two >> 6] >> np.uint64(two & 63)) & np.uint64(1) != np.uint64(0)


@compiled
def _measure(work: Work, vertex: int, words: int) -> None:
    """Edges missing between the neighbours of a vertex, and entries of the product over them."""
    near, size = work.near, work.size
    missing, degree, entries = 0, 0, size[vertex]
    for word in range(words):
        own = near[vertex, word]
        while own != np.uint64(0):
            lowest = own & (~own + np.uint64(1))
            own ^= lowest
            other = word * 64 + _bits(lowest - np.uint64(1))
            degree += 1
            entries = min(entries * size[other], ROW_ENTRIES)
            for each in range(words):
                missing += _bits(near[vertex, each] & ~near[other, each])
    work.fill[vertex] = missing - degree
    work.bulk[vertex] = entries


@compiled
def ordered(work: Work) -> Any:
    """Min-fill over all vertices; ties go to the smaller product, then to the first."""
    vertices, near = work.used[VERTICES], work.near
    near[:vertices] = np.uint64(0)
    for number in range(work.used[FACTORS]):
        for a in range(work.length[number]):
            for b in range(work.length[number]):
                if a != b:
                    one, two = work.scope[number, a], work.scope[number, b]
                    near[one, two >> 6] |= np.uint64(1) << np.uint64(two & 63)
    for v in range(vertices):
        _measure(work, v, (vertices >> 6) + 1)
    for turn in range(vertices):
        best = -1
        for v in range(vertices):
            if work.fill[v] < 0:
                continue
            if (
                best < 0
                or work.fill[v] < work.fill[best]
                or (work.fill[v] == work.fill[best] and work.bulk[v] < work.bulk[best])
            ):
                best = v
        if work.bulk[best] >= ROW_ENTRIES:
            return REFUSED
        work.order[turn] = best
        _remove(work, best, vertices)
    return DONE


@compiled
def _remove(work: Work, vertex: int, vertices: int) -> None:
    """Join the neighbours of a vertex and take it out."""
    near, words = work.near, (vertices >> 6) + 1
    work.fill[vertex] = -1
    for one in range(vertices):
        if not _is_near(near, vertex, one):
            continue
        for word in range(words):
            near[one, word] |= near[vertex, word]
        near[one, one >> 6] &= ~(np.uint64(1) << np.uint64(one & 63))
        near[one, vertex >> 6] &= ~(np.uint64(1) << np.uint64(vertex & 63))
    for v in range(vertices):
        if work.fill[v] < 0:
            continue
        close = _is_near(near, vertex, v)
        for word in range(words):
            close = close or near[vertex, word] & near[v, word] != np.uint64(0)
        if close:
            _measure(work, v, words)
