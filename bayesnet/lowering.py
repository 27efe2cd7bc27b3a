"""From a network and a pattern of observed variables to factors over small scopes.

What is observed is sliced away, a noisy-MAX is broken into a chain of running maxima with
positive entries only (Heckerman 1993; Díez & Galán 2003), so a family with k parents costs
k tables of three variables instead of one table of k + 1. A noisy-MAX leaf observed at its
lowest state falls apart into one factor per parent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from bayesnet.network import Array, Network, NoisyMax, Table

HARD, LOWEST, SOFT = 1, 2, 3
"""How a variable is observed: in some state, in its lowest (noisy-MAX leaves), by likelihood."""

Pattern = tuple[tuple[int, int], ...]
"""(variable, how) for each observed variable, ascending."""


@dataclass(frozen=True, eq=False)
class Lookup:
    """Rows of `base` chosen per case by the observed variables: sum of code x stride.

    base: shape (rows, *block). No strides: one row for every case.
    """

    base: Array
    strides: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Factor:
    """A function of the vertices in `scope`, as recipes of what each case looks up.

    One lookup is the table itself. Several are distributions (last axis: states) whose
    maximum's distribution is the table; `state` then picks one state of it.
    """

    scope: tuple[int, ...]
    lookups: tuple[Lookup, ...]
    state: int | None = None


@dataclass(frozen=True, eq=False)
class Lowered:
    """Factors over vertices: tree variables first, then chain variables.

    vertices: the network's variable of each vertex, -1 for a chain variable.
    sizes: number of states of each vertex.
    soft: vertices that take a likelihood per case.
    """

    vertices: tuple[int, ...]
    sizes: tuple[int, ...]
    factors: tuple[Factor, ...]
    soft: tuple[int, ...]


@dataclass
class _Builder:
    """Collects vertices and factors while a pattern is lowered."""

    network: Network
    pattern: Mapping[int, int]
    vertex_of: dict[int, int]
    sizes: list[int]
    rank: Mapping[int, float]
    factors: list[Factor] = field(default_factory=list)

    def add_chain_vertex(self, states: int) -> int:
        self.sizes.append(states)
        return len(self.sizes) - 1

    def split(self, parents: Iterable[int]) -> tuple[list[int], list[int]]:
        """Positions of observed parents, and of those in the tree (by rank)."""
        listed = list(enumerate(parents))
        seen = [at for at, parent in listed if parent not in self.vertex_of]
        free = [(self.rank[parent], at) for at, parent in listed if parent in self.vertex_of]
        return seen, [at for _, at in sorted(free)]


def lower(
    network: Network,
    parents: Sequence[Sequence[int]],
    pattern: Pattern,
    core: Sequence[int],
    rank: Mapping[int, float],
) -> Lowered:
    """Factors for P(observed, core).

    parents: indices of each variable's parents. core: unobserved or softly observed variables
    to keep as vertices; with the observed ones it must hold all of its own ancestors.
    rank: the order in which a chain takes its parents.
    """
    observed = dict(pattern)
    vertex_of = {variable: vertex for vertex, variable in enumerate(core)}
    sizes = [len(network.variables[variable].states) for variable in core]
    builder = _Builder(network, observed, vertex_of, sizes, rank)
    hard = [variable for variable, how in pattern if how != SOFT]
    has_child = {parent for variable in (*core, *hard) for parent in parents[variable]}
    for variable in (*core, *hard):
        family = network.families[variable]
        if isinstance(family, Table):
            _lower_table(builder, variable, family, parents[variable], variable not in has_child)
        elif observed.get(variable) == LOWEST:
            _lower_lowest(builder, variable, family, parents[variable])
        else:
            _lower_noisy(builder, variable, family, parents[variable])
    soft = tuple(vertex_of[variable] for variable, how in pattern if how == SOFT)
    vertices = (*core, *([-1] * (len(builder.sizes) - len(core))))
    return Lowered(vertices, tuple(builder.sizes), tuple(builder.factors), soft)


def lookup(base: Array, observed: Sequence[int], axes: Sequence[int]) -> Lookup:
    """A lookup from an array whose leading axes are observed variables' states."""
    count = len(observed)
    strides: list[tuple[int, int]] = []
    stride = 1
    for at in range(count - 1, -1, -1):
        strides.append((observed[at], stride))
        stride *= axes[at]
    return Lookup(np.ascontiguousarray(base.reshape((stride, *base.shape[count:]))), tuple(strides))


