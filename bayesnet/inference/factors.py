"""From a case to factors: what is observed sliced away, what tells nothing left out.

Vertices are the free variables under their own index, and behind them the running maxima of
chains. A variable that is neither observed nor asked for, with nothing below it that is, is left
out with its family. The factors of one family are made in `family_factors`, and remembered.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bayesnet.inference.cases import Case
from bayesnet.inference.family_factors import ABSORBED, FREE, NO_SIGNS, View, parts_of
from bayesnet.inference.structure import Structure
from bayesnet.network import Array, Table


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
    couple their parents each variable is a parent in. signed_from: see `factors_of`. views: what is
    known around each family that is in it.
    """

    sizes: tuple[int, ...]
    inside: tuple[int, ...]
    absorbed: Mapping[int, Array]
    loads: Mapping[int, int]
    factors: tuple[Factor, ...]
    signed_from: int = NO_SIGNS
    views: Mapping[int, View] = field(default_factory=dict)

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
    sizes, views = tuple(making.sizes), making.views
    return Factors(sizes, inside, absorbed, loads, made, signed_from, views)


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
    views: dict[int, View] = field(default_factory=dict)

    def add(self, owner: int, scope: tuple[int, ...], table: Array, soft: bool = False) -> None:
        self.factors.append(Factor(owner, scope, table, soft))

    def family(self, variable: int, loads: Mapping[int, int]) -> None:
        """Add the factors of a variable's family."""
        structure, absorbed = self.structure, self.absorbed
        view = self.views[variable] = self.view(variable, loads)
        if self.reweighted.isdisjoint(structure.parents[variable]):
            parts = structure.parts.get(view, lambda: parts_of(structure, view, absorbed))
        else:
            parts = parts_of(structure, view, absorbed)
        first = len(self.sizes)
        self.sizes.extend(parts.sizes)
        for scope, table in parts.factors:
            self.add(variable, tuple([v if v >= 0 else first - 1 - v for v in scope]), table)

    def view(self, variable: int, loads: Mapping[int, int]) -> View:
        """Return what is known around a family."""
        hard, parents = self.case.hard, self.structure.parents[variable]
        known = [hard.get(p, ABSORBED if p in self.absorbed else FREE) for p in parents]
        order = [place for place, each in enumerate(known) if each == FREE]
        state = hard.get(variable, FREE)
        if self.structure.arrays[variable] and len(order) + (state == FREE) <= self.signed_from:
            order.sort(key=lambda at: (loads[parents[at]], parents[at]))
        return View(variable, state, tuple(known), self.signed_from, tuple(order))

    @cached_property
    def reweighted(self) -> AbstractSet[int]:
        """Absorbed roots whose weights are the case's own."""
        return self.case.soft.keys() & self.absorbed.keys()
