"""Information of every question for many cases, against brute force and row by row."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.budget import examples
from support.information import everything, told
from support.models import gearbox
from support.networks import cases, joint_distribution, with_evidence
from support.readouts import ask, ask_many

from bayesnet.network import Network, Table, Variable, noisy_or
from bayesnet.network.evidence import MISSING, Observed, encode_case, encode_table


def rows_of(network, count, seed):
    """Cases of three patterns, perhaps empty or full; some cases perhaps impossible."""
    random = np.random.default_rng(seed)
    sizes = [len(variable.states) for variable in network.variables]
    codes = np.array([random.integers(0, size, count) for size in sizes])
    shares = random.choice([0.0, 0.3, 0.6, 1.0], 3)
    there = random.random((len(sizes), 3)) < shares
    codes[~there[:, random.integers(0, 3, count)]] = MISSING
    soft = int(random.integers(len(sizes)))
    codes[soft] = MISSING
    likelihoods = {soft: random.choice([0.0, 0.5, 1.0, 3.0], (count, sizes[soft]))}
    return Observed(codes, likelihoods if random.random() < 0.5 else {})


@examples(40)
@given(cases(7), st.integers(0, 2**32 - 1))
def test_ask_many_matches_enumeration_row_by_row(case, seed):
    network, _ = case
    observed = rows_of(network, 12, seed)
    engine = network.compile()
    targets, questions = everything(network)[::2], everything(network)
    found = ask_many(engine, targets, questions, observed)
    assert found.shape == (len(questions), 12)
    prior = joint_distribution(network)
    for row in range(12):
        evidence = {
            network.names[v]: network.variables[v].states[code]
            for v, code in enumerate(observed.codes[:, row])
            if code != MISSING
        }
        evidence |= {network.names[v]: rows[row] for v, rows in observed.likelihoods.items()}
        joint = with_evidence(network, prior, evidence)
        if joint.sum() == 0:
            assert np.isnan(found[:, row]).all()
            continue
        joint = joint / joint.sum()
        expected = [told(joint, targets, question) for question in questions]
        np.testing.assert_allclose(found[:, row], expected, atol=1e-9)


def test_a_question_is_told_anew_when_another_of_its_parents_is_known():
    """The same question from the same target, with now one and now another parent summed out."""
    chances = {"t": 0.3, "a": 0.2, "b": 0.4}
    network = Network(
        tuple(Variable(name, ("no", "yes")) for name in (*chances, "q")),
        (
            *(Table(name, (), np.array([1 - p, p])) for name, p in chances.items()),
            noisy_or("q", {"t": 0.5, "a": 0.8, "b": 0.1}, 0.05),
        ),
    )
    engine, prior = network.compile(), joint_distribution(network)
    for evidence in ({"a": "yes"}, {"b": "yes"}, {}, {"a": "yes", "b": "yes"}):
        joint = with_evidence(network, prior, evidence)
        found = ask(engine, [0], [3], encode_case(network, evidence)).bits
        assert found["q"] == pytest.approx(told(joint / joint.sum(), [0], 3), abs=1e-12)


def test_ask_many_says_the_same_as_ask():
    model = gearbox()
    engine = model.engine
    network = engine.network
    random = np.random.default_rng(5)
    names = ["whine", "squeal_cold", "hours", "felt_at", "smoke"]
    table = {name: random.integers(-1, len(network.variable(name).states), 40) for name in names}
    observed = encode_table(network, network.state_names(table))
    targets = [network.position(cause) for cause in model.description.causes]
    questions = [network.position(name) for name in (*names, "old_oil", "oil_test", "new_clutch")]
    found = ask_many(engine, targets, questions, observed)
    for row in range(40):
        one = observed.take([row])
        bits = ask(engine, targets, questions, one).bits
        expected = [bits.get(network.names[question], 0.0) for question in questions]
        np.testing.assert_allclose(found[:, row], expected, rtol=0, atol=1e-12)


def test_a_rows_numbers_do_not_depend_on_the_other_rows():
    model = gearbox()
    network = model.engine.network
    targets = [network.position(cause) for cause in model.description.causes]
    questions = [network.position(name) for name in ("old_oil", "oil_test", "new_clutch", "hours")]
    table = {"whine": [0, 1] * 20, "squeal_cold": [1, 1, 0, -1] * 10}
    observed = encode_table(network, network.state_names(table))
    together = ask_many(model.engine, targets, questions, observed)
    for row in range(4):
        apart = ask_many(model.engine, targets, questions, observed.take([row]))
        np.testing.assert_array_equal(apart[:, 0], together[:, row])
    np.testing.assert_array_equal(together[:, :4], together[:, 4:8])


def test_ask_many_of_nothing():
    model = gearbox()
    engine = model.engine
    nobody = encode_table(engine.network, {"squeal_cold": []})
    assert ask_many(engine, [0, 1], [2, 3], nobody).shape == (2, 0)
    somebody = encode_table(engine.network, {"squeal_cold": ["yes"]})
    assert ask_many(engine, [0, 1], [], somebody).shape == (0, 1)
    assert (ask_many(engine, [], [2, 3], somebody) == 0).all()
    twice = ask_many(engine, [0, 1], [2, 2], somebody)
    assert (twice[0] == twice[1]).all()
