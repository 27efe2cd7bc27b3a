"""From a case to factors: what is observed sliced away, what tells nothing left out.

Vertices are the free variables under their own index, and behind them the running maxima of
chains. A variable that is neither observed nor asked for, with nothing below it that is, is left
out with its family. A noisy-MAX observed in its lowest state is a product of one weight for each
parent; in another state, or not observed, it is a table where that is small and a chain where it
is not (see `noisy`), or a signed auxiliary where the caller says so.
"""

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayesnet.inference.cases import Case
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
from bayesnet.network import Array, NoisyMax, Table

NO_SIGNS = 1 << 30
"""As `signed_from`: nothing is as wide."""


@dataclass(frozen=True, slots=True, eq=False)
class Factor:
    """A table over vertices.

    owner: the variable whose family, or whose likelihood, it is of. soft: it is the likelihood.
    table: one axis for each vertex of the scope, in that order.
    """

    owner: int
    scope: tuple[int, ...]
    table: Array
    soft: bool = False


@dataclass(frozen=True, eq=False)
class Factors:
    """Everything that P(case, free variables) is a product of.

    sizes: number of states of each vertex. inside: the variables that are vertices, ascending.
    absorbed: {free root that is no vertex: weights of its states}. loads: how many families that
    couple their parents each variable is a parent in. signed_from: see `factors_of`.
    """

    sizes: tuple[int, ...]
    inside: tuple[int, ...]
    absorbed: Mapping[int, Array]
    loads: Mapping[int, int]
    factors: tuple[Factor, ...]
    signed_from: int = NO_SIGNS

    @cached_property
    def vertices(self) -> Mapping[int, AbstractSet[int]]:
        """{variable: the vertices of its own factors}."""
        found: dict[int, set[int]] = {}
        for factor in self.factors:
            found.setdefault(factor.owner, set()).update(factor.scope)
        return found


def factors_of(
    structure: Structure, case: Case, wanted: Sequence[int], signed_from: int = NO_SIGNS
) -> Factors:
    """Make the factors for P(case, wanted): the families of both and of all their ancestors.

    signed_from: a noisy-MAX with more free variables than this becomes a signed auxiliary.
    """
    relevant = sorted(structure.ancestors([*case.hard, *case.soft, *wanted]))
    absorbed = _absorbed(structure, case, relevant, set(wanted))
    making = _Making(structure, case, absorbed, list(structure.sizes), [], signed_from)
    loads = _loads(structure, case, relevant)
    for variable in relevant:
        if variable not in absorbed:
            making.family(variable, loads)
    for variable, values in case.soft.items():
        if variable in absorbed:
            continue
        if variable in case.hard:
            making.add(variable, (), values[case.hard[variable]], soft=True)
        else:
            making.add(variable, (variable,), values, soft=True)
    inside = tuple(v for v in relevant if v not in case.hard and v not in absorbed)
    made = tuple(making.factors)
    return Factors(tuple(making.sizes), inside, absorbed, loads, made, signed_from)


def refactored(
    structure: Structure, before: Factors, case: Case, families: Sequence[int]
) -> list[Factor]:
    """Make the factors of some families for another case of the same free variables.

    Running maxima and signed auxiliaries keep the vertices that they had.
    """
    found: list[Factor] = []
    for variable in families:
        chained = [v for v in before.vertices.get(variable, ()) if v >= len(structure.sizes)]
        sizes = list(before.sizes[: min(chained, default=len(before.sizes))])
        making = _Making(structure, case, before.absorbed, sizes, found, before.signed_from)
        making.family(variable, before.loads)
    return found


def _absorbed(
    structure: Structure, case: Case, relevant: Sequence[int], wanted: AbstractSet[int]
) -> dict[int, Array]:
    """Free roots that nobody asks for and whose only child of relevance is a noisy-MAX.

    Each with its weights: summed over them, its link is a part of the child's leak.
    """
    inside = set(relevant)
    found: dict[int, Array] = {}
    for root in relevant:
        if absorbing_child(structure, case, root, inside, wanted) >= 0:
            weights = root_weights(structure, root)
            found[root] = weights * case.soft[root] if root in case.soft else weights
    return found


def absorbing_child(
    structure: Structure,
    case: Case,
    root: int,
    relevant: AbstractSet[int],
    wanted: AbstractSet[int],
) -> int:
    """Return the noisy-MAX with which a free root that nobody wants is summed out, or -1."""
    if structure.parents[root] or root in case.hard or root in wanted:
        return -1
    children = [child for child in structure.children[root] if child in relevant]
    return children[0] if len(children) == 1 and structure.arrays[children[0]] else -1


def root_weights(structure: Structure, root: int) -> Array:
    """P(state) of a variable without parents, as listed."""
    family = structure.families[root]
    return np.asarray(family.values if isinstance(family, Table) else family.leak)


def _loads(structure: Structure, case: Case, relevant: Sequence[int]) -> dict[int, int]:
    """How many families that couple their parents each free variable is a parent in."""
    found = dict.fromkeys(relevant, 0)
    for variable in relevant:
        if not structure.is_lowest(variable, case.hard.get(variable, -1)):
            for parent in structure.parents[variable]:
                found[parent] += 1
    return found


