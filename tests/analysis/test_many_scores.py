"""The scores of many cases against those of each by itself."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from support.budget import examples
from support.networks import cases, networks

from bayesnet.analysis.derivatives import numbers_of
from bayesnet.analysis.many_scores import Scores
from bayesnet.analysis.score import score_of
from bayesnet.engine import DEFAULT_BUDGET, Engine
from bayesnet.inference.cases import Case, cases_of
from bayesnet.network import Array, Network, Table, Variable
from bayesnet.network.evidence import encode_case


def scores_of(network: Network) -> Scores:
    count = sum(each.size for family in network.families for each in numbers_of(family))
    return Scores(network, np.ones(count, dtype=np.bool_), DEFAULT_BUDGET)


def by_rows(network: Network, found: Array) -> list[list[Array]]:
    """One case's derivatives, as the arrays of each family."""
    parts, at = [], 0
    for family in network.families:
        own = []
        for array in numbers_of(family):
            own.append(found[at : at + array.size].reshape(array.shape))
            at += array.size
        parts.append(own)
    return parts


def check(network: Network, some: Sequence[Case], scores: Scores) -> None:
    logs, found = scores.of(some)
    planner = Engine(network).inference.given
    for case, log_p, derivatives in zip(some, logs, found, strict=True):
        one = score_of(planner, case)
        if one.log_probability == -np.inf:
            assert log_p == -np.inf
            assert not derivatives.any()
            continue
        assert log_p == pytest.approx(one.log_probability, rel=1e-9, abs=1e-9)
        for at, own in enumerate(by_rows(network, derivatives)):
            for place, array in enumerate(own):
                other = one.by_number[at][place] if at in one.by_number else np.zeros(array.shape)
                # Rows are distributions: what counts is how their entries differ.
                np.testing.assert_allclose(
                    array - array[..., :1], other - other[..., :1], rtol=1e-6, atol=1e-6
                )


@examples(25)
@given(cases(7))
def test_the_kernel_says_what_one_case_by_itself_does(
    case: tuple[Network, dict[str, object]],
) -> None:
    pytest.importorskip("numba")
    network, evidence = case
    (one,) = cases_of(encode_case(network, evidence))
    (none,) = cases_of(encode_case(network, {}))
    check(network, [one, none], scores_of(network))


@examples(10)
@given(networks(6))
def test_one_by_one_is_the_way_without_the_kernel(network: Network) -> None:
    scores = scores_of(network)
    scores.__dict__["_turns"] = []
    check(network, cases_of(encode_case(network, {})), scores)


def test_families_take_turns_where_the_kernel_has_no_room_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("numba")
    names = [f"v{at}" for at in range(6)]
    tables = [Table(names[0], (), np.array([0.3, 0.7]))]
    for parent, name in pairwise(names):
        tables.append(Table(name, (parent,), np.array([[0.8, 0.2], [0.4, 0.6]])))
    network = Network(tuple(Variable(name, ("no", "yes")) for name in names), tuple(tables))
    monkeypatch.setattr("bayesnet.analysis.many_scores.ROW_VARIABLES", len(names) + 2)

    scores = scores_of(network)

    check(network, [Case({1: 1, 5: 0}, {}), Case({}, {})], scores)
    assert len(scores._turns) == 3


def test_no_case_has_no_score() -> None:
    network = Network((Variable("rain", ("no", "yes")),), (Table("rain", (), np.ones(2) / 2),))
    logs, found = scores_of(network).of([])
    assert logs.shape == (0,)
    assert found.shape == (0, 2)
