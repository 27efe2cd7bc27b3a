"""Questions through unobserved parents that nothing is known below, against enumeration."""

import numpy as np
import pytest
from support.networks import joint_distribution, with_evidence

from bayesnet.analysis.study import study
from bayesnet.inference.cases import cases_of
from bayesnet.network import Network, NoisyMax, Table, Variable
from bayesnet.network.evidence import encode_case

RISES = np.array([[1.0, 0.0, 0.0], [0.2, 0.5, 0.3]])
TWO = np.array([[1.0, 0.0], [0.35, 0.65]])
THREE = np.array([[1.0, 0.0], [0.6, 0.4], [0.1, 0.9]])


def through_a_pattern(lowest: int) -> Network:
    """Two causes, a seen sign of both, and a leaf behind a pattern of three states and a table."""
    turn = slice(None, None, -1 if lowest else 1)
    pattern = NoisyMax(
        "pattern",
        ("a", "b"),
        np.array([0.8, 0.15, 0.05])[turn],
        (RISES[:, turn], RISES[:, turn]),
        -1 if lowest else 0,
    )
    return Network(
        tuple(
            Variable(name, states)
            for name, states in {
                "a": ("no", "yes"),
                "b": ("no", "yes"),
                "pattern": ("p", "q", "r"),
                "table": ("no", "yes"),
                "leaf": ("no", "yes"),
                "seen": ("no", "yes"),
            }.items()
        ),
        (
            Table("a", (), np.array([0.7, 0.3])),
            Table("b", (), np.array([0.4, 0.6])),
            pattern,
            Table("table", ("a",), np.array([[0.9, 0.1], [0.3, 0.7]])),
            NoisyMax("leaf", ("pattern", "table", "b"), TWO[1], (THREE[turn], TWO, TWO)),
            NoisyMax("seen", ("a", "b"), np.array([0.9, 0.1]), (TWO, TWO)),
        ),
    )


@pytest.mark.parametrize("lowest", [0, -1])
@pytest.mark.parametrize("evidence", [{}, {"seen": "yes"}, {"seen": "yes", "a": "no"}])
def test_pairs_through_barren_parents_are_those_of_the_joint(lowest, evidence):

    network = through_a_pattern(lowest)
    inference = network.compile().inference
    case = cases_of(encode_case(network, evidence))[0]
    found = study(inference.planner, case, [network.position("b")], [network.position("leaf")])
    assert network.position("pattern") not in found.problem.factors.inside
    joint = with_evidence(network, joint_distribution(network), evidence)
    axes = tuple(network.position(n) for n in ("a", "pattern", "table", "seen"))
    expected = joint.sum(axis=axes) / joint.sum()
    np.testing.assert_allclose(found.pairs.of(network.position("leaf")), expected, atol=1e-12)
