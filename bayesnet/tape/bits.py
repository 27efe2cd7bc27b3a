"""Entropies and information of distributions given as arrays, in bits (Shannon 1948)."""

import math

import numpy as np

from bayesnet.network import Array

SMALLEST = float(np.finfo(np.float64).tiny)
"""Added before a logarithm: it changes no normal number, and 0 log 0 comes out as 0."""


def entropy(chances: Array) -> float:
    """Entropy of one distribution of any shape."""
    return float((chances * np.log(chances + SMALLEST)).sum() / -math.log(2.0))


def row_entropies(rows: Array) -> Array:
    """Entropy over the last axis, shape (..., states) to (...)."""
    return np.asarray((rows * np.log(rows + SMALLEST)).sum(axis=-1) / -math.log(2.0))


def surprises(chances: Array) -> Array:
    """What each chance adds to an entropy, entry by entry."""
    logs = chances + SMALLEST
    np.log(logs, out=logs)
    logs *= chances
    logs *= -1.0 / math.log(2.0)
    return logs
