"""Random networks and the brute-force oracle that tests compare with."""

from collections.abc import Mapping

import numpy as np
from hypothesis import strategies as st

from bayesnet.network import Array, Network, NoisyMax, Table, Variable

JOINT_ENTRIES = 1 << 16


def joint_distribution(network: Network) -> Array:
    """The full joint, one axis per variable: the product of all families' tables."""
    names = network.names
    count = len(names)
    joint = np.ones([len(v.states) for v in network.variables])
    for family in network.families:
        axes = [names.index(name) for name in (*family.parents, family.variable)]
        table = family.table()
        order = np.argsort(axes)
        shape = [1] * count
        for axis in axes:
            shape[axis] = joint.shape[axis]
        joint = joint * table.transpose(order).reshape(shape)
    return joint


def with_evidence(network: Network, joint: Array, evidence: Mapping[str, object]) -> Array:
    """The joint times the evidence's likelihoods."""
    for name, value in evidence.items():
        axis = network.position(name)
        variable = network.variables[axis]
        if isinstance(value, str):
            likelihood = np.array([float(state == value) for state in variable.states])
        else:
            likelihood = np.asarray(value, dtype=float)
        shape = [1] * joint.ndim
        shape[axis] = -1
        joint = joint * likelihood.reshape(shape)
    return joint


@st.composite
def networks(draw: st.DrawFn, most: int = 12) -> Network:
    """Networks of up to `most` variables: tables (with zeros) and noisy-MAX, any shape of graph.

    A variable has 1 to 4 states, fewer once the joint would be too large to enumerate.
    """
    count = draw(st.integers(1, most))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    density = draw(st.sampled_from([0.0, 0.2, 0.5]))
    zeros = draw(st.sampled_from([0.0, 0.3]))
    variables: list[Variable] = []
    entries = 1
    for i in range(count):
        size = int(random.integers(1 if i % 5 == 4 else 2, 5))
        size = min(size, 2 if entries > JOINT_ENTRIES >> (count - i) else 4)
        entries *= size
        variables.append(Variable(f"v{i}", tuple(f"s{k}" for k in range(size))))

    def rows(*shape: int) -> Array:
        values = random.dirichlet(np.ones(shape[-1]), size=shape[:-1] or None)
        kept = np.where(random.random(values.shape) < zeros, 0.0, values)
        kept[..., 0] = np.where(kept.sum(axis=-1) == 0, 1.0, kept[..., 0])
        return kept / kept.sum(axis=-1, keepdims=True)

    families: list[Table | NoisyMax] = []
    for i, variable in enumerate(variables):
        parents = [p for p in range(i) if random.random() < density][-4:]
        names = tuple(variables[p].name for p in parents)
        sizes = [len(variables[p].states) for p in parents]
        own = len(variable.states)
        if parents and random.random() < 0.6:
            links = tuple(rows(size, own) for size in sizes)
            families.append(NoisyMax(variable.name, names, rows(own), links))
        else:
            families.append(Table(variable.name, names, rows(*sizes, own)))
    order = random.permutation(count)
    return Network(tuple(variables[i] for i in order), tuple(families[i] for i in order))


@st.composite
def cases(draw: st.DrawFn, most: int = 12) -> tuple[Network, dict[str, object]]:
    """A network with evidence: none, some, all; hard or by likelihood; perhaps impossible."""
    network = draw(networks(most))
    evidence: dict[str, object] = {}
    for variable in network.variables:
        kind = draw(st.integers(0, 5))
        if kind <= 1:
            evidence[variable.name] = draw(st.sampled_from(variable.states))
        elif kind == 2:
            values = draw(
                st.lists(
                    st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0]),
                    min_size=len(variable.states),
                    max_size=len(variable.states),
                )
            )
            evidence[variable.name] = np.array(values)
    return network, evidence
