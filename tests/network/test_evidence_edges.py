"""Likelihoods at the edge of what is one, and where a noisy chain begins to repay."""

import pytest
from support.interop import two_parents

from bayesnet.errors import EvidenceError
from bayesnet.network.evidence import encode_case, encode_table
from bayesnet.network.noisy_recognition import chain_repays


@pytest.mark.parametrize(
    "value",
    [
        [-0.5, 1],
        [1, -1e-12],
        {"low": -1, "high": 1},
        [float("nan"), 1],
        [float("inf"), 1],
        [1, 1, 1],
    ],
    ids=str,
)
def test_what_is_no_likelihood_is_refused(value):
    network = two_parents()
    with pytest.raises(EvidenceError, match="effort"):
        encode_case(network, {"effort": value})
    if isinstance(value, list):
        with pytest.raises(EvidenceError, match="effort"):
            encode_table(network, {"effort": [value]})


def test_zero_and_a_very_small_number_are_likelihoods():
    observed = encode_case(two_parents(), {"effort": [0, 1e-300]})
    (held,) = observed.likelihoods.values()
    assert held.tolist() == [[0, 1e-300]]


@pytest.mark.parametrize(
    ("shape", "repays"),
    [
        ((2, 2), False),
        ((2, 2, 2), False),  # as large as the table
        ((2, 2, 2, 2), True),
        ((3, 3, 3), False),  # as large as the table
        ((4, 4, 3), True),
        ((2, 4, 2), False),  # as large as the table
        ((3,), False),
    ],
)
def test_a_chain_repays_only_where_it_is_smaller(shape, repays):
    assert chain_repays(shape) == repays
