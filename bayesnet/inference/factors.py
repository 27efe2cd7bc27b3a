"""From a network and a pattern of observed variables to factors over small scopes.

What is observed is sliced away, a noisy-MAX is broken into a chain of running maxima with
positive entries only (Heckerman 1993; Díez & Galán 2003), so a family with k parents costs
k tables of three variables instead of one table of k + 1. A noisy-MAX leaf observed at its
lowest state falls apart into one factor per parent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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
    maximum's distribution is the table; `state` then picks one state of it, or turns them round.
    """

    scope: tuple[int, ...]
    lookups: tuple[Lookup, ...]
    state: int | slice | None = None


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


@dataclass(frozen=True)
class Arrangement:
    """Which vertices the factors of each family touch, before any number is looked at.

    sizes: number of states of each vertex. scopes: of each family's factors, the families in the
    order of `modelled`.
    """

    sizes: tuple[int, ...]
    scopes: tuple[tuple[tuple[int, ...], ...], ...]


def arrange(
    network: Network,
    parents: Sequence[Sequence[int]],
    pattern: Pattern,
    core: Sequence[int],
    rank: Mapping[int, float],
) -> Arrangement:
    """The scopes of the factors for P(observed, core).

    parents: indices of each variable's parents. core: unobserved or softly observed variables
    to keep as vertices; with the observed ones it must hold all of its own ancestors.
    rank: the order in which a chain takes its parents.
    """
    observed = dict(pattern)
    vertex_of = {variable: vertex for vertex, variable in enumerate(core)}
    sizes = [len(network.variables[variable].states) for variable in core]
    scopes: list[tuple[tuple[int, ...], ...]] = []
    for variable in modelled(pattern, core):
        family = network.families[variable]
        free = [parent for parent in parents[variable] if parent in vertex_of]
        own = (vertex_of[variable],) if variable in vertex_of else ()
        if isinstance(family, Table):
            scopes.append(((*(vertex_of[parent] for parent in free), *own),))
        elif observed.get(variable) == LOWEST:
            scopes.append(tuple((vertex_of[parent],) for parent in free))
        else:
            free.sort(key=rank.__getitem__)
            states = len(family.leak) if own else 2
            scopes.append(_chain([vertex_of[parent] for parent in free], own, states, sizes))
    return Arrangement(tuple(sizes), tuple(scopes))


def lower(
    network: Network,
    parents: Sequence[Sequence[int]],
    pattern: Pattern,
    core: Sequence[int],
    rank: Mapping[int, float],
) -> Lowered:
    """Factors for P(observed, core); the arguments are those of `arrange`."""
    arrangement = arrange(network, parents, pattern, core, rank)
    return fill_in(network, parents, pattern, core, arrangement)


def fill_in(
    network: Network,
    parents: Sequence[Sequence[int]],
    pattern: Pattern,
    core: Sequence[int],
    arrangement: Arrangement,
) -> Lowered:
    """The factors in the scopes that `arrange` gave for the same arguments."""
    observed = dict(pattern)
    vertex_of = {variable: vertex for vertex, variable in enumerate(core)}
    counted = modelled(pattern, core)
    has_child = {parent for variable in counted for parent in parents[variable]}
    factors: list[Factor] = []
    for variable, scopes in zip(counted, arrangement.scopes, strict=True):
        family = network.families[variable]
        own = parents[variable]
        if isinstance(family, Table):
            absent = variable not in has_child and variable not in vertex_of
            factors.append(_table(family, (*own, variable), vertex_of, scopes[0], absent))
        elif observed.get(variable) == LOWEST:
            factors.extend(_lowest(family, variable, own, vertex_of))
        else:
            factors.extend(_noisy(family, variable, own, vertex_of, scopes))
    soft = tuple(vertex_of[variable] for variable, how in pattern if how == SOFT)
    vertices = (*core, *([-1] * (len(arrangement.sizes) - len(core))))
    return Lowered(vertices, arrangement.sizes, tuple(factors), soft)


def factors_by_family(
    network: Network, parents: Sequence[Sequence[int]], pattern: Pattern, lowered: Lowered
) -> Iterator[tuple[int, tuple[Factor, ...]]]:
    """Each variable whose family counts, with the factors that stand for the family."""
    core = [variable for variable in lowered.vertices if variable >= 0]
    observed, inside = dict(pattern), set(core)
    start = 0
    for variable in modelled(pattern, core):
        if isinstance(network.families[variable], Table):
            count = 1
        elif observed.get(variable) == LOWEST:
            count = 1 + len(parents[variable])
        else:
            count = max(1, sum(parent in inside for parent in parents[variable]))
        yield variable, lowered.factors[start : start + count]
        start += count


def lookup(base: Array, observed: Sequence[int], axes: Sequence[int]) -> Lookup:
    """A lookup from an array whose leading axes are observed variables' states."""
    count = len(observed)
    strides: list[tuple[int, int]] = []
    stride = 1
    for at in range(count - 1, -1, -1):
        strides.append((observed[at], stride))
        stride *= axes[at]
    return Lookup(np.ascontiguousarray(base.reshape((stride, *base.shape[count:]))), tuple(strides))


