"""Derivatives of the log-odds of events, from one pass, and of logs of factors by their numbers.

The derivative of log P(e) by the log of an entry of a factor is the posterior of what the entry is
of; that of the log-odds of an event H is what supposing H changes about it, divided by P(not H | e)
(Darwiche 2003, J ACM 50:280-305). It is the same for all factors over the same vertices. What a
number does to the logs of a family's factors hangs on what is known around the family alone, so
that it can be remembered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.analysis.derivatives import by_family, numbers_of
from bayesnet.analysis.supposed import Supposed
from bayesnet.inference.family_factors import View, parts_of
from bayesnet.inference.problem import Problem, blocks
from bayesnet.inference.structure import Structure
from bayesnet.inference.tuning import SLOPES_AT_ONCE
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class LogOdds:
    """What moves the log-odds of some events of a case.

    probabilities: P(event | evidence), shape (events,). starts: {variable: the first row of its
    family}. by_entry: derivative of the log-odds by the log of each entry of a family's factors,
    one factor after the other, shape (entries, events); a factor of no vertex changes no odds.
    Everything about an event of probability 0 or 1 is 0.
    """

    problem: Problem
    probabilities: Array
    starts: Mapping[int, int]
    by_entry: Array


def log_odds(supposed: Supposed, count: int) -> LogOdds:
    """Differentiate log [P(event | e) / P(not event | e)] for the first events supposed."""
    problem, chances = supposed.problem, supposed.chances[:count]
    odds = np.divide(1.0, 1.0 - chances, out=np.zeros(count), where=(chances > 0) & (chances < 1))
    entries = supposed.by_entry[:, : count + 1]
    tables = [problem.ring.product(each).reshape(-1) for each in problem.tables]
    whole = np.concatenate([np.zeros(0), *tables])[:, None]
    moved = np.where(odds > 0, (entries[:, 1:] - entries[:, :1]) * odds, 0.0) * whole
    starts: dict[int, int] = {}
    pieces = [np.zeros((0, count))]
    begins = np.cumsum([0, *map(len, tables)]).tolist()
    orders, rows = problem.tape.orders, 0
    for factor in problem.factors.factors:
        if factor.soft or not factor.scope:
            continue
        slot = problem.slots[factor.scope]
        own, order = moved[begins[slot] : begins[slot + 1]], orders[slot]
        if order != tuple(range(len(order))):
            back = sorted(range(len(order)), key=order.__getitem__)
            shape = [factor.table.shape[at] for at in order]
            own = own.reshape(*shape, count).transpose(*back, len(order)).reshape(-1, count)
        starts.setdefault(factor.owner, rows)
        pieces.append(own)
        rows += len(own)
    return LogOdds(problem, chances, starts, np.concatenate(pieces))


def slopes_of(
    structure: Structure, view: View, absorbed: Mapping[int, Array], soft: Mapping[int, Array]
) -> Iterator[tuple[int, dict[int, Array]]]:
    """Differentiate the logs of the entries of a family's factors by its numbers.

    absorbed, soft: weights and likelihoods of the roots that are summed out with it. Yields, for
    some entries at a time, the place of the first and {variable: (entries, numbers of its family)}:
    of the family and of these roots. An entry that is 0 counts as certain.
    """
    parts = parts_of(structure, view, absorbed)
    variables, tables = len(structure.sizes), [table for _, table in parts.factors]
    scopes = [[v if v >= 0 else variables - 1 - v for v in scope] for scope, _ in parts.factors]
    flat = [table.reshape(-1).astype(np.float64) if table.ndim else np.zeros(0) for table in tables]
    values = np.concatenate(flat)
    inverse = np.divide(1.0, values, out=np.zeros(len(values)), where=values != 0)
    ends = np.cumsum([len(each) for each in flat])[:-1]
    numbers = sum(each.size for each in numbers_of(structure.families[view.variable]))
    for some in blocks(len(values), max(1, SLOPES_AT_ONCE // numbers)):
        rows = np.arange(some.start, some.stop)
        count = len(rows)
        weights = np.zeros((count, len(values)))
        weights[rows - some.start, rows] = inverse[some]
        own = [
            each.reshape(count, *table.shape) if table.ndim else np.zeros(count)
            for each, table in zip(np.split(weights, ends, axis=1), tables, strict=True)
        ]
        found = by_family(structure, view, scopes, absorbed, soft, own)
        yield some.start, {v: _side_by_side(arrays) for v, arrays in found.items()}


def _side_by_side(arrays: Sequence[Array]) -> Array:
    """Put the numbers of a family's arrays into one row for each entry."""
    return np.concatenate([each.reshape(len(each), -1) for each in arrays], axis=1)
