"""Planning a query: what to keep, what to slice away, what to read off after propagation."""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bayesnet.inference.clique_tree import BYTES_AN_ENTRY, Program, build_program
from bayesnet.inference.factors import (
    HARD,
    LOWEST,
    SOFT,
    Arrangement,
    Lookup,
    Pattern,
    arrange,
    fill_in,
    lookup,
)
from bayesnet.inference.joints import JointPlan, Wanted, plan_joints
from bayesnet.inference.least_recently_used import LeastRecentlyUsed
from bayesnet.inference.triangulation import (
    RULES,
    Elimination,
    JunctionTree,
    best_elimination,
    junction_tree,
    mask_of,
)
from bayesnet.network import Network, NoisyMax, Table

SMALL_TABLE = 1 << 14
"""Entries up to which a noisy-MAX leaf that nobody observed is read off as a full table."""
JOINTS_KEPT = 32
FIFTHS = 5
EVIDENCE_SHARE = 0.2
"""Of the variables, how many evidence may be counted on to make known."""


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
    seen: lookups of the same for observed parents and the leak. All are lowest state first;
    order: turns that into the order in which the leaf lists its states.
    """

    variable: int
    states: int
    order: slice
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
    repeats: int = 0,
) -> Plan:
    """Plan a query; raises TooLargeError when even the best tree found is over the budget.

    repeats: how many propagations beyond the first a cheaper tree should repay.
    """
    outline = _outlined(network, parents, pattern, request, repeats)
    core = outline.core
    vertex_of = {variable: vertex for vertex, variable in enumerate(core)}
    last = mask_of(vertex_of[v] for v in request.last if v in vertex_of)
    what = f"a junction tree for {len(core)} unobserved variables"
    lowered = fill_in(network, parents, pattern, core, outline.arrangement)
    tree = junction_tree(lowered.sizes, outline.elimination, last)
    program = build_program(lowered, tree, budget, what)
    tables = tuple(table_readout(network, parents, v, vertex_of) for v in outline.tabled)
    products = tuple(product_readout(network, parents, v, vertex_of) for v in outline.products)
    return Plan(program, vertex_of, tables, products)


@dataclass(frozen=True)
class Sketch:
    """The tree that a plan would lay out, with no table allocated.

    core: the variable of each of the first vertices, the others are of chains; sizes: number of
    states of each vertex.
    """

    tree: JunctionTree
    core: tuple[int, ...]
    sizes: tuple[int, ...]

    @property
    def memory(self) -> int:
        """Bytes that the plan's tables would take."""
        return self.tree.cost * BYTES_AN_ENTRY


def sketch(
    network: Network,
    parents: Sequence[Sequence[int]],
    pattern: Pattern,
    request: Request,
    repeats: int = 0,
) -> Sketch:
    """What `make_plan` lays out for these arguments."""
    outline = _outlined(network, parents, pattern, request, repeats)
    return Sketch(_tree(outline), outline.core, outline.arrangement.sizes)


def fits_with_evidence(network: Network, parents: Sequence[Sequence[int]], budget: int) -> bool:
    """Whether all marginals are within the budget (bytes) once a fifth of the variables is known.

    More often than not, over a few fifths drawn by chance (always the same).
    """
    request = Request(wanted=tuple(range(len(parents))))
    count = max(1, round(EVIDENCE_SHARE * len(parents)))
    fitting = 0
    for seed in range(FIFTHS):
        known = sorted(random.Random(seed).sample(range(len(parents)), count))
        pattern = tuple((variable, HARD) for variable in known)
        fitting += sketch(network, parents, pattern, request).memory <= budget
    return fitting > FIFTHS // 2


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


def reads_as_table(network: Network, variable: int) -> bool:
    """Whether a leaf that nobody observed is small enough to be read by its full table."""
    family = network.families[variable]
    if not isinstance(family, NoisyMax):
        return True
    entries = math.prod(len(link) for link in family.links) * len(family.leak)
    return entries <= SMALL_TABLE


@dataclass(frozen=True)
class _Outline:
    """What a plan will hold: variables in the tree, leaves read off it, and the elimination."""

    core: tuple[int, ...]
    tabled: tuple[int, ...]
    products: tuple[int, ...]
    arrangement: Arrangement
    elimination: Elimination


