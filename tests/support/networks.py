"""Random networks and the brute-force oracle that tests compare with."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from bayesnet.analysis.derivatives import numbers_of
from bayesnet.network import Array, Network, NoisyMax, Table, Variable, maximum_of, noisy_or

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


def unnormalised_joint(network: Network, arrays: Mapping[int, tuple[Array, ...]]) -> Array:
    """The product of all families, whose arrays of numbers need not be distributions."""
    count = len(network.names)
    joint = np.ones([len(v.states) for v in network.variables])
    for at, family in enumerate(network.families):
        numbers = arrays.get(at, numbers_of(family))
        if isinstance(family, Table):
            table = numbers[0]
        else:
            table = numbers[0][family.order]
            for link in numbers[1:]:
                table = maximum_of(table[..., None, :], link[:, family.order])
            table = table[..., family.order]
        axes = [network.position(name) for name in (*family.parents, family.variable)]
        shape = [1] * count
        for axis in axes:
            shape[axis] = joint.shape[axis]
        joint = joint * table.transpose(np.argsort(axes)).reshape(shape)
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
        return np.asarray(kept / kept.sum(axis=-1, keepdims=True))

    families: list[Table | NoisyMax] = []
    for i, variable in enumerate(variables):
        parents = [p for p in range(i) if random.random() < density][-4:]
        names = tuple(variables[p].name for p in parents)
        sizes = [len(variables[p].states) for p in parents]
        own = len(variable.states)
        if parents and random.random() < 0.6:
            links = tuple(rows(size, own) for size in sizes)
            lowest: Literal[0, -1] = 0 if random.integers(-1, 1) == 0 else -1
            families.append(NoisyMax(variable.name, names, rows(own), links, lowest))
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


def drawn_rows(network: Network, states: NDArray[np.intp], seed: int) -> list[dict[str, object]]:
    """Evidence for cases in these states, shape (variables, cases); possible if the states are.

    The first case shows nothing and the second every state; the others show more or less, some
    variables by a likelihood that allows the state.
    """
    random = np.random.default_rng(seed)
    shares = random.choice([0.1, 0.5, 0.9], states.shape[1])
    vague = np.less(random.random(states.shape[0]), 0.3)
    rows: list[dict[str, object]] = []
    for at, (codes, share) in enumerate(zip(states.T, shares, strict=True)):
        row: dict[str, object] = {}
        for variable, code, soft in zip(network.variables, codes, vague, strict=True):
            if at == 0 or (at > 1 and random.random() > share):
                continue
            row[variable.name] = variable.states[code]
            if soft and at > 1 and random.random() < 0.7:
                likelihood = random.choice([0.0, 0.1, 1.0, 3.0], len(variable.states))
                likelihood[code] = 0.5
                row[variable.name] = likelihood
        rows.append(row)
    return rows


def table_of(network: Network, rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """The cases as columns: lists or arrays of names, or likelihoods where a row has one."""
    table: dict[str, object] = {}
    for at, variable in enumerate(network.variables):
        values = [row.get(variable.name) for row in rows]
        if any(isinstance(value, np.ndarray) for value in values):
            table[variable.name] = np.array([_as_likelihood(variable, value) for value in values])
        elif at % 2:
            table[variable.name] = values
        else:
            table[variable.name] = np.array(values, dtype=object)
    return table


def _as_likelihood(variable: Variable, value: object) -> Array:
    if isinstance(value, np.ndarray):
        return value
    return np.array([float(value is None or state == value) for state in variable.states])


def two_state(name: str) -> Variable:
    """A variable that noisy-OR takes as a cause or an effect."""
    return Variable(name, ("no", "yes"))


def layered(seed: int) -> Network:
    """Two risk factors over 20 causes over 16 findings: noisy-OR, noisy-MAX and tables."""
    random = np.random.default_rng(seed)
    variables = [two_state("r0"), two_state("r1")]
    families: list[Table | NoisyMax] = [
        Table("r0", (), np.array([0.3, 0.7])),
        Table("r1", (), np.array([0.9, 0.1])),
    ]
    for i in range(20):
        variables.append(two_state(f"c{i}"))
        links = {f"r{k}": float(random.uniform(0.05, 0.3)) for k in range(2)}
        families.append(noisy_or(f"c{i}", links, 0.02))
    for i in range(16):
        name = f"f{i}"
        parents = tuple(f"c{k}" for k in random.choice(20, 4, replace=False))
        variables.append(Variable(name, ("none", "some", "much")) if i % 3 else two_state(name))
        if i % 3 == 0:
            families.append(noisy_or(name, dict.fromkeys(parents, 0.4), 0.05))
        elif i % 3 == 1:
            rows = tuple(np.array([[1, 0, 0], random.dirichlet(np.ones(3))]) for _ in parents)
            families.append(NoisyMax(name, parents, np.array([0.9, 0.06, 0.04]), rows))
        else:
            families.append(Table(name, parents, random.dirichlet(np.ones(3), (2,) * 4)))
    return Network(tuple(variables), tuple(families))


def near_zero(seed: int) -> Network:
    """Five variables of two or three states; most numbers are zero, 1e-300, 1e-160 or so."""
    random = np.random.default_rng(seed)
    sizes = random.integers(2, 4, 5)

    def rows(*shape: int) -> Array:
        values = random.choice([0.0, 1e-300, 1e-160, 1e-30, 0.3], shape)
        likely = random.integers(0, shape[-1], (*shape[:-1], 1))
        np.put_along_axis(values, likely, 0.0, axis=-1)
        np.put_along_axis(values, likely, 1 - values.sum(axis=-1, keepdims=True), axis=-1)
        return values

    families: list[Table | NoisyMax] = []
    for i, size in enumerate(sizes):
        parents = [p for p in range(i) if random.random() < 0.7]
        names = tuple(f"v{p}" for p in parents)
        if parents and random.random() < 0.5:
            links = tuple(rows(sizes[p], size) for p in parents)
            families.append(NoisyMax(f"v{i}", names, rows(size), links))
        else:
            families.append(Table(f"v{i}", names, rows(*sizes[parents], size)))
    variables = (Variable(f"v{i}", tuple("abc"[:size])) for i, size in enumerate(sizes))
    return Network(tuple(variables), tuple(families))


def drawn_states(network: Network, seed: int, count: int) -> NDArray[np.intp]:
    """Joint states drawn from the network, shape (variables, count)."""
    joint = joint_distribution(network)
    random = np.random.default_rng(seed)
    at = random.choice(joint.size, count, p=joint.ravel() / joint.sum())
    return np.array(np.unravel_index(at, joint.shape))


def any_states(network: Network, seed: int, count: int) -> NDArray[np.intp]:
    """Joint states, each as likely as any other, shape (variables, count)."""
    sizes = [[len(variable.states)] for variable in network.variables]
    return np.random.default_rng(seed).integers(0, sizes, (len(sizes), count))
