"""Entropies and information of distributions given as arrays, in bits (Shannon 1948)."""

import math

import numpy as np
from numpy.typing import NDArray

from bayesnet.network import Array

SMALLEST = float(np.finfo(np.float64).tiny)
"""Added before a logarithm: it changes no normal number, and 0 log 0 comes out as 0."""


def entropies(tables: Array) -> Array:
    """Entropy of each distribution, shape (cases, ...) to (cases,)."""
    flat = tables.reshape(len(tables), -1)
    terms = _logs(flat)
    terms *= flat
    return np.asarray(terms.sum(axis=1) / -math.log(2.0))


def row_entropies(rows: Array) -> Array:
    """Entropy over the last axis, shape (..., states) to (...)."""
    return np.asarray((rows * _logs(rows)).sum(axis=-1) / -math.log(2.0))


def pairwise_bits(chance: Array, conditional: Array, starts: NDArray[np.intp]) -> Array:
    """I(T; Q) of several T, from P(Q | T) for each state of each T.

    chance: P(T = t), shape (rows,), where each T has neighbouring rows, one a state, from its
    `starts` on. conditional: P(Q | T = t), shape (rows, ..., states), zeros where a Q has fewer
    states. Returns shape (len(starts), ...).
    """
    shape = (-1, *(1,) * (conditional.ndim - 2))
    mixed = np.add.reduceat(chance.reshape(*shape, 1) * conditional, starts)
    lost = np.add.reduceat(chance.reshape(shape) * row_entropies(conditional), starts)
    return np.maximum(0.0, row_entropies(mixed) - lost)


def _logs(p: Array) -> Array:
    logs = p + SMALLEST
    np.log(logs, out=logs)
    return logs
