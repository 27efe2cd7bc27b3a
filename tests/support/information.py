"""Entropy and information of a joint that is written out, for tests to compare with."""

import numpy as np


def entropy_of(joint, axes):
    table = joint.sum(axis=tuple(a for a in range(joint.ndim) if a not in axes)).ravel()
    table = table[table > 0]
    return -(table * np.log2(table)).sum()


def told(joint, targets, question):
    """I(targets; question) of a normalised joint."""
    both = entropy_of(joint, {*targets, question})
    return entropy_of(joint, set(targets)) + entropy_of(joint, {question}) - both


def everything(network):
    return list(range(len(network.names)))
