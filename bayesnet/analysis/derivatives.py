"""Derivatives of the log-odds of events by every number of the network, from one pass.

The derivative of log P(e) by a number is the posterior of the entries that it stands in, divided
by them (Darwiche 2003, J ACM 50:280-305); that of the log-odds of an event H is what supposing H
changes about it, divided by P(not H | e). No number is moved, so nothing is approximated.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from bayesnet.analysis.adjoints import NoisyView, by_factors, by_lowest, table_weights
from bayesnet.analysis.supposed import Supposed
from bayesnet.inference.factors import Factor
from bayesnet.inference.noisy_sources import Known
from bayesnet.inference.problem import Problem
from bayesnet.inference.structure import Structure
from bayesnet.network import Array, Family, Table


@dataclass(frozen=True, eq=False)
class Derivatives:
    """What each number of the network does to the log-odds of some events.

    probabilities: P(event | evidence), shape (events,).
    by_number: {variable: d log-odds / d number for each array of `numbers_of` its family, shape
    (events, *array's shape)}. A number that is exactly 0 counts as certain and has derivative 0;
    so has everything about an event of probability 0 or 1. Families that the evidence does not
    reach are left out: their derivatives are 0.
    """

    probabilities: Array
    by_number: Mapping[int, Sequence[Array]]


def numbers_of(family: Family) -> tuple[Array, ...]:
    """Return the arrays of numbers that make a family: its table, or its leak and its links."""
    return (family.values,) if isinstance(family, Table) else (family.leak, *family.links)


def log_odds_derivatives(supposed: Supposed, count: int) -> Derivatives:
    """Differentiate log [P(event | e) / P(not event | e)] for the first events supposed.

    Rows are distributions: what counts is the difference between the derivatives by two
    entries of a row, which says what weight moved from one to the other does.
    """
    chances = supposed.chances[:count]
    entries = supposed.by_entry[:, : count + 1]
    odds = np.divide(1.0, 1.0 - chances, out=np.zeros(count), where=(chances > 0) & (chances < 1))
    of_odds = np.where(odds > 0, (entries[:, 1:] - entries[:, :1]) * odds, 0.0)
    return Derivatives(chances, by_number(supposed.problem, _by_factor(supposed.problem, of_odds)))


def _by_factor(problem: Problem, entries: Array) -> list[Array]:
    """From derivatives by the entries of slots to those by each factor's, (events, *its shape).

    entries: slot after slot, shape (entries, events). 0 where the factor's entry is 0; a constant
    changes no odds.
    """
    tape, (_, events) = problem.tape, entries.shape
    shapes = [[tape.sizes[v] for v in tape.scopes[slot]] for slot in range(tape.factors)]
    begins = np.cumsum([0, *map(math.prod, shapes)]).tolist()
    found = []
    for factor in problem.factors.factors:
        if not factor.scope:
            found.append(np.zeros(events))
            continue
        slot = problem.slots[factor.scope]
        own = entries[begins[slot] : begins[slot + 1]].reshape(*shapes[slot], events)
        back = sorted(range(len(factor.scope)), key=tape.orders[slot].__getitem__)
        turned = own.transpose(len(back), *back)
        if len(problem.placed[slot]) > 1:
            whole = problem.ring.product(problem.tables[slot])[..., 0].transpose(back)
            turned = turned * np.divide(
                whole, factor.table, out=np.zeros(whole.shape), where=factor.table != 0
            )
        elif not factor.table.all():
            turned = np.where(factor.table != 0, turned, 0.0)
        found.append(turned)
    return found


def by_number(
    problem: Problem, weights: Sequence[Array], of: AbstractSet[int] | None = None
) -> dict[int, list[Array]]:
    """{variable: derivative of log P by each array of its family, (lanes, *array's shape)}.

    weights: of each factor, as `factor_weights`. of: the variables whose families are wanted; all
    by default.
    """
    structure, case = problem.structure, problem.case
    absorbed = problem.factors.absorbed
    found: dict[int, list[Array]] = {}
    for owner, factors, own in _families(problem, weights):
        family = structure.families[owner]
        parents = structure.parents[owner]
        # A root that is summed out with its child is differentiated there.
        if of is not None and of.isdisjoint((owner, *(p for p in parents if p in absorbed))):
            continue
        if isinstance(family, Table):
            scope = (*parents, owner)
            index = tuple(case.hard.get(v, slice(None)) for v in scope)
            found[owner] = [table_weights(family.values.shape, index, own[0])]
            continue
        known: list[Known] = [case.hard.get(p, absorbed.get(p)) for p in parents]
        state = structure.rank(owner, case.hard[owner]) if owner in case.hard else -1
        inside = {v for factor in factors for v in factor.scope} & set(parents)
        taken = dict.fromkeys(v for f in factors for v in f.scope if v in inside)
        free = [parents.index(v) for v in taken]
        # Of a table and of a chain the first factor has a parent, or no vertex of its own.
        first = factors[0].scope
        signed = inside.isdisjoint(first) and max(first, default=-1) >= len(structure.sizes)
        view = NoisyView(structure.arrays[owner], known, free, state, signed)
        if state == 0:
            arrays, roots = by_lowest(view, [own[-1], *own[:-1]])
        else:
            arrays, roots = by_factors(view, _lowest_first(structure, owner, view, own))
        found[owner] = [each[..., structure.turn(owner)] for each in arrays]
        for place, weight in roots.items():
            found[parents[place]] = [_of_root(problem, parents[place], weight)]
    return found


def _lowest_first(
    structure: Structure, owner: int, view: NoisyView, weights: Sequence[Array]
) -> Sequence[Array]:
    """Turn the axis of a free variable's own states."""
    if view.state >= 0:
        return weights
    if view.signed:
        return [weights[0][:, structure.turn(owner)], *weights[1:]]
    return [*weights[:-1], weights[-1][..., structure.turn(owner)]]


def _of_root(problem: Problem, root: int, weight: Array) -> Array:
    soft = problem.case.soft.get(root)
    return weight if soft is None else weight * soft


def _families(
    problem: Problem, weights: Sequence[Array]
) -> Iterator[tuple[int, list[Factor], list[Array]]]:
    """Each variable with the factors of its family and their weights, in the factors' order."""
    found: dict[int, tuple[list[Factor], list[Array]]] = {}
    for factor, weight in zip(problem.factors.factors, weights, strict=True):
        if not factor.soft:
            factors, own = found.setdefault(factor.owner, ([], []))
            factors.append(factor)
            own.append(weight)
    for owner, (factors, own) in found.items():
        yield owner, factors, own
