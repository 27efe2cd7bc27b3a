"""Joint draws given a case, against the joint distribution by enumeration."""

import numpy as np
from hypothesis import given
from support.budget import examples
from support.networks import cases, joint_distribution, layered, with_evidence

from bayesnet.analysis.posterior_draws import posterior_draws
from bayesnet.inference.cases import Case, cases_of
from bayesnet.network import Network, Table, Variable
from bayesnet.network.evidence import encode_case

DRAWS = 4000


def farthest(case, rare):
    """How far the weights of the joint states drawn are from their probability, at most.

    rare: how many free variables have their rare states drawn more often.
    """
    network, evidence = case
    joint = with_evidence(network, joint_distribution(network), evidence)
    known = cases_of(encode_case(network, evidence))[0]
    free = [v for v in range(len(network.names)) if v not in known.hard]
    if joint.sum() == 0 or not free:
        return 0.0
    planner, rng = network.compile().inference.planner, np.random.default_rng(1)
    drawn = posterior_draws(planner, known, free, DRAWS, rng, rare=free[:rare])
    expected = joint.sum(axis=tuple(set(range(joint.ndim)) - set(free))) / joint.sum()
    found = np.zeros(expected.shape)
    np.add.at(found, tuple(drawn.states), drawn.weights / DRAWS)
    return np.abs(found - expected).max()


@examples(30)
@given(cases(6))
def test_draws_come_as_often_as_they_are_probable(case):
    # The standard error of a share is at most 0.008.
    assert farthest(case, rare=0) < 0.05


@examples(20)
@given(cases(6))
def test_what_is_drawn_more_often_weighs_so_much_less(case):
    assert farthest(case, rare=2) < 0.06


def test_the_same_seed_gives_the_same_draws():
    network = layered(2)
    planner = network.compile().inference.planner
    case = cases_of(encode_case(network, {}))[0]
    free = list(range(len(network.names)))
    one, other = (
        posterior_draws(planner, case, free, 50, np.random.default_rng(3)).states for _ in range(2)
    )
    assert (one == other).all()


def test_a_rare_state_is_drawn_often_enough_to_be_seen():
    family = Table("rare", (), np.array([0.9995, 0.0005]))
    network = Network((Variable("rare", ("no", "yes")),), (family,))
    planner = network.compile().inference.planner
    drawn = posterior_draws(planner, Case({}, {}), [0], 1000, np.random.default_rng(1), rare=[0])
    there = drawn.states[0] == 1
    assert there.sum() >= 5
    assert drawn.weights[there].max() < 0.06
