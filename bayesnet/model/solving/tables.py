"""Hold the numbers of several variants of a model in one array, and join tables of variables.

Arrays have a leading axis of settings: one for the model as it is; and where derivatives are wanted
(see `parameter_uncertainty`) one for each number that is moved. Then arrays are complex, and only
analytic functions may be applied to them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.format.compiled import NodeSpec
from bayesnet.network import maximum_of

Settings = NDArray[Any]
"""Real or complex numbers, shape (settings or 1, ...)."""

STEP = 1e-30
"""Imaginary part that stands for a small change of a number (see `parameter_uncertainty`).

Its square, 1e-60, is lost beside every real part that occurs, so that the imaginary part of a
result over STEP is the derivative to all digits; and it is far enough from the smallest double,
1e-308, that products of it with small probabilities keep their digits.
"""


def ancestors(names: Iterable[str], nodes: Mapping[str, NodeSpec]) -> set[str]:
    """Return the variables together with all their ancestors."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(nodes[name].parents)
    return found


def arrays_of(node: NodeSpec) -> list[Settings]:
    """Return a node's numbers in one setting: its table, or its leak and its links."""
    if node.table:
        return [np.array(node.table).reshape(1, -1, len(node.states))]
    return [np.array(each)[None] for each in (node.leak, *node.links)]


def full_table(node: NodeSpec, arrays: Sequence[Settings]) -> Settings:
    """Return P(variable | parents), shape (settings, *parents' states, states).

    arrays: as `arrays_of` gives them, in any settings. The parents' axes of a table stay merged.
    """
    return arrays[0] if node.table else noisy_table(arrays[0], arrays[1:])


def noisy_table(leak: Settings, links: Sequence[Settings]) -> Settings:
    """Return P(variable | parents) of a noisy-MAX, shape (settings, *parents' states, states).

    leak: shape (settings, states); links: one a parent, shape (settings, parent's states, states).
    """
    values = leak
    for link in links:
        between = [1] * (values.ndim - 2)
        spread = link.reshape(len(link), *between, *link.shape[1:])
        values = maximum_of(values[..., None, :], spread)
    return values


def joint_of(
    names: Sequence[str], nodes: Mapping[str, NodeSpec], tables: Mapping[str, Settings]
) -> Settings:
    """Return the joint distribution of some variables, shape (settings, states of each).

    tables: of the variables and all their ancestors, as `full_table` gives them.
    """
    label = {name: at for at, name in enumerate(sorted(ancestors(names, nodes)))}
    operands: list[Any] = []
    for name in label:
        sizes = [len(nodes[each].states) for each in (*nodes[name].parents, name)]
        operands.append(tables[name].reshape(-1, *sizes))
        operands.append([Ellipsis, *(label[each] for each in (*nodes[name].parents, name))])
    operands.append([Ellipsis, *(label[name] for name in names)])
    return np.asarray(np.einsum(*operands, optimize="greedy"))


def marginal(joint: Settings, axes: Sequence[int]) -> Settings:
    """Sum a joint down to some of its variables, in order, shape (settings, states of each)."""
    return np.asarray(joint.sum(axis=tuple(a for a in range(1, joint.ndim) if a - 1 not in axes)))


def largest(change: Settings) -> float:
    """Return the largest change of a value, or of a derivative."""
    return max(float(np.abs(change.real).max()), float(np.abs(change.imag).max()) / STEP)