def _lower_table(
    builder: _Builder, variable: int, family: Table, parents: Sequence[int], leaf: bool
) -> None:
    family_variables = [*parents, variable]
    values = family.values
    if leaf and variable not in builder.vertex_of:
        # An extra state of weight 1: the row that stands for "not observed in this case".
        values = np.concatenate([values, np.ones((*values.shape[:-1], 1))], axis=-1)
    seen = [at for at, each in enumerate(family_variables) if each not in builder.vertex_of]
    free = [at for at, each in enumerate(family_variables) if each in builder.vertex_of]
    moved = values.transpose([*seen, *free])
    found = lookup(moved, [family_variables[at] for at in seen], [values.shape[at] for at in seen])
    scope = tuple(builder.vertex_of[family_variables[at]] for at in free)
    builder.factors.append(Factor(scope, (found,)))


def _lower_lowest(
    builder: _Builder, variable: int, family: NoisyMax, parents: Sequence[int]
) -> None:
    """P(lowest state | parents) is a product over parents: a factor for each by itself."""

    def with_unasked(lowest: Array) -> Array:
        """Axis 0: the variable's code; the last row, all ones, means not observed."""
        rows = np.ones((len(family.leak) + 1, *lowest.shape))
        rows[0] = lowest
        return rows

    codes = len(family.leak) + 1
    leak = with_unasked(family.leak[0])
    builder.factors.append(Factor((), (lookup(leak, [variable], [codes]),)))
    for parent, link in zip(parents, family.links, strict=True):
        rows = with_unasked(link[:, 0])
        if parent in builder.vertex_of:
            scope: tuple[int, ...] = (builder.vertex_of[parent],)
            builder.factors.append(Factor(scope, (lookup(rows, [variable], [codes]),)))
        else:
            found = lookup(rows, [variable, parent], [codes, len(link)])
            builder.factors.append(Factor((), (found,)))


def _lower_noisy(
    builder: _Builder, variable: int, family: NoisyMax, parents: Sequence[int]
) -> None:
    """A chain: running maximum after each parent; the last one is the variable itself."""
    kept = variable in builder.vertex_of
    seen, free = builder.split(parents)
    codes = [] if kept else [len(family.leak) + 1]
    own = [] if kept else [variable]
    reduce = (lambda pmf, inert: pmf) if kept else _below_or_at
    started = [lookup(reduce(family.leak, 1), own, codes)]
    for at in seen:
        rows = reduce(family.links[at], 0)
        started.append(lookup(rows, [*own, parents[at]], [*codes, len(family.links[at])]))
    states = len(family.leak) if kept else 2
    last = None if kept else 1
    end = (builder.vertex_of[variable],) if kept else ()
    if not free:
        builder.factors.append(Factor(end, tuple(started), last))
        return
    running = -1
    for step, at in enumerate(free):
        rows = reduce(family.links[at], 0)
        parent = builder.vertex_of[parents[at]]
        final = step == len(free) - 1
        target = end if final else (builder.add_chain_vertex(states),)
        state = last if final else None
        if step == 0:
            starts = tuple(Lookup(each.base[:, None, :], each.strides) for each in started)
            found = (*starts, lookup(rows, own, codes))
            builder.factors.append(Factor((parent, *target), found, state))
        else:
            stepped = lookup(_step(rows, states, bool(own)), own, codes)
            if state is not None:
                stepped = Lookup(stepped.base[..., state], stepped.strides)
            builder.factors.append(Factor((running, parent, *target), (stepped,)))
        running = target[0] if target else -1


def _below_or_at(pmf: Array, inert: int) -> Array:
    """For an observed maximum: (weight below, weight at) the observed state.

    Returns shape (states + 1, *pmf.shape[:-1], 2); the last row, for "not observed", passes
    a weight of one through the chain (`inert`: 1 for the leak, 0 for a link).
    """
    states = pmf.shape[-1]
    rows = np.zeros((states + 1, *pmf.shape[:-1], 2))
    for state in range(states):
        rows[state, ..., 0] = pmf[..., :state].sum(axis=-1)
        rows[state, ..., 1] = pmf[..., state]
    rows[states, ..., inert] = 1.0
    return rows


def _step(rows: Array, states: int, by_code: bool) -> Array:
    """P(new maximum | old maximum, parent): axes ([code,] old, parent, new)."""
    lead = rows.shape[:1] if by_code else ()
    out = np.zeros((*lead, states, rows.shape[-2], states))
    cumulative = np.cumsum(rows, axis=-1)
    for old in range(states):
        out[..., old, :, old] = cumulative[..., old]
        out[..., old, :, old + 1 :] = rows[..., old + 1 :]
    return out