def modelled(pattern: Pattern, core: Sequence[int]) -> tuple[int, ...]:
    """The variables whose families count."""
    return (*core, *(variable for variable, how in pattern if how != SOFT))


def _chain(
    free: Sequence[int], own: tuple[int, ...], states: int, sizes: list[int]
) -> tuple[tuple[int, ...], ...]:
    """Scopes of a chain (old maximum, parent, new maximum) that ends in `own`; extends sizes."""
    if not free:
        return (own,)
    scopes: list[tuple[int, ...]] = []
    running: tuple[int, ...] = ()
    for parent in free[:-1]:
        scopes.append((*running, parent, len(sizes)))
        running = (len(sizes),)
        sizes.append(states)
    return (*scopes, (*running, free[-1], *own))


def _table(
    family: Table,
    variables: Sequence[int],
    vertex_of: Mapping[int, int],
    scope: tuple[int, ...],
    absent: bool,
) -> Factor:
    """absent: the variable, an observed leaf, may be unobserved in some cases."""
    seen = [at for at, each in enumerate(variables) if each not in vertex_of]
    if not seen:
        return Factor(scope, (Lookup(family.values[None], ()),))
    free = [at for at, each in enumerate(variables) if each in vertex_of]
    values = family.values
    if absent:
        # An extra state of weight 1: the row that stands for "not observed in this case".
        seen.insert(0, seen.pop())
        moved = np.ones((values.shape[-1] + 1, *(values.shape[at] for at in (*seen[1:], *free))))
        moved[:-1] = values.transpose([*seen, *free])
    else:
        moved = values.transpose([*seen, *free])
    return Factor(scope, (lookup(moved, [variables[at] for at in seen], moved.shape),))


def _lowest(
    family: NoisyMax, variable: int, parents: Sequence[int], vertex_of: Mapping[int, int]
) -> list[Factor]:
    """P(lowest state | parents) is a product over parents: a factor for each by itself."""

    def with_unasked(lowest: Array) -> Array:
        """Axis 0: the variable's code; the last row, all ones, means not observed."""
        rows = np.ones((len(family.leak) + 1, *lowest.shape))
        rows[:-1][family.lowest] = lowest
        return rows

    codes = len(family.leak) + 1
    leak = with_unasked(family.leak[family.lowest])
    factors = [Factor((), (lookup(leak, [variable], [codes]),))]
    for parent, link in zip(parents, family.links, strict=True):
        rows = with_unasked(link[:, family.lowest])
        if parent in vertex_of:
            found = lookup(rows, [variable], [codes])
            factors.append(Factor((vertex_of[parent],), (found,)))
        else:
            found = lookup(rows, [variable, parent], [codes, len(link)])
            factors.append(Factor((), (found,)))
    return factors


def _noisy(
    family: NoisyMax,
    variable: int,
    parents: Sequence[int],
    vertex_of: Mapping[int, int],
    scopes: Sequence[tuple[int, ...]],
) -> list[Factor]:
    """A chain: running maximum after each parent; the last one is the variable itself."""
    kept = variable in vertex_of
    own, codes = ([], []) if kept else ([variable], [len(family.leak) + 1])
    states, last = (len(family.leak), family.turned) if kept else (2, 1)

    def reduce(pmf: Array, inert: int) -> Array:
        rising = pmf[..., family.order]
        return rising if kept else _below_or_at(rising, inert, family.order)

    started = [lookup(reduce(family.leak, 1), own, codes)]
    link_of: dict[int, Array] = {}
    for parent, link in zip(parents, family.links, strict=True):
        rows = reduce(link, 0)
        if parent in vertex_of:
            link_of[vertex_of[parent]] = rows
        else:
            started.append(lookup(rows, [*own, parent], [*codes, len(link)]))
    if not link_of:
        return [Factor(scopes[0], tuple(started), last)]
    starts = tuple(Lookup(each.base[:, None, :], each.strides) for each in started)
    first = lookup(link_of[scopes[0][0]], own, codes)
    factors = [Factor(scopes[0], (*starts, first), last if len(scopes) == 1 else None)]
    for scope in scopes[1:]:
        stepped = lookup(_step(link_of[scope[1]], states, bool(own)), own, codes)
        if scope is scopes[-1] and last is not None:
            stepped = Lookup(stepped.base[..., last], stepped.strides)
        factors.append(Factor(scope, (stepped,)))
    return factors


def _below_or_at(pmf: Array, inert: int, order: slice) -> Array:
    """For an observed maximum: (weight below, weight at) the observed state.

    pmf: lowest state first; order: turns that into the order of the codes.
    Returns shape (states + 1, *pmf.shape[:-1], 2); the last row, for "not observed", passes
    a weight of one through the chain (`inert`: 1 for the leak, 0 for a link).
    """
    states = pmf.shape[-1]
    rows = np.zeros((states + 1, *pmf.shape[:-1], 2))
    for code, state in enumerate(range(states)[order]):
        rows[code, ..., 0] = pmf[..., :state].sum(axis=-1)
        rows[code, ..., 1] = pmf[..., state]
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
