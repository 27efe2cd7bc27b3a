"""The interval rule, against values known from elsewhere or worked out by hand."""

import math

import pytest
from lbp_validation.published.heterogeneity import between
from lbp_validation.published.intervals import (
    TAU_PROPORTION,
    TAU_RATIO,
    Interval,
    complement,
    odds_ratio,
    proportion,
    ratio,
    tau,
    transferred,
    verdict,
    wilson,
)

from bayesnet.model.solving.standard_deviations import Z_95 as Z


@pytest.mark.parametrize(("share", "people"), [(0.1, 148), (0.5, 10), (0.94, 16), (0.0, 20)])
def test_wilson_ends_are_where_the_score_test_rejects(share: float, people: float) -> None:
    for end in wilson(share, people):
        assert abs(share - end) == pytest.approx(Z * math.sqrt(end * (1 - end) / people), abs=1e-9)


def test_a_proportion_without_people_has_no_interval() -> None:
    assert proportion(0.4, None) == Interval(0.4, 0.4, 0.4, "none")


def test_a_ratio_adds_the_distances_of_both_in_quadrature() -> None:
    over, under = Interval(0.8, 0.4, 0.9, "printed"), Interval(0.2, 0.1, 0.4, "printed")
    found = ratio(4.0, over, under)
    assert found.low == pytest.approx(4 * math.exp(-math.hypot(math.log(2), math.log(2))))
    assert found.high == pytest.approx(4 * math.exp(math.hypot(math.log(9 / 8), math.log(2))))


def test_a_ratio_of_zero_keeps_an_upper_end() -> None:
    none_missed = complement(proportion(1.0, 13))
    found = ratio(0.0, none_missed, proportion(0.22, 107))
    assert found.low == 0
    assert found.high == pytest.approx(none_missed.high / wilson(0.22, 107)[0])


def test_an_odds_ratio_from_counts() -> None:
    # 10 and 10 with the cause, 40 and 40 without: variance 1/10 + 1/10 + 1/40 + 1/40.
    found = odds_ratio(2.0, 100, 20)
    assert math.log(found.high / 2) == pytest.approx(Z * 0.5)
    assert math.log(2 / found.low) == pytest.approx(Z * 0.5)


def test_a_transfer_interval_is_the_prediction_interval_of_both_variances() -> None:
    error = 0.2
    printed = Interval(2.0, 2 * math.exp(-Z * error), 2 * math.exp(Z * error), "printed")
    low, high = transferred(printed, "lr_positive", 0.5)
    half = Z * math.hypot(error, 0.5)
    assert (math.log(low / 2), math.log(high / 2)) == pytest.approx((-half, half))


def test_a_transfer_interval_of_a_proportion_is_on_the_logit_scale() -> None:
    low, high = transferred(Interval(0.5, 0.5, 0.5, "none"), "sensitivity", 1.0)
    assert (low, high) == pytest.approx((1 / (1 + math.exp(Z)), 1 / (1 + math.exp(-Z))))


@pytest.mark.parametrize(
    ("interval", "quantity"),
    [
        (Interval(0.03, 0.0, 0.14, "printed"), "sensitivity"),
        (Interval(None, 0.16, 1.0, "range"), "specificity"),
        (Interval(1.0, 0.77, 1.0, "computed"), "sensitivity"),
        (Interval(0.0, 0.0, 0.23, "computed"), "sensitivity"),
        (Interval(0.0, 0.0, 1.5, "computed"), "lr_negative"),
        (Interval(None, 2.0, 4.0, "range"), "lr_positive"),
    ],
)
def test_widening_never_narrows_and_stays_lawful(interval: Interval, quantity: str) -> None:
    low, high = transferred(interval, quantity, 0.6)
    assert 0 <= low <= interval.low
    assert interval.high <= high
    assert quantity.startswith("lr") or high <= 1


def test_more_distant_settings_are_wider() -> None:
    for scale, quantity in ((TAU_PROPORTION, "sensitivity"), (TAU_RATIO, "odds_ratio")):
        assert scale["near"] < scale["moderate"] < scale["far"]
        assert tau(quantity, "far") == scale["far"]


def test_verdicts() -> None:
    printed = Interval(0.5, 0.4, 0.6, "printed")
    assert verdict(0.6, printed, (0.3, 0.7)) == "inside"
    assert verdict(0.3, printed, (0.3, 0.7)) == "inside transfer only"
    assert verdict(0.29, printed, (0.3, 0.7)) == "outside"
    # A figure without interval cannot be met exactly, so only the transfer interval counts.
    assert verdict(0.5, Interval(0.5, 0.5, 0.5, "none"), (0.3, 0.7)) == "inside transfer only"


def test_spread_between_studies_of_equal_precision() -> None:
    # Two studies 2 apart with variance 0.5 each: sample variance 2, less the 0.5 of chance.
    assert between([[(0.0, 0.5), (2.0, 0.5)]]) == pytest.approx(math.sqrt(1.5))
    assert between([[(1.0, 0.5), (1.0, 0.5)]]) == 0
