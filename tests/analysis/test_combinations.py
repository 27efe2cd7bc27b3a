"""The most probable joint states of some variables, against the whole joint."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.budget import examples
from support.networks import cases, joint_distribution, with_evidence
from support.readouts import one

from bayesnet.analysis.combinations import combinations
from bayesnet.engine import Engine
from bayesnet.network import Network
from bayesnet.network.evidence import encode_case


@examples(30)
@given(cases(8), st.integers(1, 6), st.integers(0, 2**16))
def test_they_are_the_best_of_the_joint(case: tuple[Network, dict[str, object]], k: int, seed: int):
    network, evidence = case
    joint = with_evidence(network, joint_distribution(network), evidence)
    assume(joint.sum() > 0)
    encoded = one(encode_case(network, evidence))
    free = [v for v in range(len(network.names)) if v not in encoded.hard]
    rng = np.random.default_rng(seed)
    chosen = sorted(rng.permutation(free)[: rng.integers(0, len(free) + 1)].tolist())
    problem = Engine(network).inference.planner.problem(encoded, chosen)
    found = combinations(problem, chosen, k)

    others = tuple(axis for axis in range(joint.ndim) if axis not in chosen)
    shares = joint.sum(axis=others) / joint.sum()
    best = np.sort(shares.reshape(-1))[::-1]
    expected = best[best > 1e-15][:k]
    assert [p for _, p in found][: len(expected)] == pytest.approx(expected.tolist(), rel=1e-9)
    for states, p in found:
        assert p == pytest.approx(float(shares[tuple(states[v] for v in chosen)]), rel=1e-9)
    assert len({tuple(sorted(states.items())) for states, _ in found}) == len(found)
