"""The implied two-by-two table, by hand and by brute force on a small network."""

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np
import pytest
from lbp_validation.published.counted import with_events
from lbp_validation.published.events import Answer, Count, parse_event, variables_of, weights
from lbp_validation.published.tables import (
    Margin,
    Population,
    TwoByTwo,
    scaled_to_margins,
    two_by_two,
)
from support.networks import joint_distribution, two_state

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.network import Network, Table, Variable, noisy_or

BANDS = {"age": {"young": (10, 29), "old": (30, 49)}}
TESTS = ("a", "b", "c")
OLD_AND_C = Count(2, (Answer("age", ("old",)), Answer("c", ("yes",))))


def _small() -> Network:
    """Age acts on a cause, cause and another on a shared node, that on three tests."""
    return Network(
        (
            Variable("age", ("young", "old")),
            *map(two_state, ("cause", "other", "shared", *TESTS)),
        ),
        (
            Table("age", (), np.array([0.7, 0.3])),
            Table("cause", ("age",), np.array([[0.9, 0.1], [0.7, 0.3]])),
            Table("other", (), np.array([0.8, 0.2])),
            noisy_or("shared", {"cause": 0.8, "other": 0.4}, 0.1),
            *(
                noisy_or(test, {"shared": 0.6 + i / 10}, 0.05 * (i + 1))
                for i, test in enumerate(TESTS)
            ),
        ),
    )


def _people(network: Network) -> Iterator[tuple[dict[str, str], float]]:
    """Every kind of person with its probability."""
    joint = joint_distribution(network)
    states = [variable.states for variable in network.variables]
    for codes in product(*(range(len(each)) for each in states)):
        person = {n: s[i] for n, s, i in zip(network.names, states, codes, strict=True)}
        yield person, float(joint[codes])


def _two_of_three(person: Mapping[str, str]) -> bool:
    return sum(person[test] == "yes" for test in TESTS) >= 2


def test_a_cluster_equals_the_sum_over_all_kinds_of_people() -> None:
    network = _small()
    event = parse_event({"count": 2, "of": [{test: True} for test in TESTS]})
    seen = parse_event({"any": [{"a": True}, {"age": "old"}]})
    share, cause = 0.45, Margin(Answer("cause", ("yes",)), 0.45)
    found = two_by_two(network.compile(), BANDS, ("cause",), event, Population("", seen, (cause,)))
    chosen = [(p, w) for p, w in _people(network) if p["a"] == "yes" or p["age"] == "old"]
    ill = sum(w for p, w in chosen if p["cause"] == "yes")
    well = sum(w for p, w in chosen if p["cause"] == "no")
    hit = sum(w for p, w in chosen if p["cause"] == "yes" and _two_of_three(p))
    false = sum(w for p, w in chosen if p["cause"] == "no" and _two_of_three(p))
    expected = TwoByTwo(
        share * hit / ill,
        share * (1 - hit / ill),
        (1 - share) * false / well,
        (1 - share) * (1 - false / well),
    )
    assert vars(found) == pytest.approx(vars(expected), abs=1e-12)


def test_any_of_several_causes() -> None:
    network = _small()
    found = two_by_two(
        network.compile(), BANDS, ("cause", "other"), Answer("a", ("yes",)), Population("")
    )
    either = [(p, w) for p, w in _people(network) if "yes" in (p["cause"], p["other"])]
    hit = sum(w for p, w in either if p["a"] == "yes")
    assert found.true_positive == pytest.approx(hit, abs=1e-12)
    assert found.quantity("prevalence") == pytest.approx(1 - 0.84 * 0.8, abs=1e-12)


def test_quantities_of_a_table_known_by_hand() -> None:
    table = TwoByTwo(0.08, 0.02, 0.18, 0.72)
    expected = {
        "sensitivity": 0.8,
        "specificity": 0.8,
        "false_positive_share": 0.2,
        "lr_positive": 4,
        "lr_negative": 0.25,
        "odds_ratio": 16,
        "risk_ratio": (8 / 26) / (2 / 74),
        "post_test": 8 / 26,
        "post_test_negative": 2 / 74,
        "prevalence": 0.1,
        "share": 0.26,
    }
    assert {name: table.quantity(name) for name in expected} == pytest.approx(expected)


def test_two_margins_hold_and_what_follows_from_them_stays() -> None:
    table = np.asarray(_small().compile().joint(["cause", "other", "a"]))
    scaled = scaled_to_margins(table, {0: 0.6, 1: 0.3})
    assert scaled.sum() == pytest.approx(1)
    assert scaled[1].sum() == pytest.approx(0.6, abs=1e-12)
    assert scaled[:, 1].sum() == pytest.approx(0.3, abs=1e-12)
    before, after = (each[..., 1] / each.sum(axis=2) for each in (table, scaled))
    np.testing.assert_allclose(before, after, rtol=1e-12)


def test_margins_that_nobody_can_meet_are_refused() -> None:
    network = _small()
    nobody = Population("", Answer("cause", ("no",)), (Margin(Answer("cause", ("yes",)), 0.5),))
    with pytest.raises(EvidenceError, match="no such people"):
        two_by_two(network.compile(), BANDS, ("cause",), Answer("a", ("yes",)), nobody)


def test_a_range_counts_for_its_part_of_a_band() -> None:
    event = parse_event({"age": {"at_least": 25, "at_most": 39}})
    assert isinstance(event, Answer)
    np.testing.assert_allclose(
        weights(event, Variable("age", ("young", "old")), BANDS), [0.25, 0.5]
    )


@pytest.mark.parametrize("least", [0, 1, 2, 3, 4])
def test_events_become_variables_that_count(least: int) -> None:
    event = Count(least, (*(Answer(test, ("yes",)) for test in TESTS[:2]), OLD_AND_C))
    network, (name,) = with_events(_small(), BANDS, [event])
    expected = sum(
        weight
        for person, weight in _people(_small())
        if (person["a"] == "yes")
        + (person["b"] == "yes")
        + (person["age"] == "old" and person["c"] == "yes")
        >= least
    )
    found = network.compile().marginals(variables=[name])[name]["yes"]
    assert found == pytest.approx(expected, abs=1e-12)


def test_several_answers_in_one_mapping_are_all_needed() -> None:
    assert parse_event({"a": True, "b": False}) == Count(
        2, (Answer("a", ("yes",)), Answer("b", ("no",)))
    )
    assert variables_of(parse_event({"any": [{"a": True}, {"b": True, "a": False}]})) == ("a", "b")


@pytest.mark.parametrize("raw", ["a", {"a": 3}, {"any": "a"}, {"age": {"above": 3}}])
def test_an_event_that_says_nothing_is_refused(raw: object) -> None:
    with pytest.raises(EvidenceError):
        parse_event(raw)


def test_a_misspelt_state_is_named() -> None:
    with pytest.raises(UnknownNameError, match="yse"):
        weights(Answer("a", ("yse",)), two_state("a"), {})
