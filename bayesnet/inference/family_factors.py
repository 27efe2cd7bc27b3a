"""The factors that one family becomes in a case: a function of what is known around it alone.

A noisy-MAX observed in its lowest state is a product of one weight for each parent; in another
state, or not observed, it is a table where that is small, a signed auxiliary where the caller says
so, and a chain else.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from bayesnet.inference.noisy_sources import (
    Known,
    Sources,
    chain_tables,
    full_table,
    mixed,
    rises,
    sources,
)
from bayesnet.inference.structure import Structure
from bayesnet.inference.tuning import SLICED_TABLE, TABLE_ENTRIES
from bayesnet.network import Array, Table

FREE, ABSORBED = -1, -2
"""In the place of a state: not observed; not observed, and summed out with the family."""
NO_SIGNS = 1 << 30
"""As `signed_from`: nothing is as wide."""


class View(NamedTuple):
    """What is known around a family.

    state: its code, or FREE. known: the code of each parent, FREE or ABSORBED. signed_from: a
    noisy-MAX with more free variables than this becomes a signed auxiliary. order: places of the
    free parents in the order in which a chain takes them.
    """

    variable: int
    state: int
    known: tuple[int, ...]
    signed_from: int
    order: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Parts:
    """The factors of a family.

    sizes: of the vertices that it adds. factors: (scope, table) of each; in a scope -1 is the first
    vertex that it adds, -2 the second.
    """

    sizes: Sequence[int]
    factors: Sequence[tuple[tuple[int, ...], Array]]


def parts_of(structure: Structure, view: View, absorbed: Mapping[int, Array]) -> Parts:
    """Make the factors of a family; absorbed: {parent that is summed out: its weights}."""
    making = _Making(structure, view, absorbed)
    variable, state = view.variable, view.state
    if isinstance(structure.families[variable], Table):
        making.table()
    elif structure.is_lowest(variable, state):
        making.lowest()
    else:
        making.noisy()
    return Parts(tuple(making.sizes), tuple(making.factors))


@dataclass(frozen=True, eq=False)
class _Making:
    """Collects the factors of one family."""

    structure: Structure
    view: View
    absorbed: Mapping[int, Array]
    sizes: list[int] = field(default_factory=list)
    factors: list[tuple[tuple[int, ...], Array]] = field(default_factory=list)

    @property
    def own(self) -> tuple[int, ...]:
        """The variable itself where it is free."""
        return (self.view.variable,) if self.view.state == FREE else ()

    def add(self, scope: tuple[int, ...], table: Array) -> None:
        self.factors.append((scope, table))

    def new(self, size: int) -> int:
        """Add a vertex."""
        self.sizes.append(size)
        return -len(self.sizes)

    def known(self) -> list[Known]:
        """Return of each parent its state, the weights it is summed out with, or None: free."""
        parents = self.structure.parents[self.view.variable]
        pairs = zip(parents, self.view.known, strict=True)
        return [code if code >= 0 else self.absorbed.get(p) for p, code in pairs]

    def table(self) -> None:
        """Cut what the case leaves from a plain table."""
        variable = self.view.variable
        scope = (*self.structure.parents[variable], variable)
        codes = (*self.view.known, self.view.state)
        index = tuple(code if code >= 0 else slice(None) for code in codes)
        left = tuple(v for v, code in zip(scope, codes, strict=True) if code < 0)
        self.add(left, self.structure.table(variable)[index])

    def lowest(self) -> None:
        """Observed in the lowest state: a weight of each parent by itself."""
        variable = self.view.variable
        leak, *links = self.structure.arrays[variable]
        constant = leak[0]
        parents = self.structure.parents[variable]
        for parent, known, link in zip(parents, self.known(), links, strict=True):
            if known is None:
                self.add((parent,), link[:, 0])
            else:
                constant = constant * mixed(known, link[:, 0])
        self.add((), np.asarray(constant))

    def noisy(self) -> None:
        """Add a table, or a chain that takes the parents that little else couples first."""
        structure, variable, own = self.structure, self.view.variable, self.own
        known = self.known()
        parents = zip(structure.parents[variable], known, strict=True)
        free = tuple(parent for parent, each in parents if each is None)
        shape = [structure.sizes[v] for v in (*free, *own)]
        state = -1 if own else structure.rank(variable, self.view.state)
        found = sources(structure.arrays[variable], known, state)
        if len(shape) > self.view.signed_from:
            self.signed(free, found)
            return
        small = math.prod(shape) <= TABLE_ENTRIES
        if small and structure.entries(variable) <= SLICED_TABLE:
            self.add((*free, *own), self.sliced(known))
            return
        if small or len(found.start) * max(shape, default=1) >= math.prod(shape):
            values = full_table(found)
            table = values[..., structure.turn(variable)] if own else values[..., 1]
            self.add((*free, *own), table)
            return
        self.chain(found)

    def signed(self, free: Sequence[int], found: Sources) -> None:
        """P(at a state) as P(at most it) - P(at most the one below).

        A vertex says at most which state; given it, the parents have a factor each (Diez & Galan
        2003, Int J Intell Syst 18:165-179).
        """
        states, own = len(found.start), self.own
        new = self.new(states)
        table = rises(states) * np.cumsum(found.start, dtype=np.longdouble)
        turn = self.structure.turn(self.view.variable)
        self.add((*own, new), table[turn] if own else table[1])
        for parent, link in zip(free, found.links, strict=True):
            self.add((parent, new), np.cumsum(link, axis=1, dtype=np.longdouble))

    def sliced(self, known: Sequence[Known]) -> Array:
        """Cut what the case leaves from a family's full table, absorbed parents summed out."""
        index = tuple(each if isinstance(each, int) else slice(None) for each in known)
        own = slice(None) if self.own else self.view.state
        table = self.structure.table(self.view.variable)[(*index, own)]
        left = [each for each in known if not isinstance(each, int)]
        for at in range(len(left) - 1, -1, -1):
            weights = left[at]
            if weights is not None:
                table = np.tensordot(table, weights, (at, 0))
        return table

    def chain(self, found: Sources) -> None:
        """Add the tables of a chain, each a factor; the last maximum is the variable itself."""
        variable, own = self.view.variable, self.own
        free = [place for place, code in enumerate(self.view.known) if code == FREE]
        links = tuple(found.links[free.index(place)] for place in self.view.order)
        tables = chain_tables(Sources(found.start, links), observed=not own)
        if own:
            tables[-1] = tables[-1][..., self.structure.turn(variable)]
        taken = [self.structure.parents[variable][place] for place in self.view.order]
        running: tuple[int, ...] = ()
        for parent, table in zip(taken[:-1], tables, strict=False):
            new = self.new(len(found.start))
            self.add((*running, parent, new), table)
            running = (new,)
        self.add((*running, taken[-1], *own), tables[-1])
