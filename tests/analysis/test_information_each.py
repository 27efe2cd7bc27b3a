"""Information of each question about each target by itself, against brute force."""

import numpy as np
import pytest
from hypothesis import given
from support.budget import examples
from support.information import entropy_of, everything, told
from support.models import gearbox
from support.networks import cases, joint_distribution, with_evidence
from support.readouts import ask, information_each

from bayesnet.errors import ImpossibleEvidenceError
from bayesnet.network import Network, NoisyMax, Table, Variable
from bayesnet.network.evidence import MISSING, encode_case


@examples(48)
@given(cases(7))
def test_information_each_matches_enumeration_and_keeps_its_bounds(case):
    network, evidence = case
    engine = network.compile()
    joint = with_evidence(network, joint_distribution(network), evidence)
    observed = encode_case(network, evidence)
    every = everything(network)
    targets = every[::2]
    if joint.sum() == 0:
        with pytest.raises(ImpossibleEvidenceError):
            information_each(engine, targets, every, observed)
        return
    joint = joint / joint.sum()
    found = information_each(engine, targets, every, observed)
    expected = [[told(joint, [target], question) for question in every] for target in targets]
    np.testing.assert_allclose(found, np.reshape(expected, found.shape), atol=1e-9)
    for at, target in enumerate(targets):
        assert found[at, target] == pytest.approx(entropy_of(joint, {target}), abs=1e-9)
    bits = ask(engine, targets, every, observed).bits
    for question in every:
        most = bits.get(network.names[question], 0.0)
        assert (found[:, question] >= 0).all()
        assert (found[:, question] <= most + 1e-9).all()
        own = [entropy_of(joint, {target}) for target in targets]
        assert (found[:, question] <= np.array(own) + 1e-9).all()


@examples(20)
@given(cases(6))
def test_targets_one_after_the_other_add_up_to_the_joint(case):
    """The chain rule: I(A, B; Q) = I(A; Q) + sum over a of P(a) I(B; Q | a)."""
    network, evidence = case
    if with_evidence(network, joint_distribution(network), evidence).sum() == 0:
        return
    engine = network.compile()
    every = everything(network)
    observed = encode_case(network, evidence)
    free = [v for v in every if observed.codes[v, 0] == MISSING and v not in observed.likelihoods]
    if len(free) < 2:
        return
    first, second = free[:2]
    states = network.variables[first].states
    chances = engine.marginals(evidence, [network.names[first]])[network.names[first]]
    total = information_each(engine, [first], every, observed)[0]
    for state, chance in zip(states, chances, strict=True):
        if chance > 0:
            given_first = encode_case(network, {**evidence, network.names[first]: state})
            total = total + chance * information_each(engine, [second], every, given_first)[0]
    bits = ask(engine, [first, second], every, observed).bits
    expected = [bits.get(network.names[v], 0.0) for v in every]
    # Once A is known nothing is left to be asked about it, so A itself is told in full by A.
    np.testing.assert_allclose(total, expected, atol=1e-9)


def test_information_each_of_nothing():
    engine = gearbox().engine
    observed = encode_case(engine.network, {"whine": True})
    assert information_each(engine, [], [0, 1], observed).shape == (0, 2)
    assert information_each(engine, [0], [], observed).shape == (1, 0)
    whine = engine.network.position("whine")
    assert information_each(engine, [whine, 0], [whine], observed).tolist() == [
        [0],
        [0],
    ]


def test_a_target_that_cannot_be_in_a_state_tells_of_a_wide_noisy_leaf():
    """Wide leaves are read from sums of their own; supposing the impossible must not disturb."""
    names = [f"p{k}" for k in range(16)]
    links = tuple(np.array([[1.0, 0.0], [0.8, 0.2]]) for _ in names)
    chances = [0.0, *([0.3] * 15)]
    network = Network(
        tuple(Variable(name, ("no", "yes")) for name in [*names, "leaf"]),
        (
            *(Table(n, (), np.array([1 - p, p])) for n, p in zip(names, chances, strict=True)),
            NoisyMax("leaf", tuple(names), np.array([0.9, 0.1]), links),
        ),
    )
    engine = network.compile()
    found = information_each(engine, [0, 1], [16], encode_case(network, None))
    lowest = 0.9 * (0.7 + 0.3 * 0.8) ** 14
    given = np.array([[1 - lowest, lowest], [1 - 0.8 * lowest, 0.8 * lowest]])
    mixed = 0.7 * given[0] + 0.3 * given[1]
    bits = -(mixed * np.log2(mixed)).sum() + 0.7 * (given[0] * np.log2(given[0])).sum()
    bits += 0.3 * (given[1] * np.log2(given[1])).sum()
    np.testing.assert_allclose(found, [[0.0], [bits]], atol=1e-12)
