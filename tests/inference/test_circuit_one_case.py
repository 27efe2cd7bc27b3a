"""Cases one at a time: the circuit that a pattern gets when it comes again, against enumeration."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.networks import (
    any_states,
    drawn_rows,
    joint_distribution,
    networks,
    two_state,
    with_evidence,
)

from bayesnet import Network, Table, noisy_or
from bayesnet.errors import ImpossibleEvidenceError
from bayesnet.inference import circuits as compiling
from bayesnet.network.evidence import encode_case


@pytest.fixture(scope="module", params=["numpy", "numba"])
def executor(request):
    if request.param == "numba":
        pytest.importorskip("numba")
    return request.param


@pytest.fixture(scope="module", params=["a circuit for each pattern", "one beside it", "one"])
def way(request):
    """Which circuits there are: with `one beside it` what comes first goes by that for all."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "a circuit for each pattern":
            patch.setattr(compiling, "SMALL", -1)
        if request.param != "one":
            patch.setattr(compiling, "LIGHT", -1)
        yield request.param


@pytest.fixture
def two_findings():
    names = ["cause", "f0", "f1"]
    families = [Table("cause", (), np.array([0.7, 0.3]))]
    families += [noisy_or(name, {"cause": 0.6}, 0.1) for name in names[1:]]
    return Network(tuple(map(two_state, names)), tuple(families))


def assert_posteriors_match(engine, evidence, variables):
    network = engine.network
    joint = with_evidence(network, joint_distribution(network), evidence)
    if joint.sum() == 0:
        with pytest.raises(ImpossibleEvidenceError):
            engine.marginals(evidence, variables)
        return
    found = engine.marginals(evidence, variables)
    hard = {name for name, value in evidence.items() if isinstance(value, str)}
    assert set(found) == set(variables) - hard
    for name, values in found.items():
        axis = network.position(name)
        rest = tuple(other for other in range(joint.ndim) if other != axis)
        expected = joint.sum(axis=rest) / joint.sum()
        np.testing.assert_allclose(values, expected, rtol=0, atol=1e-9, err_msg=name)


@settings(max_examples=25)
@given(network=networks(6), seed=st.integers(0, 2**32 - 1))
def test_cases_that_come_again_and_again(executor, way, network, seed):
    """The same evidence, the same variables observed in other states, other variables read."""
    engine = network.compile(executor=executor)
    few = [{}, *drawn_rows(network, any_states(network, seed, 4), seed)[1:]]
    other = any_states(network, seed + 1, 1)[:, 0]
    turned = [
        {
            name: value if not isinstance(value, str) else network.variable(name).states[code]
            for name, value in row.items()
            for code in [other[network.position(name)]]
        }
        for row in few
    ]
    names = network.names
    for variables in (names, names[::2], names[1::2]):
        for evidence in (*few, *turned, *few):
            assert_posteriors_match(engine, evidence, variables)


@settings(max_examples=25)
@given(network=networks(6), seed=st.integers(0, 2**32 - 1))
def test_a_pattern_that_came_before_reads_any_variables(executor, way, network, seed):
    engine = network.compile(executor=executor)
    evidence = drawn_rows(network, any_states(network, seed, 3), seed)[2]
    for _ in range(2):
        for name in network.names:
            assert_posteriors_match(engine, evidence, [name])
    assert_posteriors_match(engine, evidence, network.names)


def test_the_second_case_of_a_pattern_gets_a_circuit_of_its_own(way, two_findings):
    circuits = two_findings.compile().inference.circuits
    seen = encode_case(two_findings, {"f0": "yes"})
    everything = circuits.everything
    first, second = (circuits.for_one(seen, (0, 2)) for _ in range(2))
    if way == "one":
        assert first is second is everything is not None
        return
    assert first is everything
    assert second is not None
    assert second is not everything
    assert [output.variable for output in second.circuit.outputs] == [0, 2]
    assert circuits.for_one(seen, (0, 2)) is second
    assert circuits.for_one(encode_case(two_findings, {"f0": "no"}), (0, 2)) is not second
    assert circuits.for_one(seen, (0,)) is not second


def test_likelihoods_are_not_given_to_the_circuit_for_hard_evidence(way, two_findings):
    circuits = two_findings.compile().inference.circuits
    vague = encode_case(two_findings, {"cause": np.array([0.2, 0.7])})
    assert circuits.for_one(vague, (1,)) is None
    kept = circuits.for_one(vague, (1,))
    assert kept is not None
    assert len(kept.circuit.soft) == 1
