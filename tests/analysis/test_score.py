"""The score of a case against the joint with each number moved."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.budget import examples
from support.networks import cases, joint_distribution, unnormalised_joint, with_evidence

from bayesnet.analysis.derivatives import numbers_of
from bayesnet.analysis.score import score_of
from bayesnet.engine import Engine
from bayesnet.inference.cases import Case, cases_of
from bayesnet.network import Network, Table, Variable
from bayesnet.network.evidence import encode_case

STEP = 1e-4


@examples(30)
@given(cases(6), st.data())
def test_each_number_moves_the_probability_as_the_score_says(
    case: tuple[Network, dict[str, object]], data: st.DataObject
) -> None:
    network, evidence = case
    whole = with_evidence(network, joint_distribution(network), evidence).sum()
    assume(whole > 1e-8)
    engine = Engine(network)
    (one,) = cases_of(encode_case(network, evidence))

    found = score_of(engine.inference.given, one)

    assert found.log_probability == pytest.approx(np.log(whole), rel=1e-9, abs=1e-12)
    at = data.draw(st.sampled_from(range(len(network.families))))
    for place, array in enumerate(numbers_of(network.families[at])):
        for entry in np.ndindex(array.shape):
            other = (*entry[:-1], (entry[-1] + 1) % array.shape[-1])
            ends = []
            for step in (STEP, -STEP):
                # P(case) is a polynomial in each number, so that one at 0 may fall below it.
                moved = [np.array(each) for each in numbers_of(network.families[at])]
                moved[place][entry] += step
                moved[place][other] -= step
                joint = unnormalised_joint(network, {at: tuple(moved)})
                ends.append(with_evidence(network, joint, evidence).sum())
            slope = (ends[0] - ends[1]) / (2 * STEP * whole)
            own = found.by_number[at][place] if at in found.by_number else np.zeros(array.shape)
            assert own[entry] - own[other] == pytest.approx(slope, rel=1e-5, abs=1e-5)


@examples(30)
@given(cases(8), st.data())
def test_some_families_have_the_score_that_they_have_among_all(
    case: tuple[Network, dict[str, object]], data: st.DataObject
) -> None:
    network, evidence = case
    engine = Engine(network)
    (one,) = cases_of(encode_case(network, evidence))
    wanted = data.draw(st.sets(st.sampled_from(range(len(network.families)))))

    every = score_of(engine.inference.given, one)
    some = score_of(engine.inference.given, one, wanted)

    assert some.log_probability == every.log_probability
    assert wanted & every.by_number.keys() <= some.by_number.keys()
    for variable in wanted & every.by_number.keys():
        for first, second in zip(every.by_number[variable], some.by_number[variable], strict=True):
            np.testing.assert_array_equal(first, second)


def test_what_is_impossible_has_no_score() -> None:
    sure = Table("rain", (), np.array([1.0, 0.0]))
    network = Network((Variable("rain", ("no", "yes")),), (sure,))

    found = score_of(Engine(network).inference.given, Case({0: 1}, {}))

    assert found.log_probability == -np.inf
    assert not found.by_number
