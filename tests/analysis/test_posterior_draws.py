"""Joint draws given a case, against the joint distribution by enumeration."""

import numpy as np
from hypothesis import given, settings
from support.networks import cases, joint_distribution, layered, with_evidence

from bayesnet.analysis.posterior_draws import posterior_draws
from bayesnet.inference.cases import cases_of
from bayesnet.network.evidence import encode_case

DRAWS = 4000


@settings(max_examples=60)
@given(cases(6))
def test_draws_come_as_often_as_they_are_probable(case):
    network, evidence = case
    joint = with_evidence(network, joint_distribution(network), evidence)
    if joint.sum() == 0:
        return
    known = cases_of(encode_case(network, evidence))[0]
    free = [v for v in range(len(network.names)) if v not in known.hard]
    if not free:
        return
    planner = network.compile().inference.planner
    drawn = posterior_draws(planner, known, free, DRAWS, np.random.default_rng(1))
    others = tuple(v for v in range(joint.ndim) if v not in free)
    expected = joint.sum(axis=others) / joint.sum()
    found = np.zeros(expected.shape)
    np.add.at(found, tuple(drawn), 1.0 / DRAWS)
    # The standard error of a share is at most 0.008.
    assert np.abs(found - expected).max() < 0.05


def test_the_same_seed_gives_the_same_draws():
    network = layered(2)
    planner = network.compile().inference.planner
    case = cases_of(encode_case(network, {}))[0]
    free = list(range(len(network.names)))
    one, other = (
        posterior_draws(planner, case, free, 50, np.random.default_rng(3)) for _ in range(2)
    )
    assert (one == other).all()
