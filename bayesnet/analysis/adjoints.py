"""From the derivative by a factor's entries back to the numbers of its family.

All weights have the variants (lanes) on their first axis. A noisy-MAX is walked back the way it
was made (see `noisy`): from the table or the chain to its sources, from these to leak and links.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.noisy_sources import Known, below_and_at, mixed, rises
from bayesnet.network import Array, maximum_of

Found = dict[int, list[Array]]
"""{variable: derivative by each of its arrays, the first axis the lanes}"""


@dataclass(frozen=True, eq=False)
class NoisyView:
    """A noisy-MAX as its factors see it, lowest state first.

    arrays: leak and links. known: of each parent (see `noisy.Known`). free: places of the free
    parents in the order in which the factors take them. state: its own, or -1 where it is free.
    signed: it has a signed auxiliary.
    """

    arrays: tuple[Array, ...]
    known: Sequence[Known]
    free: Sequence[int]
    state: int
    signed: bool

    def reduced(self, place: int) -> Array:
        """Leak (0) or a link (1 + the parent's place) as the factors see it."""
        own = self.arrays[place]
        return own if self.state < 0 else below_and_at(own, self.state)

    def returned(self, place: int, weight: Array) -> Array:
        """Spread the derivative by a reduced distribution over all states, (lanes, ..., states)."""
        if self.state < 0:
            return weight
        full = np.zeros((*weight.shape[:-1], self.arrays[place].shape[-1]))
        full[..., : self.state] = weight[..., :1]
        full[..., self.state] = weight[..., 1]
        return full

    def widened(self, weight: Array) -> Array:
        """Give the weights of the last maximum the axis that it lost by being observed."""
        return weight if self.state < 0 else np.stack([np.zeros_like(weight), weight], axis=-1)


def by_lowest(view: NoisyView, weights: Sequence[Array]) -> tuple[list[Array], dict[int, Array]]:
    """Return derivatives by leak and links, and by the weights of parents that were summed over.

    The variable is in its lowest state: weights, of the constant (lanes,) and of each free
    parent (lanes, states).
    """
    lanes = len(weights[0])
    lowest = [each[..., 0] for each in view.arrays]
    found = [np.zeros((lanes, *each.shape)) for each in view.arrays]
    terms = [lowest[0]]
    terms += [mixed(k, v) for k, v in zip(view.known, lowest[1:], strict=True) if k is not None]
    constant = float(np.prod(terms))
    found[0][:, 0] = weights[0] * constant / terms[0] if terms[0] > 0 else 0.0
    roots: dict[int, Array] = {}
    at = 0
    for place, known in enumerate(view.known):
        if known is None:
            continue
        at += 1
        own = weights[0] * constant / terms[at] if terms[at] > 0 else np.zeros(lanes)
        if isinstance(known, int):
            found[1 + place][:, known, 0] = own
        else:
            found[1 + place][:, :, 0] = own[:, None] * known
            roots[place] = own[:, None] * lowest[1 + place]
    for place, weight in zip(view.free, weights[1:], strict=True):
        found[1 + place][:, :, 0] = weight
    return found, roots


def by_factors(view: NoisyView, weights: Sequence[Array]) -> tuple[list[Array], dict[int, Array]]:
    """Return what `by_lowest` does for a variable in another state, or free.

    weights: (lanes, free parents..., [states]) of the one table; or of each table of the chain;
    or of signs, (lanes, [states], at most), and of each link given them.
    """
    lanes = len(weights[0])
    found = [np.zeros((lanes, *each.shape)) for each in view.arrays]
    maxima = [view.reduced(0)]
    places = [place for place, known in enumerate(view.known) if known is not None]
    rows = []
    for place in places:
        known = view.known[place]
        assert known is not None
        rows.append(mixed(known, view.reduced(1 + place)))
        maxima.append(maximum_of(maxima[-1], rows[-1]))
    if view.signed:
        weight = _by_signs(view, weights, found)
    elif len(weights) == 1:
        weight = _by_table(view, maxima[-1], view.widened(weights[0]), found)
    else:
        weights = [*weights[:-1], view.widened(weights[-1])]
        weight = _by_chain(view, maxima[-1], weights, found)
    roots: dict[int, Array] = {}
    for at in range(len(places) - 1, -1, -1):
        place = places[at]
        weight, own = maximum_adjoint(maxima[at], rows[at], weight)
        known = view.known[place]
        if isinstance(known, int):
            found[1 + place][:, known] = view.returned(1 + place, own)
        else:
            assert known is not None
            spread = known[:, None] * own[:, None, :]
            found[1 + place] = view.returned(1 + place, spread)
            roots[place] = np.einsum("lt,st->ls", own, view.reduced(1 + place))
    found[0] = view.returned(0, weight)
    return found, roots


def _by_table(view: NoisyView, start: Array, weight: Array, found: list[Array]) -> Array:
    """Fill in the links of the free parents; returns the derivative by the start."""
    values = [start]
    for place in view.free[:-1]:
        values.append(maximum_of(values[-1][..., None, :], view.reduced(1 + place)))
    for at in range(len(view.free) - 1, -1, -1):
        place = view.free[at]
        weight, own = maximum_adjoint(values[at][..., None, :], view.reduced(1 + place), weight)
        weight = weight.sum(axis=-2)
        own = own.reshape(len(own), -1, *own.shape[-2:]).sum(axis=1)
        found[1 + place] = view.returned(1 + place, own)
    return weight


def _by_chain(view: NoisyView, start: Array, weights: Sequence[Array], found: list[Array]) -> Array:
    """Do what `_by_table` does, along a chain of running maxima."""
    for place, weight in zip(view.free[1:], weights[1:], strict=True):
        found[1 + place] = view.returned(1 + place, _step_adjoint(weight))
    first = view.free[0]
    weight, own = maximum_adjoint(start, view.reduced(1 + first), weights[0])
    found[1 + first] = view.returned(1 + first, own)
    return np.asarray(weight.sum(axis=1))


def _by_signs(view: NoisyView, weights: Sequence[Array], found: list[Array]) -> Array:
    """Do what `_by_table` does, where all but the signs is a product given "at most a state"."""
    for place, weight in zip(view.free, weights[1:], strict=True):
        found[1 + place] = view.returned(1 + place, _from_here(weight))
    signs = rises(weights[0].shape[-1])
    own = weights[0] * signs[1] if view.state >= 0 else (weights[0] * signs).sum(axis=1)
    return _from_here(own)


def maximum_adjoint(first: Array, second: Array, weight: Array) -> tuple[Array, Array]:
    """Return derivatives by both distributions of `maximum_of`, for weights on its result."""
    below = np.cumsum(second, axis=-1) - second
    above = _from_here(weight * first) - weight * first
    return (
        weight * below + _from_here(weight * second),
        weight * np.cumsum(first, axis=-1) + above,
    )


def _from_here(values: Array) -> Array:
    """Sum from each state to the last, along the last axis."""
    return np.asarray(values[..., ::-1].cumsum(axis=-1)[..., ::-1])


def _step_adjoint(weight: Array) -> Array:
    """Differentiate by a link, (lanes, parent, states), for weights (lanes, old, parent, new)."""
    states = weight.shape[-1]
    stayed = np.stack([weight[:, old, :, old] for old in range(states)], axis=-1)
    risen = [weight[:, :new, :, new].sum(axis=1) for new in range(states)]
    return np.asarray(_from_here(stayed) + np.stack(risen, axis=-1))


def table_weights(shape: Sequence[int], index: tuple[int | slice, ...], weight: Array) -> Array:
    """Return the derivative by a full table, (lanes, *shape), of which a case reads a part."""
    found = np.zeros((len(weight), *shape))
    found[(slice(None), *index)] = weight
    return found


Weights = Mapping[int, Sequence[Array]]
