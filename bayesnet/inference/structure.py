"""What every case of a network shares: who is whose parent, and families lowest state first."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bayesnet.inference.memo import Memo
from bayesnet.inference.noisy_sources import Sources, full_table, rising
from bayesnet.inference.tuning import FAMILIES_KEPT
from bayesnet.network import Array, Family, Network, NoisyMax, Table

AS_LISTED = slice(None)
LEAST_PRODUCT = float(np.log(np.finfo(np.float64).tiny))


@dataclass(frozen=True, eq=False)
class Structure:
    """A network by index.

    sizes: states of each variable. parents, children: of each variable. arrays: of a noisy-MAX
    its leak and links with the lowest state first, else empty. parts: factors of families, see
    `family_factors`.
    """

    families: tuple[Family, ...]
    sizes: tuple[int, ...]
    parents: tuple[tuple[int, ...], ...]
    children: tuple[tuple[int, ...], ...]
    arrays: tuple[tuple[Array, ...], ...]
    parts: Memo[Any] = field(default_factory=lambda: Memo(FAMILIES_KEPT), repr=False)
    _tables: dict[int, Array] = field(default_factory=dict, repr=False)
    _summed: dict[int, tuple[Array, dict[int, Array]]] = field(default_factory=dict, repr=False)

    def table(self, variable: int) -> Array:
        """P(variable | parents) in full, states as listed; a noisy-MAX's is made once and kept."""
        family = self.families[variable]
        if isinstance(family, Table):
            return family.values
        found = self._tables.get(variable)
        if found is None:
            leak, *links = self.arrays[variable]
            values = full_table(Sources(leak, tuple(links)))
            found = self._tables[variable] = np.ascontiguousarray(values[..., family.order])
        return found

    def entries(self, variable: int) -> int:
        """Entries of the full table."""
        return math.prod(self.sizes[v] for v in (*self.parents[variable], variable))

    def at_most(self, variable: int) -> tuple[Array, Mapping[int, Array]]:
        """Return a noisy-MAX's leak, and {parent: link}, as chances to be at most each rank.

        Given its parents it is at most a rank with the product of theirs. Made once and kept.
        """
        found = self._summed.get(variable)
        if found is None:
            leak, *links = self.arrays[variable]
            each = dict(zip(self.parents[variable], map(_upto, links), strict=True))
            found = self._summed[variable] = _upto(leak), each
        return found

    def ancestors(self, variables: Iterable[int]) -> set[int]:
        """Return the variables with all their ancestors."""
        found: set[int] = set()
        waiting = list(variables)
        while waiting:
            variable = waiting.pop()
            if variable not in found:
                found.add(variable)
                waiting.extend(self.parents[variable])
        return found

    def rank(self, variable: int, code: int) -> int:
        """Turn a state's code as listed into its place counted from the lowest, and back."""
        family = self.families[variable]
        turned = isinstance(family, NoisyMax) and bool(family.lowest)
        return self.sizes[variable] - 1 - code if turned else code

    def turn(self, variable: int) -> slice:
        """Return the index that turns an axis from lowest first to the listed order, and back."""
        family = self.families[variable]
        return AS_LISTED if isinstance(family, Table) else family.order

    def is_lowest(self, variable: int, code: int) -> bool:
        """Whether it is a noisy-MAX in its lowest state, which couples no parents; -1: free."""
        if code < 0 or isinstance(self.families[variable], Table):
            return False
        return self.rank(variable, code) == 0


def structure_of(network: Network) -> Structure:
    """Make the structure of a network."""
    position = {name: at for at, name in enumerate(network.names)}
    parents = tuple(tuple(position[p] for p in each.parents) for each in network.families)
    children: list[list[int]] = [[] for _ in parents]
    for child, own in enumerate(parents):
        for parent in own:
            children[parent].append(child)
    sizes = tuple(len(variable.states) for variable in network.variables)
    arrays = tuple(
        _held(rising(family)) if isinstance(family, NoisyMax) else () for family in network.families
    )
    return Structure(network.families, sizes, parents, tuple(map(tuple, children)), arrays)


def _upto(chances: Array) -> Array:
    return np.asarray(np.cumsum(chances, axis=-1))


def _held(arrays: tuple[Array, ...]) -> tuple[Array, ...]:
    """With a longer exponent where a product of one number of each would underflow."""
    least = sum(float(np.log(each[each > 0].min())) for each in arrays)
    if least > LEAST_PRODUCT:
        return arrays
    return tuple(each.astype(np.longdouble) for each in arrays)
