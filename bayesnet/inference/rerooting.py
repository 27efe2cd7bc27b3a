"""Junction trees laid out for few levels: small cliques joined, the root in the middle.

An executor pays for each level of a tree as well as for each entry, so a tree of the same width
and half the depth answers sooner.
"""

import math
from collections import deque
from collections.abc import Iterator, Sequence

from bayesnet.inference.triangulation import JunctionTree, mask_of, members

SLACK = 128
"""Table entries that joining two cliques may add: what a level costs otherwise."""


def shallow(tree: JunctionTree, sizes: Sequence[int]) -> JunctionTree:
    """The same tree with neighbours joined where that is cheap, each part rooted at its centre."""
    masks, edges = _joined(tree, sizes)
    around: dict[int, list[int]] = {index: [] for index in masks}
    for one, other in edges:
        around[one].append(other)
        around[other].append(one)
    cliques: list[tuple[int, ...]] = []
    parents: list[int] = []
    separators: list[int] = []
    place: dict[int, int] = {}
    for root in _centres(around):
        for index, above in _outward(around, root):
            parent = place.get(above, -1)
            held = cliques[parent] if parent >= 0 else ()
            separator = [v for v in held if masks[index] >> v & 1]
            rest = members(masks[index] & ~mask_of(separator))
            place[index] = len(cliques)
            cliques.append((*separator, *rest))
            parents.append(parent)
            separators.append(len(separator))
    cost = sum(math.prod(sizes[v] for v in clique) for clique in cliques)
    return JunctionTree(tuple(cliques), tuple(parents), tuple(separators), cost)


def _joined(
    tree: JunctionTree, sizes: Sequence[int]
) -> tuple[dict[int, int], list[tuple[int, int]]]:
    """Masks of the cliques that are left, by an index of one of those joined, and their edges."""
    masks = dict(enumerate(map(mask_of, tree.cliques)))
    entries = {i: math.prod(sizes[v] for v in clique) for i, clique in enumerate(tree.cliques)}
    into = list(range(len(tree.cliques)))
    # Leaves first: what is under a clique has been joined to it or not before it is itself.
    for index in range(len(tree.cliques) - 1, -1, -1):
        parent = tree.parents[index]
        if parent < 0:
            continue
        both = masks[index] | masks[parent]
        together = math.prod(sizes[v] for v in members(both))
        if together <= entries[index] + entries[parent] + SLACK:
            into[index] = parent
            masks[parent], entries[parent] = both, together
            del masks[index]
    edges = []
    for index in masks:
        above = tree.parents[index]
        while above >= 0 and into[above] != above:
            above = into[above]
        if above >= 0:
            edges.append((index, above))
    return masks, edges


def _centres(around: dict[int, list[int]]) -> Iterator[int]:
    """The middle of a longest path of each part."""
    seen: set[int] = set()
    for start in around:
        if start in seen:
            continue
        *_, (end, _) = _outward(around, start)
        above = dict(_outward(around, end))
        seen.update(above)
        far = list(above)[-1]
        path = [far]
        while above[path[-1]] >= 0:
            path.append(above[path[-1]])
        yield path[len(path) // 2]


def _outward(around: dict[int, list[int]], root: int) -> Iterator[tuple[int, int]]:
    """Cliques by distance from the root, each with the one above it; -1 above the root."""
    waiting = deque([(root, -1)])
    while waiting:
        index, above = waiting.popleft()
        yield index, above
        waiting.extend((other, index) for other in around[index] if other != above)
