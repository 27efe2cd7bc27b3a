"""Work out how the risk of a cause varies with the factors of one group, from their ratios.

Within a group ratios multiply. A ratio compares all people with a factor to all without it, or,
with `among`, those of some states of other factors. Where factors of a group go together, what each
multiplies by is not its ratio; it is found by iterative proportional fitting (Deming & Stephan
1940, Ann Math Stat 11:427-444).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.format.variables import YES, Cause
from bayesnet.model.solving.factor_groups import FactorGroup
from bayesnet.model.solving.tables import Settings, largest

TOLERANCE = 1e-14
"""Largest relative change of a risk in the last iteration: a few dozen roundings."""
ITERATIONS = 400
"""Bound on the iterations; each shrinks the error by a constant factor."""

People = NDArray[np.bool_]
"""Some of the people, shape (states of each factor of a group)."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """One condition on the risks of a group: a ratio of two means.

    with_it, without: whom the ratio compares; row: the index of the ratio among the cause's rows,
    None where the two are the same; other: of the row that is the measure, if it has one.
    """

    with_it: People
    without: People
    row: int | None
    other: int | None = None


def comparisons(
    cause: Cause, group: FactorGroup, nodes: Mapping[str, NodeSpec]
) -> tuple[Comparison, ...]:
    """List what the rows of a group say, and that states without a row are all alike."""
    states = {name: nodes[name].states for name in group.factors}
    return tuple(
        each
        for factor in group.factors
        for each in _of_factor(factor, {at: cause.risk_factors[at] for at in group.rows}, states)
    )


def risk_table(conditions: Sequence[Comparison], ratios: Settings, joint: Settings) -> Settings:
    """Return the risk in each combination of states, but for one common constant.

    ratios: of all the cause's rows, shape (settings, rows); joint: distribution of the group's
    factors, shape (settings, states of each), as is the result.
    """
    axes = tuple(range(1, joint.ndim))
    size = np.broadcast_shapes(joint.shape, (len(ratios), *[1] * len(axes)))
    risks: Settings = np.ones(size, dtype=np.result_type(ratios, joint))
    for _ in range(ITERATIONS):
        change = 0.0
        for each in conditions:
            now, base = (_mean(risks, joint, who) for who in (each.with_it, each.without))
            wanted = _ratio(each, ratios) * base / now
            risks = np.where(each.with_it, risks * wanted.reshape(-1, *[1] * len(axes)), risks)
            change = max(change, largest(wanted - 1.0))
        if change < TOLERANCE:
            break
    return risks


def overlap(first: RiskRow, second: RiskRow) -> bool:
    """Tell whether two rows act on some of the same people, as far as their `among` goes."""
    both = first.among.keys() & second.among.keys()
    return all(set(first.among[each]) & set(second.among[each]) for each in both)


def _of_factor(
    factor: str, rows: Mapping[int, RiskRow], states: Mapping[str, Sequence[str]]
) -> Iterator[Comparison]:
    """Yield the comparisons of one factor's states."""
    listed = [(row.state or YES, at) for at, row in rows.items() if row.factor == factor]
    if not listed:
        return
    if any(rows[at].among for _, at in listed):
        for state, at in listed:
            row = rows[at]
            # A state whose own rows do not act on these people is as good as one without a row.
            acting = {other for other, of in listed if overlap(row, rows[of])}
            apart = [other for other in states[factor] if other not in acting]
            with_it = _people(states, {**row.among, factor: (state,)})
            yield Comparison(with_it, _people(states, {**row.among, factor: apart}), at)
        return
    own = dict(listed)
    unlisted = [state for state in states[factor] if state not in own]
    measure = unlisted or [states[factor][0]]
    without = _people(states, {factor: measure})
    other = None if unlisted else own[measure[0]]
    for state in states[factor]:
        if [state] != measure:
            yield Comparison(_people(states, {factor: (state,)}), without, own.get(state), other)


def _people(states: Mapping[str, Sequence[str]], some: Mapping[str, Sequence[str]]) -> People:
    """Return who is in some states of some of the factors."""
    found: People = np.ones([len(each) for each in states.values()], dtype=np.bool_)
    for axis, (factor, names) in enumerate(states.items()):
        if factor in some:
            along = [1] * len(states)
            along[axis] = -1
            found = found & np.array([each in some[factor] for each in names]).reshape(along)
    return found


def _mean(risks: Settings, joint: Settings, who: People) -> Settings:
    """Return the mean risk of some people, shape (settings,); 1 where there are none."""
    axes = tuple(range(1, joint.ndim))
    share = (joint * who).sum(axis=axes)
    there = share.real > 0
    total = (risks * joint * who).sum(axis=axes)
    return np.asarray(np.divide(total, share, out=np.ones_like(total), where=there))


def _ratio(each: Comparison, ratios: Settings) -> Settings:
    """Return the ratio of a comparison, shape (settings,)."""
    one = np.ones(1)
    over = one if each.row is None else ratios[:, each.row]
    under = one if each.other is None else ratios[:, each.other]
    return np.asarray(over / under)
