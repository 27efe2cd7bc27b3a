"""Oracles without rounding or underflow: whole numbers, and a closed form for 60 parents."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bayesnet.network import Array, Network, Table

SMALLEST = 1074
"""Every finite float is a whole number of 2 ** -1074."""


def whole_numbers(values: ArrayLike) -> NDArray[np.object_]:
    """Floats as what they are exactly: whole numbers of 2 ** -SMALLEST."""
    exact = [int(Fraction(float(value)) * 2**SMALLEST) for value in np.ravel(values)]
    return np.array(exact, dtype=object).reshape(np.shape(values))


def exact_joint(network: Network) -> tuple[NDArray[np.object_], int]:
    """The full joint in whole numbers of 2 ** -exponent, and the exponent."""
    operands: list[Any] = []
    exponent = 0
    for family in network.families:
        if isinstance(family, Table):
            table = whole_numbers(family.values)
            exponent += SMALLEST
        else:
            below = np.cumsum(whole_numbers(family.leak))
            for link in family.links:
                below = below[..., None, :] * np.cumsum(whole_numbers(link), axis=1)
            table = np.diff(below, axis=-1, prepend=0)
            exponent += SMALLEST * (1 + len(family.links))
        axes = [network.position(name) for name in (*family.parents, family.variable)]
        operands += [table, axes]
    return np.einsum(*operands, range(len(network.variables))), exponent


def exactly_with(
    network: Network, joint: NDArray[np.object_], evidence: Mapping[str, Any]
) -> tuple[NDArray[np.object_], int]:
    """An exact joint times the evidence, and by how much that raised its exponent."""
    raised = 0
    for name, value in evidence.items():
        axis = network.position(name)
        if isinstance(value, str):
            factors = np.array([int(s == value) for s in network.variables[axis].states], object)
        else:
            factors = whole_numbers(value)
            raised += SMALLEST
        joint = joint * factors.reshape([-1 if each == axis else 1 for each in range(joint.ndim)])
    return joint, raised


def possible_states(network: Network, seed: int, count: int) -> NDArray[np.intp]:
    """Joint states above zero, each as likely as any other, shape (variables, count)."""
    possible = np.argwhere(exact_joint(network)[0] > 0)
    return possible[np.random.default_rng(seed).integers(len(possible), size=count)].T


def two_noisy_ors(
    causes: Array, findings: Array, priors: Array, links: Array, leaks: Array
) -> tuple[float, Array]:
    """Independent causes of two noisy-ORs, by inclusion and exclusion.

    causes, findings: weights of the states no and yes, shapes (causes, 2) and (2, 2).
    priors: shape (causes,); links: (causes, 2); leaks: (2,).
    Returns P(evidence) and P(cause = yes, evidence) of each cause.
    """
    total, each = 0.0, np.zeros(len(causes))
    for absent in ((0, 0), (0, 1), (1, 0), (1, 1)):
        some = np.array(absent, dtype=bool)
        yes = priors * causes[:, 1] * np.prod(1 - links[:, some], axis=1)
        both = (1 - priors) * causes[:, 0] + yes
        sign = np.prod(np.where(some, findings[:, 0] - findings[:, 1], findings[:, 1]))
        term = sign * np.prod(1 - leaks[some]) * np.prod(both)
        total += term
        each += term * yes / both
    return total, each
