"""Numbers near the smallest float, structural zeros, networks that are large, wide or long."""

import itertools
import math

import numpy as np
import pytest
from support.exact_oracles import exact_joint, exactly_with
from support.networks import near_zero, two_state

from bayesnet import Network, Table, TooLargeError, Variable, noisy_or


@pytest.mark.parametrize("seed", range(40))
def test_every_possible_state_is_among_the_most_probable(seed):
    """However improbable: as many as are possible, best first, each with its probability."""
    network = near_zero(seed)
    joint, _ = exact_joint(network)
    total = int(joint.sum())
    expected = sorted((int(each) for each in joint.ravel() if each > 0), reverse=True)
    found = network.compile().most_probable(k=len(expected) + 3)
    assert len(found) == len(expected)
    assert len({tuple(each.states.items()) for each in found}) == len(found)
    for each, exact in zip(found, expected, strict=True):
        if exact / total > 1e-290:
            assert each.probability == pytest.approx(exact / total, rel=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_posteriors_where_numbers_are_near_the_smallest_float(seed):
    network = near_zero(seed)
    joint, exponent = exact_joint(network)
    engine = network.compile()
    for state in network.variables[-1].states:
        evidence = {network.names[-1]: state}
        table, raised = exactly_with(network, joint, evidence)
        total = int(table.sum())
        if total == 0:
            assert engine.log_probability(evidence) == -math.inf
            continue
        expected = math.log(total) - (exponent + raised) * math.log(2)
        assert engine.log_probability(evidence) == pytest.approx(expected, abs=1e-9)
        for name, values in engine.marginals(evidence).items():
            axis = network.position(name)
            others = tuple(a for a in range(table.ndim) if a != axis)
            exact = [int(each) / total for each in table.sum(axis=others)]
            np.testing.assert_allclose(values, exact, atol=1e-11)


def tangle(count, parents, states):
    """Every variable a child of some of those before it, nothing that could be simplified."""
    random = np.random.default_rng(0)
    families = []
    for at in range(count):
        chosen = sorted(random.choice(at, min(at, parents), replace=False).tolist())
        rows = random.dirichlet(np.ones(states), (states,) * len(chosen))
        families.append(Table(f"x{at}", tuple(f"x{p}" for p in chosen), rows))
    names = tuple(f"s{k}" for k in range(states))
    return Network(tuple(Variable(f"x{at}", names) for at in range(count)), tuple(families))


def test_a_network_too_wide_is_refused_before_anything_is_allocated():
    with pytest.raises(TooLargeError) as raised:
        tangle(80, 4, 4).compile()
    assert raised.value.needed > raised.value.budget


def test_a_long_chain():
    rows = np.array([[0.9, 0.1], [0.2, 0.8]])
    count = 5_000
    families = [Table("x0", (), np.array([0.5, 0.5]))]
    families += [Table(f"x{i}", (f"x{i - 1}",), rows) for i in range(1, count)]
    network = Network(tuple(two_state(f"x{i}") for i in range(count)), tuple(families))
    found = network.compile().marginals({"x0": "yes"})
    expected = np.array([0.0, 1.0])
    for at in range(1, 40):
        expected = expected @ rows
        np.testing.assert_allclose(found[f"x{at}"], expected, atol=1e-12)
    np.testing.assert_allclose(found[f"x{count - 1}"], [2 / 3, 1 / 3], atol=1e-12)


def test_findings_of_many_causes_against_inclusion_and_exclusion():
    """60 parents each: neither a table nor, with several present, a narrow chain."""
    random = np.random.default_rng(2)
    causes, present = 80, ("f0", "f1", "f2", "f3")
    priors = random.uniform(0.005, 0.05, causes)
    families = [Table(f"c{i}", (), np.array([1 - p, p])) for i, p in enumerate(priors)]
    links = np.zeros((6, causes))
    for finding in range(6):
        chosen = random.choice(causes, 60, replace=False)
        links[finding, chosen] = random.uniform(0.1, 0.8, 60)
        own = {f"c{i}": float(links[finding, i]) for i in chosen}
        families.append(noisy_or(f"f{finding}", own, 0.02))
    names = [family.variable for family in families]
    network = Network(tuple(two_state(name) for name in names), tuple(families))
    evidence = {**dict.fromkeys(present, "yes"), "f4": "no", "f5": "no"}
    total, each = 0.0, np.zeros(causes)
    for some in itertools.product((0, 1), repeat=4):
        absent = [f for f in range(4) if some[f]] + [4, 5]
        yes = priors * np.prod(1 - links[absent], axis=0)
        both = 1 - priors + yes
        term = (-1) ** sum(some) * 0.98 ** len(absent) * np.prod(both)
        total += term
        each += term * yes / both
    engine = network.compile()
    assert engine.log_probability(evidence) == pytest.approx(math.log(total), abs=1e-9)
    found = engine.marginals(evidence, [f"c{i}" for i in range(causes)])
    np.testing.assert_allclose([found[f"c{i}"][1] for i in range(causes)], each / total, atol=1e-10)
