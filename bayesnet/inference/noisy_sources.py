"""A noisy-MAX in one case: the factors that stand for it, without its full table where it is wide.

States are counted from the lowest throughout. Everything is a sum of products of numbers that are
not negative, so a tiny chance keeps its digits. Where the variable is observed, a distribution
shrinks to two weights, (below that state, at it), and the factor wanted is "at" of the maximum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.network import Array, NoisyMax, maximum_of

Known = int | Array | None
"""Of a parent: the code of its state; weights of its states, summed over; or None, free."""


@dataclass(frozen=True, eq=False)
class Sources:
    """The distributions whose maximum a noisy-MAX is.

    start: the leak and all parents whose state is known, shape (states,). links: of each other
    parent, shape (its states, states). With an observed maximum `states` is 2.
    """

    start: Array
    links: tuple[Array, ...]


def rising(family: NoisyMax) -> tuple[Array, ...]:
    """Leak and links with the lowest state first."""
    return tuple(values[..., family.order] for values in (family.leak, *family.links))


def below_and_at(values: Array, state: int) -> Array:
    """Weights below and at a state, from distributions: shape (..., states) to (..., 2)."""
    found = np.empty((*values.shape[:-1], 2), dtype=values.dtype)
    values[..., :state].sum(axis=-1, out=found[..., 0])
    found[..., 1] = values[..., state]
    return found


def sources(arrays: Sequence[Array], known: Sequence[Known], state: int) -> Sources:
    """Reduce a family to the distributions whose maximum it is in one case.

    arrays: leak and links, lowest state first. known: of each parent. state: of the variable
    itself, counted from the lowest; -1 where it is free.
    """
    own = arrays if state < 0 else [below_and_at(each, state) for each in arrays]
    start, links = own[0], []
    for parent, link in zip(known, own[1:], strict=True):
        if parent is None:
            links.append(link)
        else:
            start = maximum_of(start, mixed(parent, link))
    return Sources(start, tuple(links))


def mixed(parent: int | Array, link: Array) -> Array:
    """Return the row of a parent's state, or the sum of rows by its weights, shape (states,)."""
    return np.asarray(link[parent] if isinstance(parent, int) else parent @ link)


def rises(states: int) -> Array:
    """Of each state (row) what it takes from "at most each state" (column): 1, and -1 below."""
    return np.eye(states) - np.eye(states, k=-1)


def full_table(found: Sources) -> Array:
    """P(maximum | free parents), shape (parents' states..., states)."""
    values = found.start
    for link in found.links:
        values = maximum_of(values[..., None, :], link)
    return np.asarray(values)


def chain_tables(found: Sources, observed: bool) -> list[Array]:
    """Make a chain of running maxima over the free parents in their order.

    The first table has the axes (parent, new maximum), the others (old maximum, parent, new
    maximum). observed: the last one has the axis of the new maximum at its observed state only.
    """
    first, *others = found.links
    tables = [maximum_of(found.start[None, :], first)]
    tables += [step_table(link) for link in others]
    if observed:
        tables[-1] = tables[-1][..., 1]
    return tables


def step_table(link: Array) -> Array:
    """P(new maximum | old maximum, parent), axes (old, parent, new), from a link."""
    states = link.shape[-1]
    out = np.zeros((states, len(link), states))
    cumulative = np.cumsum(link, axis=-1)
    for old in range(states):
        out[old, :, old] = cumulative[:, old]
        out[old, :, old + 1 :] = link[:, old + 1 :]
    return out
