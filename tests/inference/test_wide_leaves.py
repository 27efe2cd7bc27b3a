"""Noisy-MAX leaves that nobody observed: the compiled executor, numpy and enumeration agree."""

import numpy as np
import pytest
from support.networks import joint_distribution, with_evidence

from bayesnet.engine import Engine
from bayesnet.network import Network, NoisyMax, Table, Variable

AFTER_ANOTHER = (1, 2, 3, 5, 6, 7)


def wide_leaves(seed):
    """Two connected parts of causes, and leaves of eight parents; one is seldom present."""
    draw = np.random.default_rng(seed)
    states = ("a", "b", "c")
    variables = [Variable(f"c{i}", states[:2]) for i in range(8)]
    variables += [Variable("many", states), Variable("seldom", states[:2])]
    families = [Table(f"c{i}", (), draw.dirichlet([1.0, 1.0])) for i in (0, 4)]
    families += [
        Table(f"c{i}", (f"c{i - 1}",), draw.dirichlet([1.0, 1.0], size=2)) for i in AFTER_ANOTHER
    ]
    causes = tuple(f"c{i}" for i in range(8))
    links = tuple(draw.dirichlet(np.ones(3), size=2) for _ in causes)
    families.append(NoisyMax("many", causes, draw.dirichlet(np.ones(3)), links))
    rare = tuple(np.array([[1.0, 0.0], [1 - 1e-14, 1e-14]]) for _ in causes)
    families.append(NoisyMax("seldom", causes, np.array([1.0, 0.0]), rare))
    return Network(tuple(variables), tuple(families))


@pytest.mark.parametrize("evidence", [{}, {"c2": "b"}, {"c0": "a", "c5": "b"}, {"c6": [0.2, 0.9]}])
def test_leaves_of_many_parents(evidence):
    pytest.importorskip("numba")
    network = wide_leaves(5)
    joint = with_evidence(network, joint_distribution(network), evidence)
    joint = joint / joint.sum()
    engine = Engine(network, executor="numba")
    found = engine.marginals(evidence)
    by_numpy = Engine(network, executor="numpy").marginals(evidence)
    for name in found:
        axis = network.position(name)
        expected = joint.sum(axis=tuple(a for a in range(joint.ndim) if a != axis))
        np.testing.assert_allclose(found[name], by_numpy[name], atol=1e-12)
        np.testing.assert_allclose(found[name], expected, atol=1e-12)
    # A state whose chance is near 1e-13 keeps its digits.
    np.testing.assert_allclose(found["seldom"][1], by_numpy["seldom"][1], rtol=1e-9)
