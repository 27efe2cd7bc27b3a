"""Answers through unobserved parents with nothing known below them, as sums of products.

Such a parent need not be in the tape: what it says of its own parents is summed out beforehand. A
noisy-MAX leaf is at most a state with a chance that is a product of one weight of each parent. A
weight of a barren noisy-MAX is what it has in the highest state, and at each lower state what it
falls by from there to the next, times the chance to be at most there: again products.
"""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import prod

import numpy as np

from bayesnet.inference.structure import Structure
from bayesnet.inference.tuning import MOST_PRODUCTS
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Product:
    """A number and a weight of each of some vertices, shape (states as listed,)."""

    scale: float
    weights: Mapping[int, Array]

    def times(self, scale: float, weights: Mapping[int, Array]) -> "Product":
        """Multiply by more."""
        found = dict(self.weights)
        for vertex, each in weights.items():
            found[vertex] = found[vertex] * each if vertex in found else each
        return Product(self.scale * scale, found)

    def without(self, vertex: int) -> "Product":
        """Leave a vertex's weight out."""
        return Product(self.scale, {v: each for v, each in self.weights.items() if v != vertex})


def at_most(structure: Structure, variable: int, rank: int) -> Product:
    """Return the chance that a noisy-MAX is at most its state of this rank, given its parents."""
    leak, links = structure.at_most(variable)
    return Product(float(leak[rank]), {parent: link[:, rank] for parent, link in links.items()})


def reached(structure: Structure, inner: AbstractSet[int], question: int) -> set[int]:
    """Return what a noisy-MAX leaf's answers weigh once barren parents are summed out.

    inner: the variables that are in the tape or observed. Barren parents stay where summing them
    out would make more than MOST_PRODUCTS products.
    """
    found, barren, waiting = set(), set(), list(structure.parents[question])
    while waiting:
        variable = waiting.pop()
        if variable in found or variable in barren:
            continue
        if variable in inner or not _is_simple(structure, variable):
            found.add(variable)
        else:
            barren.add(variable)
            waiting.extend(structure.parents[variable])
    products = prod(structure.sizes[v] for v in barren if structure.arrays[v])
    return found if products <= MOST_PRODUCTS else set(structure.parents[question])


def expanded(
    structure: Structure, hard: Mapping[int, int], inside: Collection[int], product: Product
) -> list[Product]:
    """Write a product as a sum of products of weights of what is inside alone."""
    for variable, weights in product.weights.items():
        if variable in inside:
            continue
        rest = product.without(variable)
        if variable in hard:
            parts = [rest.times(float(weights[hard[variable]]), {})]
        elif structure.arrays[variable]:
            parts = _by_rank(structure, variable, rest, weights)
        else:
            told = structure.table(variable) @ weights
            own = structure.parents[variable]
            parts = [rest.times(1.0, {own[0]: told}) if own else rest.times(float(told), {})]
        return [each for part in parts for each in expanded(structure, hard, inside, part)]
    return [product]


def _by_rank(structure: Structure, variable: int, rest: Product, weights: Array) -> list[Product]:
    ranked = weights[structure.turn(variable)]
    falls = ranked[:-1] - ranked[1:]
    parts = [rest.times(float(ranked[-1]), {})]
    for rank in np.flatnonzero(falls).tolist():
        own = at_most(structure, variable, rank)
        parts.append(rest.times(float(falls[rank]) * own.scale, own.weights))
    return parts


def _is_simple(structure: Structure, variable: int) -> bool:
    """Whether summing it out leaves products: a noisy-MAX, or a table with one parent at most."""
    return bool(structure.arrays[variable]) or len(structure.parents[variable]) <= 1
