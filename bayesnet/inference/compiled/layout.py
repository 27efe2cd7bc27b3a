"""A network and a case's scratch space as flat arrays, for the compiled kernel of `rows`."""

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.structure import Structure
from bayesnet.inference.tuning import ROW_CLIQUE, ROW_LANE_ENTRIES, ROW_LANES, ROW_PAIRED
from bayesnet.network import Array, Table

Ints = NDArray[np.int64]
Places = NDArray[np.int32]
Flag = bool | np.bool_


def whole(number: int) -> int:
    """Make a number of 64 bits; one of Python's own is a type to numba, compiled for by itself."""
    return cast(int, np.int64(number))


NONE, ZERO, ONE, TWO = whole(-1), whole(0), whole(1), whole(2)
FACTORS, ENTRIES, VERTICES = 0, 1, 2
"""Places in `Work.used`."""


class Net(NamedTuple):
    """A network, lowest states first in a noisy-MAX.

    order: variables, parents first. parent, child: of variable v from parents_at[v] and
    children_at[v] on. values_at: where a table, or a leak, starts among the values; links_at:
    where the link of each parent does. turned: whether a noisy-MAX lists its lowest state last.
    leaf: whether a variable is a noisy-MAX without children.
    """

    sizes: Ints
    order: Ints
    parents_at: Ints
    parent: Ints
    children_at: Ints
    child: Ints
    noisy: NDArray[np.bool_]
    turned: NDArray[np.bool_]
    leaf: NDArray[np.bool_]
    values_at: Ints
    links_at: Ints
    values: Array


class Work(NamedTuple):
    """Scratch space for one case at a time.

    vertex: of each variable, -1 where it is none. size, weight: of each vertex, its states and
    the product of all factors over it alone. scope, length, start: of each factor and message.
    table, belief: entries of all, and the posterior of a message's. near: neighbours of each
    vertex, a bit each; fill, bulk: edges and entries that eliminating it makes. used: factors,
    entries and vertices in use. needed: variables that have to be vertices; hanging: leaves that
    are read outside the tape.

    order, turn_of: the vertex of each step, and the step of each vertex; trial: another order.
    bucket, next: the last of the factors that wait for a step, and of each the one before it.
    clique, inputs, message: of each step; product: its product, vertex first, from product_at on;
    low: entries of a block, see `passes`. offset: of each input, from offset_at on, where each
    entry of a block is, then what each block adds; kind: whether these are in one piece; stride:
    from one state of the vertex to the next. sender: the step that makes a factor, -1 for none.
    marginal: of each vertex.

    lane: of each question, the first of its lanes, -1 for none. links, linked: what each vertex
    does to the lanes; fixed: what is known to. below: rows of what messages do to the lanes,
    a step's from lanes_at on.

    What functions would make room for: rows, distributions over states; digits, a number for each
    vertex of a factor; lists, of variables; ways, of each input of a step where its rows are;
    before, a row of lanes for each input.
    """

    relevant: NDArray[np.bool_]
    absorbed: NDArray[np.bool_]
    needed: NDArray[np.bool_]
    hanging: NDArray[np.bool_]
    vertex: Ints
    lane: Ints
    size: Ints
    weight: Array
    marginal: Array
    near: NDArray[np.uint64]
    fill: Ints
    bulk: Ints
    scope: Ints
    length: Ints
    start: Ints
    sender: Ints
    next: Ints
    table: Array
    belief: Array
    pair: Array
    used: Ints
    order: Ints
    trial: Ints
    turn_of: Ints
    bucket: Ints
    clique: Ints
    clique_length: Ints
    message: Ints
    product: Array
    product_at: Ints
    inputs: Ints
    inputs_at: Ints
    stride: Ints
    offset: Places
    offset_at: Ints
    low: Ints
    kind: Ints
    linked: NDArray[np.bool_]
    links: Array
    fixed: Array
    below: Array
    lanes_at: Ints
    rows: Array
    digits: Ints
    lists: Ints
    ways: Ints
    before: Array


