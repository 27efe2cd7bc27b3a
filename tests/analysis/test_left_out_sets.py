"""Posteriors without sets of observations, in lanes, against a plan for each."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support.budget import examples
from support.networks import cases
from support.readouts import one

from bayesnet.analysis.left_out_sets import posteriors_without
from bayesnet.engine import Engine
from bayesnet.network import Network
from bayesnet.network.evidence import encode_case


@examples(40)
@given(cases(8), st.integers(0, 2**16))
def test_they_are_those_of_the_smaller_cases(case: tuple[Network, dict[str, object]], seed: int):
    network, evidence = case
    encoded = one(encode_case(network, evidence))
    inference = Engine(network).inference
    free = [v for v in range(len(network.names)) if v not in encoded.hard]
    assume(inference.is_possible(encoded) and free and encoded.variables)
    rng = np.random.default_rng(seed)
    sets = [
        rng.permutation(encoded.variables)[: rng.integers(0, len(encoded.variables) + 1)].tolist()
        for _ in range(5)
    ]
    found = posteriors_without(inference, encoded, sets, free)
    for row, some in zip(found, sets, strict=True):
        alone = inference.marginals(encoded.without(some), free)
        assert row == pytest.approx([alone[v][-1] for v in free], rel=1e-9, abs=1e-12)
