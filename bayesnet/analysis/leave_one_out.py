"""The case again without one observation: weights of evidence, and what clashes.

Good (1950): the weight of e_i for x is log [odds(x | e) / odds(x | e without e_i)]. A leaf is
left out by leaving out its factors; a variable with children is mixed over its states, each by
how probable it makes the rest. Either way the tape stays, and a few of its tables change.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bayesnet.analysis.pairs import shares
from bayesnet.inference.cases import Case
from bayesnet.inference.factors import Factor, refactored
from bayesnet.inference.posteriors import posterior_of
from bayesnet.inference.problem import Planner, Problem, blocks
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Without:
    """What is left without an observation.

    log_z: log of the probability of the rest. posteriors: {target: shape (states,)}.
    """

    log_z: float
    posteriors: Mapping[int, Array]


@dataclass(frozen=True, eq=False)
class Variant:
    """The case with some factors changed, on the same tape.

    tables: {slot: its numbers}, the product of its factors. scale: what the factors of no vertex
    come to, over what they come to in the case.
    """

    tables: Mapping[int, Array]
    scale: float


def by_itself(planner: Planner, case: Case, variable: int, targets: Sequence[int]) -> Without:
    """Compute what is left without one observation, by a plan of its own."""
    rest = posterior_of(planner, case.without([variable]), targets)
    marginals = rest.marginals(targets)
    return Without(float(rest.log_z[0]), {t: each[:, 0] for t, each in marginals.items()})


def left_out(planner: Planner, problem: Problem, targets: Sequence[int]) -> dict[int, Without]:
    """{observed variable: what is left without it}, from lanes of the tape.

    By a plan of its own where the tape has no place for that, or what is left is too small.
    """
    several: dict[int, list[Variant]] = {}
    for variable in problem.case.variables:
        variants = list(_variants(problem, variable))
        if len(variants) == _needed(problem, variable):
            several[variable] = variants
    every = [each for variants in several.values() for each in variants]
    width = problem.width(len(every))
    blocked = [_run(problem, every[some], targets) for some in blocks(len(every), width)]
    joint = np.concatenate(blocked, axis=1) if blocked else np.zeros((1, 0))
    ends = np.cumsum([0, *(problem.structure.sizes[t] for t in targets)]).tolist()
    found: dict[int, Without] = {}
    at = 0
    for variable, variants in several.items():
        own = joint[:, at : at + len(variants)].sum(axis=1)
        at += len(variants)
        if own[0] > 0.0:
            shares = np.maximum(own[1:], 0.0) / own[0]
            log_z = problem.log_z + float(np.log(own[0])) - problem.case.scales.get(variable, 0.0)
            parts = {t: shares[a:b] for t, (a, b) in zip(targets, pairwise(ends), strict=True)}
            found[variable] = Without(log_z, parts)
    rest = [v for v in problem.case.variables if v not in found]
    return {**found, **{v: by_itself(planner, problem.case, v, targets) for v in rest}}


def _run(problem: Problem, variants: Sequence[Variant], targets: Sequence[int]) -> Array:
    """P(variant) and P(target, variant) over P(case), shape (1 + targets' states, variants)."""
    changed = {}
    for slot in sorted({slot for each in variants for slot in each.tables}):
        own = problem.ring.product(problem.tables[slot])
        changed[slot] = np.repeat(own, len(variants), axis=-1)
        for at, each in enumerate(variants):
            if slot in each.tables:
                changed[slot][..., at] = each.tables[slot][..., 0]
    forward = problem.variants({}, changed)
    share, found = shares(problem, forward, targets, len(variants))
    share = share * [each.scale for each in variants]
    return np.concatenate([share[None], found * share])


def _needed(problem: Problem, variable: int) -> int:
    """How many variants it takes to leave a variable out."""
    inside = problem.owned
    alone = variable in problem.case.soft
    has_child = any(child in inside for child in problem.structure.children[variable])
    return problem.structure.sizes[variable] if has_child and not alone else 1


def _variants(problem: Problem, variable: int) -> Iterator[Variant]:
    """Yield the variants whose sum leaves out what is said of a variable; none: by itself."""
    structure, case = problem.structure, problem.case
    inside = problem.owned
    children = [c for c in structure.children[variable] if c in inside]
    if variable in case.soft:
        gone = [at for at in inside.get(variable, ()) if problem.factors.factors[at].soft]
        if gone and variable not in case.hard:
            yield from _changed(problem, gone, [])
        return
    if not children:
        # Roots that were summed out with the leaf have to count for themselves then.
        absorbed = problem.factors.absorbed
        mass = [absorbed[p].sum() for p in structure.parents[variable] if p in absorbed]
        yield from _changed(problem, inside[variable], [], math.prod(mass))
        return
    families = [variable, *children]
    gone = [at for v in families for at in inside[v] if not problem.factors.factors[at].soft]
    for state in range(structure.sizes[variable]):
        other = case.with_states({variable: state})
        new = refactored(structure, problem.factors, other, families)
        yield from _changed(problem, gone, new)


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


def decibans(with_it: float, without_it: float, most: float = 100.0) -> float:
    """10 log10 of the ratio of odds, held within +-`most` where one of them is 0 or infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.array([with_it, without_it])
        odds = np.log10(both) - np.log10(1.0 - both)
        weight = 10.0 * float(odds[0] - odds[1])
    return 0.0 if np.isnan(weight) else float(np.clip(weight, -most, most))
