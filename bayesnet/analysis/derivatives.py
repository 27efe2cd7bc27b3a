"""From the derivatives by the entries of factors to those by the numbers of the network.

Each family is walked back the way its factors were made; no number is moved, so nothing is
approximated (Darwiche 2003, J ACM 50:280-305).
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from bayesnet.analysis.adjoints import NoisyView, by_factors, by_lowest, table_weights
from bayesnet.inference.factors import Factor
from bayesnet.inference.family_factors import ABSORBED, View
from bayesnet.inference.noisy_sources import Known
from bayesnet.inference.problem import Problem
from bayesnet.inference.structure import Structure
from bayesnet.network import Array, Family, Table


def numbers_of(family: Family) -> tuple[Array, ...]:
    """Return the arrays of numbers that make a family: its table, or its leak and its links."""
    return (family.values,) if isinstance(family, Table) else (family.leak, *family.links)


def by_number(
    problem: Problem, weights: Sequence[Array], of: AbstractSet[int] | None = None
) -> dict[int, list[Array]]:
    """{variable: derivative of log P by each array of its family, (lanes, *array's shape)}.

    weights: of each factor, as `factor_weights`. of: the variables whose families are wanted; all
    by default.
    """
    structure, soft = problem.structure, problem.case.soft
    absorbed = problem.factors.absorbed
    found: dict[int, list[Array]] = {}
    for owner, factors, own in _families(problem, weights):
        # A root that is summed out with its child is differentiated there.
        roots = [p for p in structure.parents[owner] if p in absorbed]
        if of is None or not of.isdisjoint((owner, *roots)):
            scopes = [factor.scope for factor in factors]
            view = problem.factors.views[owner]
            found |= by_family(structure, view, scopes, absorbed, soft, own)
    return found


def by_family(
    structure: Structure,
    view: View,
    scopes: Sequence[Sequence[int]],
    absorbed: Mapping[int, Array],
    soft: Mapping[int, Array],
    own: Sequence[Array],
) -> dict[int, list[Array]]:
    """{variable: derivative by each array of its family}: of a family and of roots summed with it.

    scopes: of its factors; vertices that are no variables count from the number of variables on.
    absorbed, soft: weights and likelihoods of roots. own: derivative by each factor, (lanes, *its
    shape).
    """
    owner, parents = view.variable, structure.parents[view.variable]
    family = structure.families[owner]
    if isinstance(family, Table):
        index = tuple(code if code >= 0 else slice(None) for code in (*view.known, view.state))
        return {owner: [table_weights(family.values.shape, index, own[0])]}
    pairs = zip(parents, view.known, strict=True)
    known: list[Known] = [
        absorbed[p] if code == ABSORBED else code if code >= 0 else None for p, code in pairs
    ]
    state = structure.rank(owner, view.state) if view.state >= 0 else -1
    inside = {v for scope in scopes for v in scope} & set(parents)
    taken = dict.fromkeys(v for scope in scopes for v in scope if v in inside)
    free = [parents.index(v) for v in taken]
    # Of a table and of a chain the first factor has a parent, or no vertex of its own.
    signed = inside.isdisjoint(scopes[0]) and max(scopes[0], default=-1) >= len(structure.sizes)
    seen = NoisyView(structure.arrays[owner], known, free, state, signed)
    if state == 0:
        arrays, roots = by_lowest(seen, [own[-1], *own[:-1]])
    else:
        arrays, roots = by_factors(seen, _lowest_first(structure, owner, seen, own))
    found = {owner: [each[..., structure.turn(owner)] for each in arrays]}
    for place, weight in roots.items():
        root = parents[place]
        found[root] = [weight * soft[root] if root in soft else weight]
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
