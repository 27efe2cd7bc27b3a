"""Shares with their intervals."""

import math

import numpy as np
import pytest
from lbp_validation.report.goals import at_least, at_most

from bayesnet.tuning.patients import Patients
from bayesnet.tuning.scoring.shares import of_count, of_patients, of_people, wilson


@pytest.mark.parametrize(
    ("count", "whole", "low", "high"),
    [(8, 16, 0.280, 0.720), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (34, 59, 0.449, 0.694)],
)
def test_intervals_are_wilsons(count: int, whole: int, low: float, high: float) -> None:
    found = of_count(count, whole)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-4)
    assert found == of_people([True] * count + [False] * (whole - count))


def test_of_nobody_there_is_no_share() -> None:
    assert str(of_count(0, 0)) == "-"
    assert math.isnan(wilson(math.nan, 5).value)
    assert at_least("x", of_count(0, 0), 0.5).verdict == "no such person"
    assert at_most("x", of_count(0, 0), 0.5).verdict == "no such person"


def test_equal_weights_are_people() -> None:
    group = np.arange(50) < 20
    found = of_patients(Patients({}, np.full(50, 7.0)), group, np.ones(50, dtype=np.bool_))
    plain = of_count(20, 50)
    assert (found.value, found.low, found.high) == pytest.approx(
        (plain.value, plain.low, plain.high), abs=1e-9
    )


def test_unequal_weights_tell_less() -> None:
    weights = np.where(np.arange(50) < 25, 1.0, 30.0)
    everyone = np.ones(50, dtype=np.bool_)
    for group in (np.arange(50) % 5 < 2, ~everyone, everyone):
        found = of_patients(Patients({}, weights), group, everyone)
        plain = wilson(found.value, 50)
        assert found.high - found.low > plain.high - plain.low
        assert 0.0 <= found.low <= found.value <= found.high <= 1.0


def test_a_goal_says_count_and_interval() -> None:
    goal = at_least("half", of_count(8, 16), 0.5)
    assert goal.found == "50% (8 of 16; 95% interval 28 to 72)"
    assert goal.reached
    assert not at_most("a third", of_count(8, 16), 1 / 3).reached
