"""Entropy and information of a joint that is written out, for tests to compare with."""

from collections.abc import Collection

import numpy as np

from bayesnet.network import Array, Network


def entropy_of(joint: Array, axes: Collection[int]) -> float:
    """Bits of the marginal over these axes."""
    table = joint.sum(axis=tuple(a for a in range(joint.ndim) if a not in axes)).ravel()
    table = table[table > 0]
    return -float((table * np.log2(table)).sum())


def told(joint: Array, targets: Collection[int], question: int) -> float:
    """I(targets; question) of a normalised joint."""
    both = entropy_of(joint, {*targets, question})
    return entropy_of(joint, set(targets)) + entropy_of(joint, {question}) - both


def everything(network: Network) -> list[int]:
    """The positions of all variables."""
    return list(range(len(network.names)))
