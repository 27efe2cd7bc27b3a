"""The case with other answers, in lanes of one plan, is each case by itself."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.budget import examples
from support.networks import networks

from bayesnet.analysis.other_answers import posteriors_with
from bayesnet.inference.cases import cases_of
from bayesnet.network.evidence import encode_case


@examples(20)
@given(networks(8), st.integers(0, 2**32 - 1))
def test_each_set_of_other_answers_is_the_case_with_them(network, seed):
    random = np.random.default_rng(seed)
    engine = network.compile()
    kinds = random.integers(0, 4, len(network.names))
    evidence = {}
    for v in np.flatnonzero(kinds >= 2).tolist():
        states = network.variables[v].states
        likelihood = random.choice([0.2, 1.0, 3.0], len(states))
        evidence[network.names[v]] = likelihood if random.random() < 0.3 else states[-1]
    assume(not np.isneginf(engine.log_probability(evidence)) and 0 in kinds)
    targets = np.flatnonzero(kinds == 0).tolist()
    items = np.flatnonzero(kinds % 2 == 1).tolist()
    sizes = [len(variable.states) for variable in network.variables]
    answers = [
        {v: int(random.integers(sizes[v])) for v in items if random.random() < 0.7}
        for _ in range(3)
    ]
    (case,) = cases_of(encode_case(network, evidence))
    found = posteriors_with(engine.inference.planner, case, answers, targets)
    assert found.shape == (len(targets), len(answers))
    for lane, some in enumerate(answers):
        changed = {network.names[v]: network.variables[v].states[s] for v, s in some.items()}
        whole = {**evidence, **changed}
        if np.isneginf(engine.log_probability(whole)):
            assert np.isnan(found[:, lane]).all()
            continue
        expected = engine.marginals(whole, [network.names[v] for v in targets])
        for target, value in zip(targets, found[:, lane], strict=True):
            assert value == pytest.approx(expected[network.names[target]][-1], abs=1e-9)
