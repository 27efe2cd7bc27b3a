"""A network and a case's scratch space as flat arrays, for the compiled kernel of `rows`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayesnet.inference.structure import Structure
from bayesnet.inference.tuning import ROW_CLIQUE, ROW_ENTRIES
from bayesnet.network import Array, Table

Ints = NDArray[np.int64]
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
    table, adjoint: their entries. near: neighbours of each vertex, a bit each; fill, bulk: edges
    and entries that eliminating it makes. used: factors, entries and vertices in use.

    needed: variables that have to be vertices; hanging: leaves that are read outside the tape, and
    for one of them link: where each vertex's link starts, -1 for none; sender: the step that makes
    a factor, -1 for none; linked: linked vertices up to a step; role: what a step is to the leaf;
    maxima: messages whose entries are distributions, a step's from maxima_at on, an input's from
    maxima_from on.
    """

    relevant: NDArray[np.bool_]
    absorbed: NDArray[np.bool_]
    vertex: Ints
    size: Ints
    weight: Array
    scope: Ints
    length: Ints
    start: Ints
    taken: NDArray[np.bool_]
    table: Array
    adjoint: Array
    near: NDArray[np.uint64]
    fill: Ints
    bulk: Ints
    order: Ints
    clique: Ints
    clique_length: Ints
    inputs: Ints
    inputs_at: Ints
    message: Ints
    marginal: Array
    stride: Ints
    cursor: Ints
    digit: Ints
    before: Array
    pair: Array
    used: Ints
    needed: NDArray[np.bool_]
    hanging: NDArray[np.bool_]
    link: Ints
    sender: Ints
    linked: Ints
    role: Ints
    maxima: Array
    maxima_at: Ints
    maxima_from: Ints


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
    turned = np.array([bool(getattr(family, "lowest", 0)) for family in structure.families])
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


def workspace(structure: Structure) -> Work:
    """Scratch space; chains take as many vertices again as there are parents."""
    variables = len(structure.sizes)
    vertices = variables + sum(map(len, structure.parents)) + 1
    most = max(structure.sizes, default=1)
    factors = 2 * vertices + sum(map(len, structure.parents)) + variables

    def ints(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Work(
        np.zeros(variables, dtype=np.bool_),
        np.zeros(variables, dtype=np.bool_),
        ints(variables),
        ints(vertices),
        np.ones((vertices, most)),
        ints(factors, ROW_CLIQUE),
        ints(factors),
        ints(factors),
        np.zeros(factors, dtype=np.bool_),
        np.zeros(ROW_ENTRIES),
        np.zeros(ROW_ENTRIES),
        np.zeros((vertices, vertices // 64 + 1), dtype=np.uint64),
        ints(vertices),
        ints(vertices),
        ints(vertices),
        ints(vertices, ROW_CLIQUE + 1),
        ints(vertices),
        ints(factors + 1),
        ints(vertices + 1),
        ints(vertices),
        np.zeros((vertices, most)),
        ints(factors, ROW_CLIQUE + 1),
        ints(factors),
        ints(ROW_CLIQUE + 1),
        np.zeros(factors + 1),
        np.zeros(ROW_ENTRIES),
        ints(3),
        np.zeros(variables, dtype=np.bool_),
        np.zeros(variables, dtype=np.bool_),
        ints(vertices),
        ints(factors),
        ints(vertices),
        ints(vertices),
        np.zeros(ROW_ENTRIES),
        ints(vertices),
        ints(factors),
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
