"""The change from prior to posterior log-odds, shared out among the observations exactly.

Observations are taken in one by one, in an order and in its reverse; each counts for the mean of
what it changes in both, so that shares add up to the whole change. Where no more than two
observations interact at a time this is the Shapley value (Shapley 1953): what two say together
beyond what each says alone is halved between them. Of more it is an estimate by a permutation and
its antithesis (Mitchell, Cooper, Frank and Holmes 2022, JMLR 23:43).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.cases import Case
from bayesnet.network import Array

Posteriors = Callable[[Sequence[Case], Sequence[int]], tuple[dict[int, Array], Array]]
"""Of some cases the posteriors of variables, each of shape (cases, states), and each log P."""

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
    posteriors: Posteriors, case: Case, targets: Sequence[int], order: Sequence[int]
) -> Contributions:
    """Share out what the observations of a possible case change about free targets.

    order: the observed variables, each once. A probability of 0 or 1 counts as odds of 1e15.
    """
    reverse = tuple(reversed(order))
    prefixes = [case.without(order[k:]) for k in range(len(order) + 1)]
    # The empty and the whole case are the same in both orders.
    suffixes = [case.without(reverse[k:]) for k in range(1, len(order))]
    marginals, _ = posteriors([*prefixes, *suffixes], targets)
    log_odds = np.stack([_decibans(marginals[t][:, -1]) for t in targets], axis=1)
    forward = log_odds[: len(order) + 1]
    backward = np.concatenate([forward[:1], log_odds[len(order) + 1 :], forward[-1:]])[
        : len(order) + 1
    ]
    shares = (np.diff(forward, axis=0) + np.diff(backward, axis=0)[::-1]) / 2.0
    return Contributions(tuple(order), forward[0], forward[-1], shares)


def _decibans(probability: Array) -> Array:
    with np.errstate(divide="ignore"):
        return np.clip(10.0 * (np.log10(probability) - np.log10(1.0 - probability)), -MOST, MOST)