def layout(structure: Structure) -> Net | None:
    """Lay the network out as arrays; None where a number needs a longer exponent."""
    sizes = np.array(structure.sizes, dtype=np.int64)
    values: list[Array] = []
    values_at = np.zeros(len(sizes), dtype=np.int64)
    links_at: list[int] = []
    used = 0
    for variable, family in enumerate(structure.families):
        values_at[variable] = used
        arrays = [family.values] if isinstance(family, Table) else structure.arrays[variable]
        if any(each.dtype != np.float64 for each in arrays):
            return None
        starts = np.cumsum([used, *(each.size for each in arrays)]).tolist()
        links_at += [0] * len(family.parents) if isinstance(family, Table) else starts[1:-1]
        values += [np.ravel(each) for each in arrays]
        used = starts[-1]
    noisy = np.array([bool(each) for each in structure.arrays], dtype=np.bool_)
    lowest_last = [bool(getattr(family, "lowest", 0)) for family in structure.families]
    # Without its type an empty list would be numbers, and all be compiled once more for it.
    turned = np.array(lowest_last, dtype=np.bool_)
    leaf = noisy & np.array([not each for each in structure.children], dtype=np.bool_)
    return Net(
        sizes,
        np.array(_parents_first(structure), dtype=np.int64),
        *_flat(structure.parents),
        *_flat(structure.children),
        noisy,
        turned,
        leaf,
        values_at,
        np.array([*links_at, 0], dtype=np.int64),
        np.concatenate([*values, np.zeros(1)]),
    )


def workspace(structure: Structure, entries: int) -> Work:
    """Scratch space for tables of so many entries, 40 bytes each.

    Chains take as many vertices again as there are parents.
    """
    variables = len(structure.sizes)
    vertices = variables + sum(map(len, structure.parents)) + 1
    most = max(structure.sizes, default=1)
    factors = 2 * vertices + sum(map(len, structure.parents)) + variables

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    def flags(count: int) -> NDArray[np.bool_]:
        return np.zeros(count, dtype=np.bool_)

    return Work(
        relevant=flags(variables),
        absorbed=flags(variables),
        needed=flags(variables),
        hanging=flags(variables),
        vertex=ints(variables),
        lane=ints(variables),
        size=ints(vertices),
        weight=np.ones((vertices, most)),
        marginal=np.zeros((vertices, most)),
        near=np.zeros((vertices, vertices // 64 + 1), dtype=np.uint64),
        fill=ints(vertices),
        bulk=ints(vertices),
        scope=ints(factors, ROW_CLIQUE),
        length=ints(factors),
        start=ints(factors),
        sender=ints(factors),
        next=ints(factors),
        table=np.zeros(entries),
        belief=np.zeros(entries),
        pair=np.zeros(ROW_PAIRED),
        used=ints(3),
        order=ints(vertices),
        trial=ints(vertices),
        turn_of=ints(vertices),
        bucket=ints(vertices + 1),
        clique=ints(vertices, ROW_CLIQUE + 1),
        clique_length=ints(vertices),
        message=ints(vertices),
        product=np.zeros(2 * entries),
        product_at=ints(vertices),
        inputs=ints(factors + 1),
        inputs_at=ints(vertices + 1),
        stride=ints(factors + 1),
        offset=np.zeros(2 * entries, dtype=np.int32),
        offset_at=ints(factors + 1),
        low=ints(vertices),
        kind=ints(factors + 1),
        linked=flags(vertices),
        links=np.zeros((vertices, most, ROW_LANES)),
        fixed=np.zeros(ROW_LANES),
        below=np.zeros((ROW_LANE_ENTRIES, ROW_LANES)),
        lanes_at=ints(vertices),
        rows=np.zeros((3, most)),
        digits=ints(3, ROW_CLIQUE + 1),
        lists=ints(2, variables),
        ways=ints(2, factors + 2),
        before=np.zeros((factors + 1, ROW_LANES)),
    )


def _parents_first(structure: Structure) -> list[int]:
    waiting = [len(parents) for parents in structure.parents]
    found = [v for v, count in enumerate(waiting) if not count]
    for variable in found:
        for child in structure.children[variable]:
            waiting[child] -= 1
            if not waiting[child]:
                found.append(child)
    return found


def _flat(lists: tuple[tuple[int, ...], ...]) -> tuple[Ints, Ints]:
    starts = np.cumsum([0, *map(len, lists)])
    return starts.astype(np.int64), np.array([*sum(lists, ()), 0], dtype=np.int64)