@dataclass(frozen=True, eq=False)
class _Making:
    """Collects factors; `sizes` grows with each vertex of a chain or of signs."""

    structure: Structure
    case: Case
    absorbed: Mapping[int, Array]
    sizes: list[int]
    factors: list[Factor]
    signed_from: int

    def add(self, owner: int, scope: tuple[int, ...], table: Array, soft: bool = False) -> None:
        self.factors.append(Factor(owner, scope, table, soft))

    def known(self, parent: int) -> Known:
        """Return a parent's observed state, or the weights it is summed out with; None: free."""
        code = self.case.hard.get(parent)
        return self.absorbed.get(parent) if code is None else code

    def family(self, variable: int, loads: Mapping[int, int]) -> None:
        """Add the factors of a variable's family."""
        family, hard = self.structure.families[variable], self.case.hard
        if isinstance(family, Table):
            scope = (*self.structure.parents[variable], variable)
            index = tuple(hard.get(v, slice(None)) for v in scope)
            self.add(variable, tuple(v for v in scope if v not in hard), family.values[index])
        elif self.structure.is_lowest(variable, hard.get(variable, -1)):
            self.lowest(variable)
        else:
            self.noisy(variable, loads)

    def lowest(self, variable: int) -> None:
        """Observed in the lowest state: a weight of each parent by itself."""
        leak, *links = self.structure.arrays[variable]
        constant = leak[0]
        for parent, link in zip(self.structure.parents[variable], links, strict=True):
            known = self.known(parent)
            if known is None:
                self.add(variable, (parent,), link[:, 0])
            else:
                constant = constant * mixed(known, link[:, 0])
        self.add(variable, (), np.asarray(constant))

    def noisy(self, variable: int, loads: Mapping[int, int]) -> None:
        """Add a table, or a chain that takes the parents that little else couples first."""
        structure, hard = self.structure, self.case.hard
        parents = structure.parents[variable]
        family = structure.families[variable]
        assert isinstance(family, NoisyMax)
        own = () if variable in hard else (variable,)
        known = [self.known(parent) for parent in parents]
        free = [parent for parent, each in zip(parents, known, strict=True) if each is None]
        shape = [self.sizes[v] for v in (*free, variable) if v not in hard]
        state = structure.rank(variable, hard[variable]) if variable in hard else -1
        if len(shape) > self.signed_from:
            self.signed(variable, free, own, sources(structure.arrays[variable], known, state))
            return
        if math.prod(shape) <= TABLE_ENTRIES and structure.entries(variable) <= SLICED_TABLE:
            self.add(variable, (*free, *own), self.sliced(variable, known))
            return
        found = sources(structure.arrays[variable], known, state)
        repays = len(found.start) * max(shape, default=1) < math.prod(shape)
        if math.prod(shape) <= TABLE_ENTRIES or not repays:
            values = full_table(found)
            table = values[..., 1] if state >= 0 else values[..., structure.turn(variable)]
            self.add(variable, (*free, *own), table)
            return
        order = sorted(range(len(free)), key=lambda at: (loads[free[at]], free[at]))
        ordered = Sources(found.start, tuple(found.links[at] for at in order))
        self.chain(variable, [free[at] for at in order], own, ordered)

    def signed(
        self, variable: int, free: Sequence[int], own: tuple[int, ...], found: Sources
    ) -> None:
        """P(at a state) as P(at most it) - P(at most the one below).

        A vertex says at most which state; given it, the parents have a factor each (Diez & Galan
        2003, Int J Intell Syst 18:165-179).
        """
        new, states = len(self.sizes), len(found.start)
        self.sizes.append(states)
        table = rises(states) * np.cumsum(found.start, dtype=np.longdouble)
        self.add(variable, (*own, new), table[self.structure.turn(variable)] if own else table[1])
        for parent, link in zip(free, found.links, strict=True):
            self.add(variable, (parent, new), np.cumsum(link, axis=1, dtype=np.longdouble))

    def sliced(self, variable: int, known: Sequence[Known]) -> Array:
        """Cut what the case leaves from a family's full table, absorbed parents summed out."""
        index = tuple(each if isinstance(each, int) else slice(None) for each in known)
        own = self.case.hard.get(variable, slice(None))
        table = self.structure.table(variable)[(*index, own)]
        left = [each for each in known if not isinstance(each, int)]
        for at in range(len(left) - 1, -1, -1):
            weights = left[at]
            if weights is not None:
                table = np.tensordot(table, weights, (at, 0))
        return table

    def chain(self, variable: int, free: list[int], own: tuple[int, ...], found: Sources) -> None:
        """Add the tables of a chain, each a factor; the last maximum is the variable itself."""
        tables = chain_tables(found, observed=not own)
        if own:
            tables[-1] = tables[-1][..., self.structure.turn(variable)]
        running: tuple[int, ...] = ()
        for parent, table in zip(free[:-1], tables, strict=False):
            new = len(self.sizes)
            self.sizes.append(len(found.start))
            self.add(variable, (*running, parent, new), table)
            running = (new,)
        self.add(variable, (*running, free[-1], *own), tables[-1])
