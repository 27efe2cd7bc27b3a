"""Derivatives of the log-odds of events by every number of the network, from one calibrated tree.

The derivative of log P(e) by a number is the posterior of the entries that it stands in, divided
by them (Darwiche 2003, J ACM 50:280-305); that of the log-odds of an event H is what supposing H
changes about it, divided by P(not H | e). No number is moved, so nothing is approximated.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.clique_tree import evaluate
from bayesnet.inference.evidence_patterns import grouped, lowest_codes
from bayesnet.inference.factors import LOWEST, Factor, Pattern, factors_by_family
from bayesnet.inference.inference import Inference
from bayesnet.inference.plan import Plan, Request
from bayesnet.inference.posterior import Posterior, posterior_of
from bayesnet.network import Array, Family, NoisyMax, Table, maximum_of
from bayesnet.network.evidence import Observed, softened

Event = Mapping[int, Array]
"""{variable: 1 or 0 for each of its states}: all of the variables in states that have a 1."""

ROWS_BYTES = 32 << 20
"""Of the tables of the events that are supposed at once."""


@dataclass(frozen=True, eq=False)
class Derivatives:
    """What each number of the network does to the log-odds of some events.

    probabilities: P(event | evidence), shape (events,).
    by_number: {variable: d log-odds / d number for each array of `numbers_of` its family, shape
    (events, *array's shape)}. A number that is exactly 0 counts as certain and has derivative 0;
    so has everything about an event of probability 0 or 1. Families that the evidence does not
    reach are left out: their derivatives are 0.
    """

    probabilities: Array
    by_number: Mapping[int, tuple[Array, ...]]


def numbers_of(family: Family) -> tuple[Array, ...]:
    """The arrays of numbers that make a family: its table, or its leak and its links."""
    return (family.values,) if isinstance(family, Table) else (family.leak, *family.links)


def log_odds_derivatives(
    inference: Inference, observed: Observed, events: Sequence[Event]
) -> Derivatives:
    """The derivatives of log [P(event | e) / P(not event | e)] for each event; one case.

    Rows are distributions: what counts is the difference between the derivatives by two entries
    of a row, which says what weight moved from one to the other does. Events are about unobserved
    variables. The evidence must be possible.
    """
    case = softened(inference.network, {v for event in events for v in event}, observed)
    pattern = grouped(case, lowest_codes(inference.network.families))[0][0]
    plan = inference.plans.planned_as_given(pattern, Request())
    at_once = max(1, ROWS_BYTES // max(1, plan.program.memory))
    parts = [
        _of_some(inference, plan, pattern, case, events[start : start + at_once])
        for start in range(0, len(events), at_once)
    ]
    probabilities = np.concatenate([p for p, _ in parts]) if parts else np.zeros(0)
    arrays = {
        v: tuple(
            np.concatenate(each) for each in zip(*(found[v] for _, found in parts), strict=True)
        )
        for v in (parts[0][1] if parts else ())
    }
    return Derivatives(probabilities, arrays)


def _of_some(
    inference: Inference, plan: Plan, pattern: Pattern, case: Observed, events: Sequence[Event]
) -> tuple[Array, dict[int, tuple[Array, ...]]]:
    """Probabilities of the events, and derivatives, from the case with and without each."""
    supposed = _supposed(case, [{}, *events])
    posterior = posterior_of(plan, inference.plans.cases(plan, supposed))
    log_z = np.broadcast_to(posterior.collected.log_z + supposed.log_scale, (len(events) + 1,))
    p = np.exp(np.minimum(log_z[1:] - log_z[0], 0.0)).astype(float)
    odds = np.divide(1.0, 1.0 - p, out=np.zeros_like(p), where=(p > 0) & (p < 1))
    found = _by_number(inference, plan, pattern, posterior)
    return p, {v: tuple(_turned(each, odds) for each in arrays) for v, arrays in found.items()}


def _turned(by_number: Array, odds: Array) -> Array:
    """From derivatives of log P(e), alone and with each event, to those of the log-odds."""
    scale = odds.reshape(-1, *([1] * (by_number.ndim - 1)))
    rows = np.broadcast_to(by_number, (len(odds) + 1, *by_number.shape[1:]))
    with np.errstate(invalid="ignore"):
        return np.where(scale > 0, (rows[1:] - rows[:1]) * scale, 0.0)


def _supposed(case: Observed, events: Sequence[Event]) -> Observed:
    """The case once for each event, with the event as further evidence."""
    rows = case.take(np.zeros(len(events), dtype=np.intp))
    for row, event in enumerate(events):
        for variable, states in event.items():
            rows.likelihoods[variable][row] *= states
    return rows


def _by_number(
    inference: Inference, plan: Plan, pattern: Pattern, posterior: Posterior
) -> dict[int, tuple[Array, ...]]:
    """Derivatives of log P(e), as `Derivatives.by_number` but for cases instead of events."""
    codes = posterior.cases.codes
    weights = dict(_weights(plan, posterior))
    core = tuple(plan.vertex_of)
    network, parents = inference.network, inference.plans.parents_as_given
    observed = dict(pattern)
    found: dict[int, tuple[Array, ...]] = {}
    for variable, factors in factors_by_family(network, parents, pattern, plan.program.lowered):
        family = network.families[variable]
        own = [weights[factor] for factor in factors]
        seen = {
            v: int(codes[v, 0]) for v in (*parents[variable], variable) if v not in plan.vertex_of
        }
        if isinstance(family, Table):
            found[variable] = (_table(family, (*parents[variable], variable), seen, own[0]),)
        elif observed.get(variable) == LOWEST:
            found[variable] = _lowest(family, parents[variable], seen, own)
        else:
            order = [v for factor in factors for v in factor.scope if v < len(core)]
            free = [core[v] for v in order if core[v] != variable]
            found[variable] = _noisy(family, variable, parents[variable], seen, free, own)
    return found


def _weights(plan: Plan, posterior: Posterior) -> Iterator[tuple[Factor, Array]]:
    """Each factor with the posterior of its entries over the entries: (cases, *scope's shape)."""
    program, codes = plan.program, posterior.cases.codes
    sizes = program.lowered.sizes
    for index, clique in enumerate(program.cliques):
        belief = posterior.beliefs[index]
        total = belief.sum(axis=1, keepdims=True)
        # Of an event that cannot be there is none; where a longer exponent was needed, not here.
        belief = np.divide(belief, total, out=np.zeros_like(belief), where=total > 0).astype(float)
        for placed in clique.factors:
            shaped = belief.reshape(len(belief), *placed.alignment.whole)
            marginal = shaped.sum(axis=placed.alignment.absent).reshape(len(belief), -1)
            weight = _over(marginal, evaluate(placed.factor, placed.axes, codes))
            shape = [sizes[placed.factor.scope[axis]] for axis in placed.axes]
            back = [1 + axis for axis in np.argsort(placed.axes)]
            yield placed.factor, weight.reshape(-1, *shape).transpose(0, *back)
    for factor in program.scalars:
        entry = evaluate(factor, (), codes)[:, 0]
        yield factor, _over(np.ones_like(entry), entry)


def _over(posterior: Array, entries: Array) -> Array:
    shape = np.broadcast_shapes(posterior.shape, entries.shape)
    return np.divide(posterior, entries, out=np.zeros(shape), where=entries > 0)


def _table(
    family: Table, variables: Sequence[int], seen: Mapping[int, int], weight: Array
) -> Array:
    found = np.zeros((len(weight), *family.values.shape))
    found[(slice(None), *(seen.get(v, slice(None)) for v in variables))] = weight
    return found


def _lowest(
    family: NoisyMax, parents: Sequence[int], seen: Mapping[int, int], weights: Sequence[Array]
) -> tuple[Array, ...]:
    """Observed in the lowest state: a factor for the leak and one for each parent by itself."""
    leak = np.zeros((len(weights[0]), len(family.leak)))
    leak[:, family.lowest] = weights[0]
    found = [leak]
    for parent, link, weight in zip(parents, family.links, weights[1:], strict=True):
        own = np.zeros((len(weight), *link.shape))
        own[:, seen.get(parent, slice(None)), family.lowest] = weight
        found.append(own)
    return tuple(found)


def _noisy(
    family: NoisyMax,
    variable: int,
    parents: Sequence[int],
    seen: Mapping[int, int],
    free: Sequence[int],
    weights: Sequence[Array],
) -> tuple[Array, ...]:
    """Along a chain of running maxima (see `lowering`), from its factors back to leak and links.

    free: the parents in the chain, in its order; weights: those of its factors.
    """
    view = _View(family, seen.get(variable))
    at = {parent: position for position, parent in enumerate(parents)}
    chain = [*weights[:-1], view.widened(weights[-1])]
    links = [np.zeros((len(chain[0]), *link.shape)) for link in family.links]
    for parent, weight in zip(free[1:], chain[1:], strict=True):
        links[at[parent]] = view.returned(_step_adjoint(weight))
    known = [parent for parent in parents if parent in seen]
    sources = [view.reduced(family.leak)]
    sources += [view.reduced(family.links[at[p]][seen[p]]) for p in known]
    maxima = sources[:1]
    for source in sources[1:]:
        maxima.append(maximum_of(maxima[-1], source))
    weight = chain[0]
    if free:
        link = view.reduced(family.links[at[free[0]]])
        weight, own = _maximum_adjoint(maxima[-1], link, weight)
        links[at[free[0]]] = view.returned(own)
        weight = weight.sum(axis=1)
    for position in range(len(known) - 1, -1, -1):
        weight, own = _maximum_adjoint(maxima[position], sources[position + 1], weight)
        links[at[known[position]]][:, seen[known[position]]] = view.returned(own)
    return (view.returned(weight), *links)


@dataclass(frozen=True, eq=False)
class _View:
    """How a chain sees the distributions of a noisy-MAX: lowest state first.

    Of one that is observed (code: its state) only the weights below and at that state.
    """

    family: NoisyMax
    code: int | None

    @property
    def _at(self) -> int:
        assert self.code is not None
        return range(len(self.family.leak))[self.family.order][self.code]

    def reduced(self, pmf: Array) -> Array:
        """A distribution (last axis) as the chain sees it."""
        rising = pmf[..., self.family.order]
        if self.code is None:
            return rising
        return np.stack([rising[..., : self._at].sum(axis=-1), rising[..., self._at]], axis=-1)

    def returned(self, weight: Array) -> Array:
        """The derivative by a distribution, from that by its reduced form."""
        if self.code is None:
            return weight[..., self.family.order]
        rising = np.zeros((*weight.shape[:-1], len(self.family.leak)))
        rising[..., : self._at] = weight[..., :1]
        rising[..., self._at] = weight[..., 1]
        return rising[..., self.family.order]

    def widened(self, weight: Array) -> Array:
        """The last factor's weights with an axis for the chain's last maximum."""
        if self.code is None:
            return weight[..., self.family.order]
        return np.stack([np.zeros_like(weight), weight], axis=-1)


def _maximum_adjoint(first: Array, second: Array, weight: Array) -> tuple[Array, Array]:
    """Derivatives by both distributions of `maximum_of`, for weights on its result."""
    below = np.cumsum(second, axis=-1) - second
    above = _from_here(weight * first) - weight * first
    return (
        weight * below + _from_here(weight * second),
        weight * np.cumsum(first, axis=-1) + above,
    )


def _from_here(values: Array) -> Array:
    """Sums from each state to the last."""
    return np.asarray(np.cumsum(values[..., ::-1], axis=-1)[..., ::-1])


def _step_adjoint(weight: Array) -> Array:
    """Derivative by a link, (cases, parent, states), for weights (cases, old, parent, new)."""
    states = weight.shape[-1]
    stayed = np.stack([weight[:, old, :, old] for old in range(states)], axis=-1)
    risen = [weight[:, :new, :, new].sum(axis=1) for new in range(states)]
    return np.asarray(_from_here(stayed) + np.stack(risen, axis=-1))
