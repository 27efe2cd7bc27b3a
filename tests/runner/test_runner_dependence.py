"""Findings that measure one thing do not multiply, and their absence does not reassure much."""

import pytest
from lbp_validation.published.events import parse_event
from lbp_validation.simulation.dependence import (
    CLUSTERS,
    GUARDED,
    MOST_REASSURED,
    Cluster,
    cluster_ratio,
    likelihood_ratio,
    red_flags,
    times_below_prior,
)
from support.models import runner

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.variables import NO, states_of

SIX = ("thigh_thrust", "sij_distraction", "sij_compression", "sacral_thrust", "gaenslen", "faber")
CLEARLY_UNDER = 0.6
"""Most that a cluster may be worth of the product of its single ratios."""


@pytest.mark.parametrize("cluster", CLUSTERS, ids=lambda cluster: cluster.name)
def test_a_cluster_is_worth_clearly_less_than_its_product(cluster: Cluster) -> None:
    found = cluster_ratio(runner(), cluster)
    assert 1 < found.together < CLEARLY_UNDER * found.product


def test_three_joint_tests_are_worth_about_two() -> None:
    three = parse_event({"count": 3, "of": [{test: True} for test in SIX]})
    assert 1.2 < likelihood_ratio(runner(), "sacroiliac_joint", three) < 4
    assert 1.2 < cluster_ratio(runner(), CLUSTERS[0]).together < 4


def _findings_of(description: ModelDescription, cause: str) -> tuple[str, ...]:
    """The yes/no findings that a cause raises, by itself or through a shared node."""
    acting = {cause, *(n for n, each in description.shared.items() if cause in each.causes)}
    return tuple(
        name
        for name, each in description.findings.items()
        if NO in states_of(each.answer) and acting & each.causes.keys()
    )


def test_the_mandatory_flags_are_among_the_red_flags() -> None:
    flags = red_flags(runner().description)
    assert {"cancer_history", "fever", "saddle_numbness", "progressive_weakness"} <= set(flags)
    assert {"saddle_numbness", "bladder_change"} <= set(
        _findings_of(runner().description, "cauda_equina")
    )


@pytest.mark.parametrize("cause", GUARDED)
def test_no_red_flag_reassures_little(cause: str) -> None:
    flags = red_flags(runner().description)
    assert times_below_prior(runner(), flags, cause) <= MOST_REASSURED


def odds(answers: dict[str, object], cause: str) -> float:
    probability = runner().diagnose(answers).cause(cause).probability
    return probability / (1 - probability)


def test_pain_down_the_leg_said_twice_counts_little_more_than_once() -> None:
    """Where it hurts most and how far it reaches share a pattern."""
    far, most = {"referral": "foot"}, {"main_pain": "leg"}
    prior = odds({}, "nerve_root")
    apart = odds(far, "nerve_root") * odds(most, "nerve_root") / prior
    assert odds(far, "nerve_root") < odds({**far, **most}, "nerve_root") < apart / 3


def test_older_age_steroids_and_a_fall_multiply() -> None:
    """All four signs of the published rule come out inside its interval."""
    person = {"age": 75, "sex": "female", "steroid_use": True, "significant_trauma": True}
    low, high = runner().description.figures["vertebral_fracture-012"].intervals["value"]
    assert low < runner().diagnose(person).cause("compression_fracture").probability < high
