"""Scores of probabilities against outcomes: known answers, brute force, and simulation."""

import numpy as np
import pytest

from bayesnet.tuning.scoring.by_cause import agreement
from bayesnet.tuning.scoring.calibration import (
    EDGES,
    binned,
    brier,
    calibration,
    logistic_line,
    logit,
    shift,
    skill,
    surprise,
)
from bayesnet.tuning.scoring.discrimination import MOST_POINTS, area, auc, roc
from bayesnet.tuning.scoring.means import mean_of, of_sums


def told(power: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probabilities whose logit is `power` times the true one, outcomes and weights."""
    rng = np.random.default_rng(4)
    true = rng.normal(-1.0, 1.5, 60_000)
    truth = rng.random(true.size) < 1 / (1 + np.exp(-true))
    weights = np.where(rng.random(true.size) < 0.5, 1.0, 3.0)
    return 1 / (1 + np.exp(-power * true)), truth, weights


def test_right_probabilities_have_slope_1_and_distorted_ones_have_not() -> None:
    right = calibration("c", *told(1.0))
    assert right.line.slope == pytest.approx(1.0, abs=3 * right.line.slope_error)
    assert right.line.slope_error < 0.02
    assert right.line.intercept == pytest.approx(0.0, abs=0.04)
    extreme = calibration("c", *told(2.0))
    assert extreme.line.slope == pytest.approx(right.line.slope / 2, rel=1e-6)
    assert extreme.auc == pytest.approx(right.auc)
    assert extreme.brier > right.brier
    assert extreme.brier_scaled < right.brier_scaled < 1


def test_weights_count_as_so_many_patients() -> None:
    x = np.array([-1.0, 0.0, 0.5, 1.0, 2.0])
    truth = np.array([False, True, False, True, True])
    weights = np.array([2.0, 1.0, 3.0, 1.0, 2.0])
    times = weights.astype(int)
    weighted = logistic_line(x, truth, weights)
    repeated = logistic_line(np.repeat(x, times), np.repeat(truth, times), np.ones(9))
    assert weighted.slope == pytest.approx(repeated.slope, abs=1e-8)
    assert weighted.intercept == pytest.approx(repeated.intercept, abs=1e-8)


def test_the_slopes_error_is_its_spread() -> None:
    rng = np.random.default_rng(8)
    lines = []
    for _ in range(200):
        x = rng.normal(0.0, 1.5, 400)
        truth = rng.random(400) < 1 / (1 + np.exp(-x))
        lines.append(logistic_line(x, truth, rng.choice([1.0, 4.0], 400)))
    errors = np.array([each.slope_error for each in lines])
    assert np.std([each.slope for each in lines]) == pytest.approx(np.median(errors), rel=0.15)


def test_the_slopes_interval_holds_where_few_have_the_outcome() -> None:
    rng = np.random.default_rng(5)
    held = []
    while len(held) < 200:
        x = rng.normal(-4.5, 1.6, 200)
        truth = rng.random(200) < 1 / (1 + np.exp(-x))
        found = logistic_line(x, truth)
        if truth.sum() <= 6 and not np.isnan(found.slope):
            held.append(abs(found.slope - 1.0) <= 1.96 * found.slope_error)
    assert np.mean(held) >= 0.92


def test_a_line_that_cannot_be_fitted_is_none() -> None:
    x = np.array([-1.0, -0.5, 0.5, 1.0])
    assert np.isnan(logistic_line(x, x > 0, np.ones(4)).slope)
    assert np.isnan(logistic_line(x, x > 9, np.ones(4)).slope)
    assert np.isnan(logistic_line(np.zeros(4), x > 0, np.ones(4)).slope)


@pytest.mark.parametrize("seed", range(40))
def test_a_line_is_found_wherever_outcomes_overlap(seed) -> None:
    """Few cases, far from what was told, or the wrong way round: the likelihood is at its top."""
    rng = np.random.default_rng(seed)
    x = rng.normal(-6.0, 3.0, 25)
    truth = rng.random(25) < 0.3
    truth[[x.argmin(), np.argsort(x)[12]]], truth[x.argmax()] = True, False
    found = logistic_line(x, truth)

    def likelihood(intercept: float, slope: float) -> float:
        at = intercept + slope * x
        return float(np.sum(truth * at - np.logaddexp(0, at)))

    top = likelihood(found.intercept, found.slope)
    for one, other in ((0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01), (0.05, 0.01), (-1, 0.2)):
        assert likelihood(found.intercept + one, found.slope + other) < top


def test_discrimination_of_known_answers() -> None:
    truth = np.array([False, False, True, True])
    equal = np.ones(4)
    assert auc(np.array([0.1, 0.2, 0.3, 0.4]), truth, equal) == 1.0
    assert auc(np.array([0.4, 0.3, 0.2, 0.1]), truth, equal) == 0.0
    assert auc(np.full(4, 0.5), truth, equal) == 0.5
    assert auc(np.array([0.1, 0.3, 0.2, 0.4]), truth, equal) == 0.75
    assert auc(np.array([0.1, 0.3, 0.2, 0.4]), truth, np.array([3.0, 1.0, 1.0, 1.0])) == 0.875


def test_brier_and_bins_by_hand() -> None:
    probability = np.array([0.0, 0.4, 0.4, 1.0])
    truth = np.array([False, True, False, True])
    weights = np.array([1.0, 1.0, 3.0, 1.0])
    assert brier(probability, truth, weights) == pytest.approx((0.36 + 3 * 0.16) / 6)
    first, middle, last = binned(probability, truth, weights)
    assert (first.observed.value, last.observed.value) == (0.0, 1.0)
    assert (middle.predicted, middle.observed.value) == pytest.approx((0.4, 0.25))
    assert middle.cases == 2
    assert list(EDGES) == sorted(EDGES)
    assert np.isfinite(logit(np.array([0.0, 1.0]))).all()


def pairs_won(probability, truth) -> float:
    """The share of pairs of a case with and one without that the former wins, ties half."""
    won = [
        1.0 if one > other else 0.5 if one == other else 0.0
        for one in probability[truth]
        for other in probability[~truth]
    ]
    return sum(won) / len(won)


def some_cases(rng, cases: int = 60):
    """Probabilities with ties, and outcomes that follow them."""
    probability = rng.integers(1, 10, cases) / 10
    return probability, rng.random(cases) < probability


@pytest.mark.parametrize("seed", range(5))
def test_the_area_is_the_share_of_pairs_won_and_that_under_the_curve(seed) -> None:
    probability, truth = some_cases(np.random.default_rng(seed))
    found = area(probability, truth)
    assert found.value == pytest.approx(pairs_won(probability, truth), abs=1e-12)
    points = roc(probability, truth)
    under = np.trapezoid([each.found for each in points], [each.false for each in points])
    assert under == pytest.approx(found.value, abs=1e-12)
    for each in points[1:]:
        told = probability >= each.from_probability
        assert each.found == pytest.approx(told[truth].mean())
        assert each.false == pytest.approx(told[~truth].mean())


def test_the_areas_interval_is_that_of_a_known_example() -> None:
    """The example of SingleCaseES, an R package that has Newcombe's method 5."""
    before, after = [20, 20, 26, 25, 22, 23], [28, 25, 24, 27, 30, 30, 29]
    values = np.array([*before, *after], dtype=float)
    found = area(values, np.arange(len(values)) >= len(before))
    assert (found.value, found.low) == pytest.approx((0.9166667, 0.5973194), abs=1e-6)


def test_a_perfect_or_hopeless_area_of_few_is_not_certain() -> None:
    values, truth = np.arange(8) / 10, np.arange(8) >= 4
    best, worst = area(values, truth), area(-values, truth)
    assert (best.value, best.high, worst.value, worst.low) == (1.0, 1.0, 0.0, 0.0)
    assert 0.5 < best.low < 0.9
    assert worst.high == pytest.approx(1 - best.low, abs=1e-9)


def test_of_one_outcome_only_there_is_no_area_and_no_curve() -> None:
    values, everybody = np.array([0.1, 0.9]), np.ones(2, dtype=np.bool_)
    for truth in (everybody, ~everybody):
        assert np.isnan(area(values, truth).value)
        assert roc(values, truth) == ()
        assert np.isnan(shift(logit(values), truth).value)


def test_a_curve_of_many_is_thinned_and_keeps_its_ends() -> None:
    rng = np.random.default_rng(1)
    probability = rng.random(5_000)
    truth = rng.random(5_000) < probability
    points = roc(probability, truth)
    assert len(points) <= MOST_POINTS + 1
    assert (points[0].found, points[-1].found, points[-1].false) == (0.0, 1.0, 1.0)
    under = np.trapezoid([each.found for each in points], [each.false for each in points])
    assert under == pytest.approx(auc(probability, truth, np.ones(5_000)), abs=2e-3)


def test_intervals_of_the_area_hold_in_19_of_20_samples() -> None:
    """Of normals 0.7706 standard deviations apart, 0.7071 of the pairs are won."""
    rng = np.random.default_rng(3)
    held = []
    for _ in range(400):
        truth = np.arange(60) < 15
        values = rng.normal(0.0, 1.0, 60) + 0.7706 * truth
        found = area(values, truth)
        held.append(found.low <= 0.7071 <= found.high)
    assert 0.92 <= np.mean(held) <= 0.98


def test_probabilities_that_are_too_low_are_shifted_up_by_as_much() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(-2.0, 1.0, 4_000)
    truth = rng.random(4_000) < 1 / (1 + np.exp(-(x + 0.5)))
    found = shift(x, truth)
    assert found.value == pytest.approx(0.5, abs=3 * found.error)
    assert found.error < 0.1


def test_what_was_held_impossible_and_came_is_shifted_all_the_way() -> None:
    """From so far away a step of Newton's method is a million million too long."""
    x, truth = logit(np.zeros(40)), np.arange(40) < 20
    assert shift(x, truth).value == pytest.approx(-x[0], abs=1e-6)


def test_the_interval_of_a_slope_is_196_errors_to_both_sides() -> None:
    rng = np.random.default_rng(4)
    probability = rng.random(100)
    truth = rng.random(100) < probability
    line = logistic_line(logit(probability), truth)
    large, slope = agreement(probability, truth, None)
    assert (slope.value, slope.high - slope.low) == pytest.approx(
        (line.slope, 2 * 1.96 * line.slope_error), rel=1e-3
    )
    assert large.low < large.value < large.high


def test_entries_of_one_person_tell_no_more_than_the_person() -> None:
    """Everybody twice: the same line, and errors as if each were there once."""
    rng = np.random.default_rng(9)
    x = rng.normal(0.0, 1.0, 300)
    truth = rng.random(300) < 1 / (1 + np.exp(-x))
    once = logistic_line(x, truth, None, np.arange(300))
    again, said, who = np.tile(x, 2), np.tile(truth, 2), np.tile(np.arange(300), 2)
    twice = logistic_line(again, said, None, who)
    assert twice.slope == pytest.approx(once.slope, abs=1e-8)
    assert twice.slope_error == pytest.approx(once.slope_error, rel=1e-8)
    assert logistic_line(again, said).slope_error < 0.8 * once.slope_error
    large, both = shift(x, truth, np.arange(300)), shift(again, said, who)
    assert both.error == pytest.approx(large.error, rel=1e-8)


def test_skill_and_surprise_by_hand() -> None:
    assert skill(0.1, 0.5) == pytest.approx(0.6)
    assert skill(0.25, 0.5) == 0.0
    assert skill(0.3, 0.5) < 0
    assert np.isnan(skill(np.array([0.1, 0.1]), np.array([0.0, 1.0]))).all()
    told = surprise(np.array([0.5, 0.125, 0.125, 0.0]), np.array([True, True, False, True]))
    assert told[:2].tolist() == [1.0, 3.0]
    assert told[2] == pytest.approx(-np.log2(0.875))
    assert np.isfinite(told[3])


def test_intervals_of_sums_are_those_of_the_means_they_make() -> None:
    values = np.random.default_rng(2).exponential(1.0, 80)
    parts = np.stack([values, np.ones(80)], axis=1)
    (found,) = of_sums(parts, lambda sums: sums[:, :1] / sums[:, 1:])
    direct = mean_of(values)
    assert (found.value, found.low, found.high) == pytest.approx(
        (direct.value, direct.low, direct.high), abs=1e-12
    )


def test_what_most_draws_do_not_have_gets_no_interval() -> None:
    rare = np.zeros((50, 1))
    rare[0] = 1.0
    (found,) = of_sums(rare, lambda sums: np.where(sums > 0, sums, np.nan))
    assert found.value == 1.0
    assert np.isnan(found.low)
    assert np.isnan(of_sums(np.zeros((0, 1)), lambda sums: sums)[0].value)
