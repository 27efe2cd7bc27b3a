"""Planning a query: what to keep, what to slice away, what to read off after propagation."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bayesnet.cache import LeastRecentlyUsed
from bayesnet.graph import RULES, Elimination, best_elimination, mask_of
from bayesnet.joints import JointPlan, Wanted, plan_joints
from bayesnet.lowering import LOWEST, SOFT, Lookup, Lowered, Pattern, lookup, lower
from bayesnet.network import Network, NoisyMax, Table
from bayesnet.program import Program, build_program

ENOUGH = 1 << 17
"""Table entries below which a better triangulation would not repay the search."""
SMALL_TABLE = 1 << 14
"""Entries up to which a noisy-MAX leaf that nobody observed is read off as a full table."""
JOINTS_KEPT = 32


@dataclass(frozen=True)
class Request:
    """What a query is for.

    wanted: variables whose marginals are read. kept: variables that must be in the tree, for
    joints. last: variables eliminated after all others, for a maximisation over them.
    """

    wanted: tuple[int, ...] = ()
    kept: tuple[int, ...] = ()
    last: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class TableReadout:
    """An unobserved leaf's marginal, from the joint of its unobserved parents.

    found: looks up P(leaf | parents), block shape (parents' states, leaf's states).
    """

    variable: int
    parents: tuple[int, ...]
    found: Lookup


@dataclass(frozen=True, eq=False)
class ProductReadout:
    """A noisy-MAX leaf's marginal: P(leaf <= s) is the mean of a product over its parents.

    below: {vertex: cumulative link, shape (states of the parent, states)};
    seen: lookups of the same for observed parents and the leak.
    """

    variable: int
    states: int
    below: Mapping[int, np.ndarray]
    seen: tuple[Lookup, ...]


@dataclass(frozen=True, eq=False)
class Plan:
    """A compiled query for one pattern of observed variables."""

    program: Program
    vertex_of: Mapping[int, int]
    tables: tuple[TableReadout, ...]
    products: tuple[ProductReadout, ...]
    _joints: LeastRecentlyUsed = field(default_factory=lambda: LeastRecentlyUsed(JOINTS_KEPT))

    def joint_plan(self, joints: tuple[Wanted, ...]) -> JointPlan:
        """The steps for some joints of vertices, planned when they are first asked."""
        return self._joints.get(joints, lambda: plan_joints(self.program, joints))


def make_plan(
    network: Network,
    parents: Sequence[Sequence[int]],
    pattern: Pattern,
    request: Request,
    budget: int,
    restarts: int = 0,
) -> Plan:
    """Plan a query; raises TooLargeError when even the best tree found is over the budget."""
    hard = {variable for variable, how in pattern if how != SOFT}
    soft = {variable for variable, how in pattern if how == SOFT}
    wanted = set(request.wanted) - hard
    kept = set(request.kept) - hard
    relevant = ancestors(parents, hard | soft | wanted | kept)
    inner = {parent for variable in relevant for parent in parents[variable]}
    deferred = sorted(wanted - inner - kept - soft)
    core = sorted(relevant - hard - set(deferred))
    tabled = [v for v in deferred if _reads_as_table(network, v)]
    in_clique = [v for v in tabled if isinstance(network.families[v], Table)]
    lowered, elimination = _triangulated(
        network, parents, pattern, core, in_clique, request, restarts
    )
    vertex_of = {variable: vertex for vertex, variable in enumerate(core)}
    last = mask_of(vertex_of[v] for v in request.last if v in vertex_of)
    what = f"a junction tree for {len(core)} unobserved variables"
    program = build_program(lowered, elimination, last, budget, what)
    tables = tuple(_table_readout(network, parents, v, vertex_of) for v in tabled)
    products = tuple(
        _product_readout(network, parents, v, vertex_of) for v in deferred if v not in set(tabled)
    )
    return Plan(program, vertex_of, tables, products)


def ancestors(parents: Sequence[Sequence[int]], variables: Iterable[int]) -> set[int]:
    """The variables with all their ancestors."""
    found: set[int] = set()
    waiting = list(variables)
    while waiting:
        variable = waiting.pop()
        if variable not in found:
            found.add(variable)
            waiting.extend(parents[variable])
    return found


def _reads_as_table(network: Network, variable: int) -> bool:
    family = network.families[variable]
    if not isinstance(family, NoisyMax):
        return True
    entries = math.prod(len(link) for link in family.links) * len(family.leak)
    return entries <= SMALL_TABLE


def _triangulated(
    network: Network,
    parents: Sequence[Sequence[int]],
    pattern: Pattern,
    core: Sequence[int],
    tabled: Sequence[int],
    request: Request,
    restarts: int,
) -> tuple[Lowered, Elimination]:
    """The cheapest of several chain orders and elimination rules, cheap tries first."""
    inside = {variable: vertex for vertex, variable in enumerate(core)}
    scopes = [tuple(inside[p] for p in parents[v] if p in inside) for v in tabled]
    last = mask_of(inside[v] for v in request.last if v in inside)
    load = dict.fromkeys(inside, 0.0)
    observed = [variable for variable, how in pattern if how not in (SOFT, LOWEST)]
    for variable in (*core, *observed):
        for parent in parents[variable]:
            if parent in load:
                load[parent] += 1.0
    ranks = (load, {variable: -count for variable, count in load.items()})
    best: tuple[Lowered, Elimination] | None = None
    for rules, again in ((("min_weight",), 0), (RULES, restarts)):
        if best is not None and best[1].cost < ENOUGH and not restarts:
            break
        for rank in ranks:
            lowered = lower(network, parents, pattern, core, rank)
            joined = [*(f.scope for f in lowered.factors), *scopes]
            found = best_elimination(lowered.sizes, joined, rules, again, last)
            if best is None or found.cost < best[1].cost:
                best = lowered, found
    assert best is not None
    return best


def _table_readout(
    network: Network,
    parents: Sequence[Sequence[int]],
    variable: int,
    vertex_of: Mapping[int, int],
) -> TableReadout:
    values = network.families[variable].table()
    own = parents[variable]
    seen = [at for at, parent in enumerate(own) if parent not in vertex_of]
    free = [at for at, parent in enumerate(own) if parent in vertex_of]
    moved = values.transpose([*seen, *free, len(own)])
    found = lookup(moved, [own[at] for at in seen], [values.shape[at] for at in seen])
    base = found.base.reshape(len(found.base), -1, values.shape[-1])
    return TableReadout(variable, tuple(own[at] for at in free), Lookup(base, found.strides))


def _product_readout(
    network: Network,
    parents: Sequence[Sequence[int]],
    variable: int,
    vertex_of: Mapping[int, int],
) -> ProductReadout:
    family = network.families[variable]
    assert isinstance(family, NoisyMax)
    below: dict[int, np.ndarray] = {}
    seen = [Lookup(np.cumsum(family.leak)[None, :], ())]
    for parent, link in zip(parents[variable], family.links, strict=True):
        cumulative = np.cumsum(link, axis=1)
        if parent in vertex_of:
            below[vertex_of[parent]] = cumulative
        else:
            seen.append(lookup(cumulative, [parent], [len(link)]))
    return ProductReadout(variable, len(family.leak), below, tuple(seen))
