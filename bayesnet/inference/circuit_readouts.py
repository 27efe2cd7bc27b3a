"""Posteriors of variables as layers of a circuit, from the beliefs of a tree's cliques."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.inference.circuit import ONE, ZERO, CircuitBuilder, Indices
from bayesnet.inference.circuit_inputs import starts
from bayesnet.inference.circuit_means import mean_registers
from bayesnet.inference.circuit_tree import Tree
from bayesnet.inference.plan import ProductReadout, TableReadout
from bayesnet.inference.triangulation import mask_of
from bayesnet.network import Array


@dataclass(frozen=True, eq=False)
class Raw:
    """Registers of a variable's posterior, not yet scaled: one array of operands a state."""

    variable: int
    states: Sequence[Indices]


def read_vertex(tree: Tree, variable: int, vertex: int) -> Raw:
    """A variable in the tree: sums over the smallest clique that holds it."""
    index, (_, states, _) = tree.program.home[vertex]
    of = tree.states(index, vertex)
    order = np.argsort(of, kind="stable") + tree.branches[index].belief
    ends = np.cumsum(np.bincount(of, minlength=states))[:-1]
    return Raw(variable, np.split(order, ends))


def read_tables(
    circuit: CircuitBuilder,
    tree: Tree,
    readouts: Sequence[tuple[TableReadout, Sequence[int], Indices | None]],
) -> list[Raw]:
    """Unobserved leaves whose unobserved parents share a clique.

    readouts: each with its parents' vertices and, where its table depends on the case, the
    registers of the row, shape (parents' states, states).
    """
    joints = [_joint(circuit, tree, vertices) for _, vertices, _ in readouts]
    _sum_all(circuit, [runs for _, runs, _ in joints], [start for _, _, start in joints])
    operands: list[Indices] = []
    lengths: list[Indices] = []
    weights: list[Array] = []
    counts: list[tuple[int, int]] = []
    for (readout, _, rows), (keys, _, start) in zip(readouts, joints, strict=True):
        states = readout.found.base.shape[-1]
        joint = np.tile(start + np.arange(len(keys)), states)
        if rows is None:
            operands.append(joint)
            weights.append(readout.found.base[0, keys].T.reshape(-1))
        else:
            operands.append(np.stack([joint, rows[keys].T.reshape(-1)], axis=1).reshape(-1))
            weights.append(np.ones(len(joint)))
        lengths.append(np.full(len(joint), 1 if rows is None else 2))
        counts.append((len(keys), states))
    if not readouts:
        return []
    first = circuit.reserve(sum(keys * states for keys, states in counts))
    circuit.product(
        np.concatenate(operands), starts(np.concatenate(lengths)), np.concatenate(weights), first
    )
    found = []
    for (readout, _, _), (width, states) in zip(readouts, counts, strict=True):
        registers = first + np.arange(width * states).reshape(states, width)
        found.append(Raw(readout.variable, list(registers)))
        first += width * states
    return found


def _joint(
    circuit: CircuitBuilder, tree: Tree, vertices: Sequence[int]
) -> tuple[Indices, list[Indices], int]:
    """Possible joint states of some vertices, the registers to sum for each, where they go."""
    if not vertices:
        return np.zeros(1, dtype=np.intp), [np.array([ONE])], circuit.reserve(1)
    wanted = mask_of(vertices)
    fitting = [i for i, mask in enumerate(tree.program.masks) if not wanted & ~mask]
    index = min(fitting, key=lambda i: (len(tree.branches[i].entries), i))
    key = np.zeros(len(tree.branches[index].entries), dtype=np.intp)
    for vertex in vertices:
        key = key * tree.program.lowered.sizes[vertex] + tree.states(index, vertex)
    keys, of = np.unique(key, return_inverse=True)
    order = np.argsort(of, kind="stable") + tree.branches[index].belief
    runs = np.split(order, np.cumsum(np.bincount(of))[:-1])
    return keys, runs, circuit.reserve(len(keys))


def _sum_all(
    circuit: CircuitBuilder, groups: Sequence[Sequence[Indices]], first: Sequence[int]
) -> None:
    runs = [run for group in groups for run in group]
    if runs:
        circuit.sum_of(np.concatenate(runs), starts([len(run) for run in runs]), first[0])


def read_products(
    circuit: CircuitBuilder,
    tree: Tree,
    readouts: Sequence[tuple[ProductReadout, Sequence[Indices]]],
) -> list[Raw]:
    """Unobserved noisy-MAX leaves: P(at most s) is the mean of a product over their parents.

    readouts: each with the registers of its looked-up factors, shape (states,) each.
    """
    states = [(each, own, s) for each, own in readouts for s in range(each.states - 1)]
    if not states:
        return [Raw(each.variable, [np.array([ONE])]) for each, _ in readouts]
    products = [{v: below[:, s] for v, below in each.below.items()} for each, _, s in states]
    means = mean_registers(circuit, tree, products)
    read = [
        np.array([*mean, *(rows[s] for rows in own)] or [ONE], dtype=np.intp)
        for mean, (_, own, s) in zip(means, states, strict=True)
    ]
    leaks = np.array([each.seen[0].base[0, s] for each, _, s in states])
    below = circuit.reserve(len(states))
    circuit.product(np.concatenate(read), starts([len(one) for one in read]), leaks, below)
    negative = circuit.reserve(len(states))
    circuit.product(below + np.arange(len(states)), None, np.full(len(states), -1.0), negative)
    found = []
    for readout, _ in readouts:
        last = readout.states - 1
        at_most = [*range(below, below + last), ONE]
        less = [ZERO, *range(negative, negative + last)]
        pairs = [np.array(pair) for pair in zip(at_most, less, strict=True)]
        found.append(Raw(readout.variable, pairs[readout.order]))
        below, negative = below + last, negative + last
    return found
