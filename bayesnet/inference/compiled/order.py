"""The compiled kernel: in which order the vertices go (see `rows`)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.compiled.factors import compiled, copy
from bayesnet.inference.compiled.layout import FACTORS, NONE, ONE, VERTICES, ZERO, Work, whole
from bayesnet.inference.tuning import GIVE_UP, ROW_WORTH

Words = NDArray[np.uint64]
PARTS = 1 << 10
"""What the fill of a vertex is counted in where chance lessens it."""
MOST = whole(GIVE_UP)


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
            entries = min(entries * size[other], GIVE_UP)
            for each in range(words):
                missing += _bits(near[vertex, each] & ~near[other, each])
    work.fill[vertex] = missing - degree
    work.bulk[vertex] = entries


@compiled
def ordered(work: Work, most: int) -> Any:
    """Find an order of elimination: min-fill, then by chance at most so many that may repay it.

    Returns the entries of all products, at most about GIVE_UP.
    """
    best = _greedy(work, ZERO, MOST)
    if best > GIVE_UP:
        return best
    copy(work.order, work.trial)
    tries = ONE
    while tries <= most and tries * ROW_WORTH <= best:
        entries = _greedy(work, tries, best)
        if entries < best:
            best = entries
            copy(work.order, work.trial)
        tries += 1
    return best


@compiled
def _greedy(work: Work, seed: int, most: int) -> Any:
    """Next goes whose fill is least, lessened by chance, then who makes fewest entries.

    Returns the entries of all products; over `most` it stops. Seed 0 lessens nothing.
    """
    vertices, near, entries = work.used[VERTICES], work.near, 0
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
        best, least = NONE, 0
        for v in range(vertices):
            if work.fill[v] < 0:
                continue
            fill = work.fill[v] * (PARTS - _chance(seed, v))
            if best < 0 or fill < least or (fill == least and work.bulk[v] < work.bulk[best]):
                best, least = v, fill
        entries += work.bulk[best]
        if entries > most:
            return entries
        work.trial[turn] = best
        _remove(work, best, vertices)
    return entries


@compiled
def _chance(seed: int, vertex: int) -> Any:
    """Draw from 0 to 45 % of PARTS, always the same for the same arguments."""
    mixed = (seed * 2654435761 + vertex * 40503) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 15)) * 2246822519) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 13)) * 3266489917) & 0xFFFFFFFF
    return (mixed >> 16) * 45 * PARTS // (100 << 16) if seed > 0 else 0


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