def _outlined(
    network: Network,
    parents: Sequence[Sequence[int]],
    pattern: Pattern,
    request: Request,
    repeats: int,
) -> _Outline:
    hard = {variable for variable, how in pattern if how != SOFT}
    soft = {variable for variable, how in pattern if how == SOFT}
    wanted = set(request.wanted) - hard
    kept = set(request.kept) - hard
    relevant = ancestors(parents, hard | soft | wanted | kept)
    inner = {parent for variable in relevant for parent in parents[variable]}
    deferred = sorted(wanted - inner - kept - soft)
    core = tuple(sorted(relevant - hard - set(deferred)))
    tabled = tuple(v for v in deferred if reads_as_table(network, v))
    products = tuple(v for v in deferred if not reads_as_table(network, v))
    inside = {variable: vertex for vertex, variable in enumerate(core)}
    in_clique = [
        tuple(inside[p] for p in parents[v] if p in inside)
        for v in tabled
        if isinstance(network.families[v], Table)
    ]
    last = mask_of(inside[v] for v in request.last if v in inside)

    def tried(rank: Mapping[int, float]) -> tuple[Arrangement, Elimination]:
        arrangement = arrange(network, parents, pattern, core, rank)
        scopes = [*(scope for family in arrangement.scopes for scope in family), *in_clique]
        return arrangement, best_elimination(arrangement.sizes, scopes, RULES, repeats, last)

    found, elimination = tried(loads(parents, pattern, core))
    if len(found.sizes) > len(core):
        # Parents that go at about the same time had better be neighbours in the chains too.
        rank = {core[v]: float(at) for at, v in enumerate(elimination.order) if v < len(core)}
        again, other = tried(rank)
        if other.cost < elimination.cost:
            found, elimination = again, other
    return _Outline(core, tabled, products, found, elimination)


def _tree(outline: _Outline) -> JunctionTree:
    return junction_tree(outline.arrangement.sizes, outline.elimination)


def loads(
    parents: Sequence[Sequence[int]], pattern: Pattern, core: Sequence[int]
) -> dict[int, float]:
    """How many children that couple their parents each variable of the core has."""
    found = dict.fromkeys(core, 0.0)
    observed = [variable for variable, how in pattern if how not in (SOFT, LOWEST)]
    for variable in (*core, *observed):
        for parent in parents[variable]:
            if parent in found:
                found[parent] += 1.0
    return found


def table_readout(
    network: Network,
    parents: Sequence[Sequence[int]],
    variable: int,
    vertex_of: Mapping[int, int],
) -> TableReadout:
    """How to read a leaf from the joint of its unobserved parents; shapes as in the class."""
    values = network.families[variable].table()
    own = parents[variable]
    seen = [at for at, parent in enumerate(own) if parent not in vertex_of]
    free = [at for at, parent in enumerate(own) if parent in vertex_of]
    moved = values.transpose([*seen, *free, len(own)])
    found = lookup(moved, [own[at] for at in seen], [values.shape[at] for at in seen])
    base = found.base.reshape(len(found.base), -1, values.shape[-1])
    return TableReadout(variable, tuple(own[at] for at in free), Lookup(base, found.strides))


def product_readout(
    network: Network,
    parents: Sequence[Sequence[int]],
    variable: int,
    vertex_of: Mapping[int, int],
) -> ProductReadout:
    """How a noisy-MAX leaf outside the tree is read off as a product over its parents."""
    family = network.families[variable]
    assert isinstance(family, NoisyMax)
    below: dict[int, np.ndarray] = {}
    seen = [Lookup(np.cumsum(family.leak[family.order])[None, :], ())]
    for parent, link in zip(parents[variable], family.links, strict=True):
        cumulative = np.cumsum(link[:, family.order], axis=1)
        if parent in vertex_of:
            below[vertex_of[parent]] = cumulative
        else:
            seen.append(lookup(cumulative, [parent], [len(link)]))
    return ProductReadout(variable, len(family.leak), family.order, below, tuple(seen))
