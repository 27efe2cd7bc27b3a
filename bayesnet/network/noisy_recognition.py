"""Cheaper families that equal the plain tables of a network, as imported ones carry.

A parent that makes no difference is dropped, and a table that is a noisy-MAX becomes one. Both
are looked for only where they are exact, so the network stays the same network.
"""

import math
from collections.abc import Sequence

import numpy as np

from bayesnet.network import Array, Family, Network, NoisyMax, Table, maximum_of

TOLERANCE = 1e-12
"""Of an entry's own size: P(evidence) then moves by no more than this for each family, however
improbable the evidence is, and what is impossible stays so. An entry of 1e-4 that was written as
a difference from 1 is as far off."""
UNLIKELY = 0.5


def simplified(network: Network) -> Network:
    """The network with each table in its cheapest equal form; the variables stay as they are."""
    families = tuple(_simpler(family) for family in network.families)
    if all(new is old for new, old in zip(families, network.families, strict=True)):
        return network
    return Network(network.variables, families)


def without_idle_parents(table: Table) -> Table:
    """The table over those of its parents that make a difference to some entry."""
    values = table.values
    busy = [
        at
        for at in range(len(table.parents))
        if not np.array_equal(values, np.broadcast_to(values.take([0], axis=at), values.shape))
    ]
    if len(busy) == len(table.parents):
        return table
    kept = tuple(slice(None) if at in busy else 0 for at in range(len(table.parents)))
    return Table(table.variable, tuple(table.parents[at] for at in busy), values[kept])


def chain_repays(shape: Sequence[int]) -> bool:
    """Whether every table of a noisy-MAX's chain is smaller than the full table of that shape.

    shape: (parents' states..., states). A step holds the maximum before, a parent and the maximum
    after. With two states throughout it repays from three parents, never with two.
    """
    *parents, states = shape
    return bool(parents) and states * max(parents) < math.prod(parents)


def as_noisy_max(values: Array) -> tuple[Array, tuple[Array, ...]] | None:
    """(leak, links) of a noisy-MAX that equals the table, or None when there is none.

    values: shape (parents' states..., states), lowest state first. leak, links: as in `NoisyMax`.
    Equal means every entry within TOLERANCE of its own size, and zeros where there are zeros.

    In a noisy-MAX (Díez 1993, UAI) P(at most s) is a product of one term per parent, and so is
    P(less than s | at most s). Each parent's term of the latter is scaled to at most 1, the leak
    taking the rest. Any numbers in [0, 1] there make a distribution, so every table that has the
    product form is found, a parent's state that can do nothing becoming the row (1, 0, ..., 0).
    """
    at_most = np.cumsum(values, axis=-1)
    less = np.zeros_like(values)
    less[..., 1:] = at_most[..., :-1]
    # Where not even "at most s" can be, the conditional is free: 0 keeps it out of the largest.
    less = np.divide(less, at_most, out=np.zeros_like(values), where=at_most > 0)
    exactly = np.divide(values, at_most, out=np.ones_like(values), where=at_most > 0)
    axes = range(values.ndim - 1)
    most, least = less.max(axis=tuple(axes)), exactly.min(axis=tuple(axes))
    scale = np.where(most > 0, most, 1.0)
    leak = _distribution(less=most, exactly=least)
    links = []
    for axis in axes:
        others = tuple(other for other in axes if other != axis)
        hit = exactly.min(axis=others)
        term = np.where(most > 0, less.max(axis=others) / scale, 1.0)
        # Two ways to 1 - term: the first keeps a small chance's digits.
        gap = np.where(hit < UNLIKELY, (hit - least) / scale, 1 - term)
        links.append(_distribution(less=term, exactly=gap))
    found = leak
    for link in links:
        found = maximum_of(found[..., None, :], link)
    if (np.abs(found - values) > TOLERANCE * values).any():
        return None
    return leak, tuple(links)


def _simpler(family: Family) -> Family:
    if not isinstance(family, Table):
        return family
    table = without_idle_parents(family)
    if not chain_repays(table.values.shape):
        return table
    if (found := as_noisy_max(table.values)) is not None:
        return NoisyMax(table.variable, table.parents, *found)
    if (found := as_noisy_max(table.values[..., ::-1])) is not None:
        leak, links = found
        turned = tuple(link[:, ::-1] for link in links)
        return NoisyMax(table.variable, table.parents, leak[::-1], turned, lowest=-1)
    return table


def _distribution(less: Array, exactly: Array) -> Array:
    """P(s) from P(less than s | at most s) and P(s | at most s); the states are the last axis."""
    at_most = np.ones_like(less)
    at_most[..., :-1] = np.cumprod(less[..., :0:-1], axis=-1)[..., ::-1]
    chances = at_most * exactly
    chances[..., 0] = at_most[..., 0]
    return chances
