"""Measure how far studies of one test in one cause lie apart, beyond their sampling error.

The standard deviations between settings that `intervals` assumes (TAU_PROPORTION, TAU_RATIO) rest
on what is found here.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bayesnet.model.format.published_figures import PublishedFigure
from bayesnet.model.solving.standard_deviations import Z_95
from lbp_validation.published.entries import Published, quantities
from lbp_validation.published.intervals import transferred
from lbp_validation.published.tables import PROPORTIONS

QUANTITIES = ("sensitivity", "specificity", "lr_positive", "lr_negative")


@dataclass(frozen=True)
class Heterogeneity:
    """Standard deviation between studies of one quantity, over tests studied at least twice."""

    quantity: str
    tests: int
    studies: int
    tau: float


def heterogeneities(
    published: Published, figures: Mapping[str, PublishedFigure]
) -> tuple[Heterogeneity, ...]:
    """Measure the heterogeneity of each quantity of a test, on its logit or logarithmic scale."""
    groups: dict[tuple[object, ...], dict[float, float]] = defaultdict(dict)
    for entry in (each for each in published.entries if not each.repeats):
        for quantity, interval in quantities(entry, figures[entry.figure]):
            usable = interval.value is not None and interval.basis in ("printed", "computed")
            if quantity not in QUANTITIES or not usable:
                continue
            low, high = (_scaled(end, quantity) for end in transferred(interval, quantity, 0.0))
            centre, error = (low + high) / 2, (high - low) / (2 * Z_95)
            if math.isfinite(error) and error > 0:
                groups[(quantity, entry.causes, entry.event)][centre] = error**2
    found = []
    for quantity in QUANTITIES:
        several = [
            tuple(studies.items())
            for key, studies in groups.items()
            if key[0] == quantity and len(studies) > 1
        ]
        if several:
            count = sum(len(studies) for studies in several)
            found.append(Heterogeneity(quantity, len(several), count, between(several)))
    return tuple(found)


def between(groups: Sequence[Sequence[tuple[float, float]]]) -> float:
    """Return the standard deviation between studies, common to all groups of (estimate, variance).

    The moment estimate of DerSimonian and Laird (1986, Control Clin Trials 7:177-188), numerators
    and denominators summed over groups.
    """
    excess = scale = 0.0
    for group in groups:
        weights = [1 / variance for _, variance in group]
        total = sum(weights)
        mean = sum(w * y for w, (y, _) in zip(weights, group, strict=True)) / total
        heterogeneity = sum(w * (y - mean) ** 2 for w, (y, _) in zip(weights, group, strict=True))
        excess += heterogeneity - (len(group) - 1)
        scale += total - sum(w**2 for w in weights) / total
    return math.sqrt(max(0.0, excess / scale))


def _scaled(value: float, quantity: str) -> float:
    if value <= 0 or (quantity in PROPORTIONS and value >= 1):
        return math.inf
    return math.log(value / (1 - value)) if quantity in PROPORTIONS else math.log(value)
