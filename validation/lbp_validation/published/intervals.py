"""The interval that an implied figure is held against: the study's own, and the wider one for us.

The study's own 95 % interval is, in this order:

- printed: what the source prints;
- range: lowest and highest of a review's studies, where it prints no interval;
- computed: a proportion by Wilson's score interval from the number of people; a likelihood ratio
  from the intervals of sensitivity and specificity, whose distances are added in quadrature on the
  log scale (variance recovered from limits, doi:10.1177/0962280213502144); an odds ratio from the
  square root of the summed reciprocal counts, which is at its least with those without the cause
  split in half by the finding, and so split;
- none: no interval and no number of people is known, so the figure itself is both ends.

The transfer interval asks where the same figure might lie in another setting: the study's variance
plus a variance tau squared between settings, on the log scale for ratios and the logit scale for
proportions. It is the prediction interval of a random-effects meta-analysis (Higgins, Thompson and
Spiegelhalter 2009, doi:10.1111/j.1467-985X.2008.00552.x) with a stated tau. Each end is widened
by itself, so that a lopsided interval stays lopsided.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from bayesnet.model.solving.standard_deviations import Z_95
from lbp_validation.published.tables import PROPORTIONS

Basis = Literal["printed", "range", "computed", "none"]
Transfer = Literal["near", "moderate", "far"]
Verdict = Literal["inside", "inside transfer only", "outside"]
VERDICTS: tuple[Verdict, ...] = ("inside", "inside transfer only", "outside")

# Standard deviation between settings. Far is what studies of one test in different clinics show
# (heterogeneity.py: 1.0 to 1.2 logits, 0.3 to 0.4 in the logarithm of a likelihood ratio), for
# ratios a little more, since those clinics resemble each other more than a physiotherapist's.
# Moderate and near are judged: six and three tenths of it.
TAU_PROPORTION: Mapping[Transfer, float] = MappingProxyType(
    {"near": 0.3, "moderate": 0.6, "far": 1.0}
)
TAU_RATIO: Mapping[Transfer, float] = MappingProxyType({"near": 0.15, "moderate": 0.3, "far": 0.5})


def tau(quantity: str, transfer: Transfer) -> float:
    """Return the standard deviation between settings, in logits or natural logarithms."""
    return (TAU_PROPORTION if quantity in PROPORTIONS else TAU_RATIO)[transfer]


@dataclass(frozen=True)
class Interval:
    """A published figure and its 95 % interval; value is None where only a range is printed."""

    value: float | None
    low: float
    high: float
    basis: Basis

    @property
    def middle(self) -> float:
        """The figure, or the middle of the range (geometric where that exists)."""
        if self.value is not None:
            return self.value
        return math.sqrt(self.low * self.high) if self.low > 0 else (self.low + self.high) / 2


def wilson(share: float, people: float) -> tuple[float, float]:
    """Return the 95 % score interval (Wilson 1927) of a share observed among so many people.

    >>> [round(end, 3) for end in wilson(0.5, 20)]
    [0.299, 0.701]
    """
    spread = Z_95 * math.sqrt(share * (1 - share) / people + Z_95**2 / (4 * people**2))
    centre, scale = share + Z_95**2 / (2 * people), 1 + Z_95**2 / people
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def proportion(share: float, people: float | None) -> Interval:
    """Return a proportion with its computed interval, or with none when nobody was counted."""
    if people is None:
        return Interval(share, share, share, "none")
    return Interval(share, *wilson(share, people), "computed")


def complement(interval: Interval) -> Interval:
    """Return one minus a proportion, with its interval."""
    value = None if interval.value is None else 1 - interval.value
    return Interval(value, 1 - interval.high, 1 - interval.low, interval.basis)


def ratio(value: float, over: Interval, under: Interval) -> Interval:
    """Return a ratio of two proportions of different people, with the interval theirs give."""
    if "none" in (over.basis, under.basis):
        return Interval(value, value, value, "none")
    low = _log_distance(over.middle, over.low), _log_distance(under.high, under.middle)
    high = _log_distance(over.high, over.middle), _log_distance(under.middle, under.low)
    if value == 0:
        return Interval(value, 0.0, _divide(over.high, under.low), "computed")
    return Interval(
        value, value * math.exp(-math.hypot(*low)), value * _exp(math.hypot(*high)), "computed"
    )


def odds_ratio(value: float, people: float | None, diseased: float | None) -> Interval:
    """Return an odds ratio with the least interval that so many people can give."""
    if people is None or diseased is None:
        return Interval(value, value, value, "none")
    error = math.sqrt(4 / diseased + 4 / (people - diseased))
    return Interval(
        value, value * math.exp(-Z_95 * error), value * math.exp(Z_95 * error), "computed"
    )


def transferred(interval: Interval, quantity: str, between: float) -> tuple[float, float]:
    """Return the 95 % interval of the same figure in another setting.

    between: standard deviation between settings, on the quantity's scale.
    """
    proportional = quantity in PROPORTIONS
    to_scale, back = (_logit, _expit) if proportional else (_log, _exp)
    middle = interval.middle
    if middle == 0 or (proportional and middle == 1):
        middle = (interval.low + interval.high) / 2
    centre = to_scale(middle)
    if math.isinf(centre):
        return interval.low, interval.high
    below = math.hypot(centre - to_scale(interval.low), Z_95 * between)
    above = math.hypot(to_scale(interval.high) - centre, Z_95 * between)
    return back(centre - below), back(centre + above)


def verdict(implied: float, interval: Interval, transfer: tuple[float, float]) -> Verdict:
    """Judge where an implied figure lies; ends count as inside."""
    if interval.basis != "none" and interval.low <= implied <= interval.high:
        return "inside"
    return "inside transfer only" if transfer[0] <= implied <= transfer[1] else "outside"


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def _exp(value: float) -> float:
    return math.exp(value) if value < 700 else math.inf


def _logit(share: float) -> float:
    if share <= 0 or share >= 1:
        return -math.inf if share <= 0 else math.inf
    return math.log(share / (1 - share))


def _expit(value: float) -> float:
    return 1 / (1 + _exp(-value))


def _divide(over: float, under: float) -> float:
    return over / under if under > 0 else math.inf


def _log_distance(more: float, less: float) -> float:
    return math.inf if less <= 0 else math.log(more / less) if more > 0 else 0.0
