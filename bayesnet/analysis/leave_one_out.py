"""The case again without one observation: weights of evidence, and what clashes.

Good (1950): the weight of e_i for x is log [odds(x | e) / odds(x | e without e_i)]. A leaf is
left out by leaving out its factors; a variable with children is mixed over its states, each by
how probable it makes the rest. Either way the tape stays, and a few of its tables change.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.cases import Case
from bayesnet.inference.core import Core, Read
from bayesnet.inference.factors import Factor, refactored
from bayesnet.inference.passes import Forward
from bayesnet.inference.posteriors import posterior_of
from bayesnet.inference.problem import Planner, Problem
from bayesnet.inference.rings import LINEAR, contract
from bayesnet.inference.tuning import SAFE
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


def left_out(planner: Planner, problem: Problem, targets: Sequence[int]) -> dict[int, Without]:
    """{observed variable: what is left without it}, each by a plan of its own."""
    return {v: by_itself(planner, problem.case, v, targets) for v in problem.case.variables}


def by_itself(planner: Planner, case: Case, variable: int, targets: Sequence[int]) -> Without:
    """Compute what is left without one observation, by a plan of its own."""
    rest = posterior_of(planner, case.without([variable]), targets, targets)
    marginals = rest.marginals(targets)
    return Without(float(rest.log_z[0]), {t: each[:, 0] for t, each in marginals.items()})


def left_out_of_core(planner: Planner, core: Core, targets: Sequence[int]) -> dict[int, Without]:
    """Do what `left_out` does where the targets are a core that was run in plain numbers."""
    problem = core.problem
    found: dict[int, Without] = {}
    several: dict[int, list[Variant]] = {}
    for variable in problem.case.variables:
        variants = list(_variants(problem, variable))
        if len(variants) == _needed(problem, variable):
            several[variable] = variants
    reads = _read(core, [each for variants in several.values() for each in variants])
    at = 0
    for variable, variants in several.items():
        own = reads[at : at + len(variants)]
        at += len(variants)
        z = np.array([each.z for each in own])
        if z.sum() < SAFE:
            continue
        mixed = {t: sum(each.marginals[t] for each in own) / z.sum() for t in targets}
        ratio = z.sum() / float(core.forward.tables[-1].item())
        log_z = problem.log_z + float(np.log(ratio)) - problem.case.scales.get(variable, 0.0)
        found[variable] = Without(log_z, {t: np.asarray(v) for t, v in mixed.items()})
    for variable in problem.case.variables:
        if variable not in found:
            found[variable] = by_itself(planner, problem.case, variable, targets)
    return found


@dataclass(frozen=True, eq=False)
class _One:
    """What one variant comes to."""

    z: float
    marginals: Mapping[int, Array]


def _read(core: Core, variants: Sequence[Variant]) -> list[_One]:
    """Each variant; those that change one-vertex weights alone all together."""
    singles = {slot for slots in core.weights for slot in slots}
    found: dict[int, _One] = {}
    together: list[int] = []
    weights, scales = [], []
    for at, variant in enumerate(variants):
        changed, scale = _up_to_core(core.forward, variant.tables, variant.scale)
        own = _weights(core, changed)
        if set(changed) <= singles:
            together.append(at)
            weights.append(own)
            scales.append(scale)
            continue
        read = core.read(core.changed(changed), [own])
        found[at] = _one(read, 0, scale)
    if together:
        read = core.read(core.table, weights)
        for row, at in enumerate(together):
            found[at] = _one(read, row, scales[row])
    return [found[at] for at in range(len(variants))]


def _one(read: Read, row: int, scale: float) -> _One:
    marginals = {v: each[row] * scale for v, each in read.marginals.items()}
    return _One(float(read.z[row]) * scale, marginals)


def _weights(core: Core, changed: Mapping[int, Array]) -> list[Array]:
    """One-vertex weights of the core with some of them changed."""
    found = list(core.base)
    for at, slots in enumerate(core.weights):
        if any(slot in changed for slot in slots):
            product = np.ones(len(found[at]))
            for slot in slots:
                table = changed.get(slot, core.forward.tables[slot])
                product = product * table.reshape(-1)
            found[at] = product
    return found


def _up_to_core(
    forward: Forward, tables: Mapping[int, Array], scale: float
) -> tuple[dict[int, Array], float]:
    """Run the steps from changed tables up to the core; returns {its changed input: table}, scale.

    What a part of the network beside the core comes to goes into the scale.
    """
    tape = forward.tape
    last = len(tape.steps) - 1
    changed = dict(tables)
    waiting = {tape.consumer[slot] for slot in tables} - {last}
    while waiting:
        at = min(waiting)
        waiting.remove(at)
        step = tape.steps[at]
        operands = []
        for slot, labels, shape in zip(step.inputs, step.labels, step.shapes, strict=True):
            table = changed.get(slot, forward.tables[slot])
            operands.append((table.reshape(*shape, 1), labels))
        slot = tape.factors + at
        changed[slot] = contract(LINEAR, operands, step.out)
        if tape.consumer[slot] < 0:
            scale *= changed[slot].item() / forward.tables[slot].item()
        elif tape.consumer[slot] != last:
            waiting.add(tape.consumer[slot])
    return {slot: table for slot, table in changed.items() if tape.consumer[slot] == last}, scale


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
    # A chain that is left out leaves its running maxima behind, free to be anything.
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
        tables[slot] = LINEAR.product(parts) if parts else np.ones_like(problem.tables[slot][0])
    yield Variant(tables, scale)


def decibans(with_it: float, without_it: float, most: float = 100.0) -> float:
    """10 log10 of the ratio of odds, held within +-`most` where one of them is 0 or infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.array([with_it, without_it])
        odds = np.log10(both) - np.log10(1.0 - both)
        weight = 10.0 * float(odds[0] - odds[1])
    return 0.0 if np.isnan(weight) else float(np.clip(weight, -most, most))
