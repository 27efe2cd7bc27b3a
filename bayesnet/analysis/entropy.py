"""Entropies and information of distributions given as arrays, in bits (Shannon 1948)."""

import math

import numpy as np

from bayesnet.network import Array

SMALLEST = float(np.finfo(np.float64).tiny)
"""Added before a logarithm: it changes no normal number, and 0 log 0 comes out as 0."""


def entropy(chances: Array) -> float:
    """Entropy of one distribution of any shape."""
    return float((chances * np.log(chances + SMALLEST)).sum() / -math.log(2.0))


def surprises(chances: Array) -> Array:
    """Return what each chance p adds to an entropy, -p log2 p, in the shape of `chances`."""
    logs = chances + SMALLEST
    np.log(logs, out=logs)
    logs *= chances
    logs *= -1.0 / math.log(2.0)
    return logs
