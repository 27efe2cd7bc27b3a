"""The change from prior to posterior log-odds, shared out among the observations exactly.

Observations are taken in one by one, in an order and in its reverse; each counts for the mean of
what it changes in both, so that shares add up to the whole change. Where no more than two
observations interact at a time this is the Shapley value (Shapley 1953): what two say together
beyond what each says alone is halved between them. Of more it is an estimate by a permutation and
its antithesis (Mitchell, Cooper, Frank and Holmes 2022, JMLR 23:43). Groups are taken in one after
another: what an observation says only together with one of an earlier group is its own (asymmetric
Shapley values: Frye, Rowat and Feige 2020, NeurIPS 33:1229-1239).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.analysis.inference import Inference
from bayesnet.analysis.left_out_sets import posteriors_without
from bayesnet.inference.cases import Case
from bayesnet.network import Array

MOST = 150.0
"""Decibans of the log-odds at which what is certain is cut, at odds of 1e15 to 1."""


@dataclass(frozen=True, eq=False)
class Contributions:
    """Log-odds of the last state of targets, in decibans.

    variables: the observations, in their order. before, after: log-odds without any of them and
    with all, shape (targets,). shares: what each adds, shape (variables, targets).
    """

    variables: tuple[int, ...]
    before: Array
    after: Array
    shares: Array


def contributions(
    inference: Inference, case: Case, targets: Sequence[int], groups: Sequence[Sequence[int]]
) -> Contributions:
    """Share out what the observations of a possible case change about free targets.

    groups: the observed variables, each once; a group is taken in after those before it. A
    probability of 0 or 1 counts as odds of 1e15.
    """
    order = [variable for group in groups for variable in group]
    before = after = _log_odds(inference, case, [order], targets)[0]
    shares = [np.zeros((0, len(targets)))]
    for at, group in enumerate(groups):
        later = [variable for some in groups[at + 1 :] for variable in some]
        # Groups meet in the same number, so that the shares of all add up.
        after, own = _of_group(inference, case.without(later), targets, group, after)
        shares.append(own)
    return Contributions(tuple(order), before, after, np.concatenate(shares))


def _of_group(
    inference: Inference, case: Case, targets: Sequence[int], group: Sequence[int], start: Array
) -> tuple[Array, Array]:
    """Return the log-odds with a whole group, and what each of it adds; start: without it."""
    count = len(group)
    if not count:
        return start, np.zeros((0, len(targets)))
    # The empty and the whole group are the same in both orders.
    prefixes = [group[k:] for k in range(1, count + 1)]
    suffixes = [group[:k] for k in range(count - 1, 0, -1)]
    found = _log_odds(inference, case, [*prefixes, *suffixes], targets)
    end = found[count - 1 : count]
    forward = np.concatenate([start[None], found[:count]])
    backward = np.concatenate([start[None], found[count:], end])
    return end[0], (np.diff(forward, axis=0) + np.diff(backward, axis=0)[::-1]) / 2.0


def _log_odds(
    inference: Inference, case: Case, left_out: Sequence[Sequence[int]], targets: Sequence[int]
) -> Array:
    """Log-odds of targets without each of some sets, in decibans, shape (sets, targets)."""
    p = posteriors_without(inference, case, left_out, targets)
    with np.errstate(divide="ignore"):
        return np.clip(10.0 * (np.log10(p) - np.log10(1.0 - p)), -MOST, MOST)
