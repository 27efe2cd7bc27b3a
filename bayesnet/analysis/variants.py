"""Variants of a case on its own tape: some of its tables changed.

A leaf is left out by leaving out its factors; a variable with children is mixed over its states,
each by how probable it makes the rest. Either way the tape stays.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.factors import Factor, refactored
from bayesnet.inference.problem import Problem
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Variant:
    """The case with some factors changed, on the same tape.

    tables: {slot: its numbers}, the product of its factors. scale: what the factors of no vertex
    come to, over what they come to in the case.
    """

    tables: Mapping[int, Array]
    scale: float


def variants_without(problem: Problem) -> dict[int, list[Variant]]:
    """{observed variable: the variants whose sum is the case without it}.

    Of a variable that is mixed over its states the case itself is one more. Left out are those
    for which the tape has no place.
    """
    found = {}
    for variable in problem.case.variables:
        variants = list(_variants(problem, variable))
        needed = problem.structure.sizes[variable] - 1 if is_mixed(problem, variable) else 1
        if len(variants) == needed:
            found[variable] = variants
    return found


def variant_without(problem: Problem, variables: Iterable[int]) -> Variant | None:
    """Leave out several leaves and likelihoods at once; None where the tape has no place for it."""
    gone: list[int] = []
    new: list[Factor] = []
    scale = 1.0
    for variable in variables:
        if is_mixed(problem, variable):
            return None
        own, instead, mass = _left(problem, variable)
        if not own:
            return None
        gone += own
        new += instead
        scale *= mass
    return next(_changed(problem, gone, new, scale), None)


def changed_tables(problem: Problem, variants: Sequence[Variant]) -> dict[int, Array]:
    """{slot: its numbers in the lane of each variant, shape (..., variants)}."""
    changed = {}
    for slot in sorted({slot for each in variants for slot in each.tables}):
        own = problem.ring.product(problem.tables[slot])
        changed[slot] = np.repeat(own, len(variants), axis=-1)
        for at, each in enumerate(variants):
            if slot in each.tables:
                changed[slot][..., at] = each.tables[slot][..., 0]
    return changed


def is_mixed(problem: Problem, variable: int) -> bool:
    """Whether an observed variable is left out as a mixture over its states."""
    has_child = any(child in problem.owned for child in problem.structure.children[variable])
    return has_child and variable not in problem.case.soft


def _variants(problem: Problem, variable: int) -> Iterator[Variant]:
    """Yield the variants whose sum leaves out what is said of a variable, but for the case."""
    structure, case = problem.structure, problem.case
    inside = problem.owned
    if not is_mixed(problem, variable):
        own, instead, mass = _left(problem, variable)
        if own:
            yield from _changed(problem, own, instead, mass)
        return
    children = [c for c in structure.children[variable] if c in inside]
    families = [variable, *children]
    gone = [at for v in families for at in inside[v] if not problem.factors.factors[at].soft]
    for state in set(range(structure.sizes[variable])) - {case.hard[variable]}:
        other = case.with_states({variable: state})
        new = refactored(structure, problem.factors, other, families)
        yield from _changed(problem, gone, new)


def _left(problem: Problem, variable: int) -> tuple[Sequence[int], Sequence[Factor], float]:
    """Return which factors a leaf or a likelihood loses, which it gets, and what they come to."""
    structure, case = problem.structure, problem.case
    if variable in case.soft:
        gone = [at for at in problem.owned.get(variable, ()) if problem.factors.factors[at].soft]
        return gone if variable not in case.hard else (), (), 1.0
    # Roots that were summed out with the leaf have to count for themselves then.
    absorbed = problem.factors.absorbed
    mass = math.prod(absorbed[p].sum() for p in structure.parents[variable] if p in absorbed)
    return *_left_by_leaf(problem, variable), float(mass)


def _left_by_leaf(problem: Problem, variable: int) -> tuple[Sequence[int], Sequence[Factor]]:
    """Return which factors an observed leaf loses when it is left out, and which it gets.

    Observed in its highest state, signs and chains need one change: its parents' links sum to 1
    where "at most the highest state" is all that is said, or nothing is said of the last maximum.
    """
    structure, places = problem.structure, problem.owned[variable]
    first, last = (problem.factors.factors[places[at]] for at in (0, -1))
    state = structure.rank(variable, problem.case.hard[variable])
    is_highest = 0 < state == structure.sizes[variable] - 1
    if len(places) == 1 or not structure.arrays[variable] or not is_highest:
        return places, ()
    if len(first.scope) == 1:
        top = np.zeros_like(first.table)
        top[-1] = 1.0
        return places[:1], [Factor(variable, first.scope, top)]
    return places[-1:], [Factor(variable, last.scope, np.ones_like(last.table))]


def _changed(
    problem: Problem, gone: Sequence[int], new: Sequence[Factor], scale: float = 1.0
) -> Iterator[Variant]:
    """Yield the variant without some factors and with others; none where the tape has no place."""
    factors = problem.factors.factors
    dropped = set(gone)
    extra: dict[int, list[Array]] = {}
    for factor in new:
        if not factor.scope:
            scale *= float(factor.table)
        elif factor.scope in problem.slots:
            slot = problem.slots[factor.scope]
            extra.setdefault(slot, []).append(problem.turned(slot, factor.table))
        else:
            return
    for at in gone:
        if not factors[at].scope:
            if float(factors[at].table) == 0.0:
                return
            scale /= float(factors[at].table)
    # A chain that is left out leaves its running maxima behind (and signs themselves), free to be
    # anything.
    ends = {v for at in gone for v in factors[at].scope if v >= len(problem.structure.sizes)}
    ends -= {v for factor in new for v in factor.scope}
    scale /= math.prod(problem.factors.sizes[v] for v in ends)
    slots = {problem.slots[factors[at].scope] for at in gone if factors[at].scope} | set(extra)
    tables = {}
    for slot in sorted(slots):
        kept = [
            table
            for at, table in zip(problem.placed[slot], problem.tables[slot], strict=True)
            if at not in dropped
        ]
        parts = [*kept, *extra.get(slot, [])]
        tables[slot] = (
            problem.ring.product(parts) if parts else np.ones_like(problem.tables[slot][0])
        )
    yield Variant(tables, scale)
