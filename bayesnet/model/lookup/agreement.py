"""Compare a number with the published figures that it claims to be, in its own kind."""

import math
from collections.abc import Iterator, Mapping

from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.numbers import JUDGEMENT, Frequency, RiskRow
from bayesnet.model.format.published_figures import PublishedFigure
from bayesnet.model.lookup.sources import SourcedNumber

LEEWAY = math.log(1.5)
"""How far a number may lie from the figures: by this factor, of odds or of a ratio. The paper's
rounding and the choice of a middle stay well under it.
"""
_NUMBERS_OF_PEOPLE = ("prevalence", "risk", "")


def departure(
    path: KeyPath, number: SourcedNumber, figures: Mapping[str, PublishedFigure]
) -> tuple[float, float] | None:
    """Return the lowest and highest that the cited figures say, if a number lies far from them.

    None also where there is nothing to compare: where one of the sources is judgement or no figure
    of the model, or no figure holds a number of this kind.
    """
    if not isinstance(number, Frequency | RiskRow):
        return None
    if JUDGEMENT in number.source or not all(each in figures for each in number.source):
        return None
    is_ratio = isinstance(number, RiskRow)
    value = number.relative_risk if isinstance(number, RiskRow) else number.value
    said = [
        value
        for source in number.source
        for value in _comparable(figures[source], number, "background" in path)
    ]
    if value is None or not said:
        return None
    within = min(said), max(said)
    return within if is_far(value, within, is_ratio) else None


def is_far(value: float, within: tuple[float, float], is_ratio: bool) -> bool:
    """Tell whether a number lies outside a range by more than a factor of 1.5 (in odds, or itself).

    >>> is_far(0.60, (0.05, 0.12), is_ratio=False), is_far(0.13, (0.05, 0.12), is_ratio=False)
    (True, False)
    """
    low, at, high = (_scaled(each, is_ratio) for each in (within[0], value, within[1]))
    return at < low - LEEWAY or at > high + LEEWAY


def _comparable(
    figure: PublishedFigure, number: SourcedNumber, is_background: bool
) -> Iterator[float]:
    """Yield what a figure says in the kind of a number: a ratio, or a share of people."""
    if isinstance(number, RiskRow):
        yield from _with_range(figure, "lr_positive")
        if figure.kind in ("odds_ratio", "lr", "risk"):
            yield from _with_range(figure, "value")
        return
    if is_background:
        yield from (1.0 - each for each in _with_range(figure, "specificity"))
    else:
        yield from _with_range(figure, "sensitivity")
    if figure.kind in _NUMBERS_OF_PEOPLE and 0.0 <= (figure.value or 0.0) <= 1.0:
        yield from _with_range(figure, "value")
        yield from (each for each in figure.parts.values() if 0.0 <= each <= 1.0)


def _with_range(figure: PublishedFigure, field: str) -> Iterator[float]:
    value = getattr(figure, field)
    if value is not None:
        yield from (value, *figure.intervals.get(field, ()), *figure.ranges.get(field, ()))


def _scaled(value: float, is_ratio: bool) -> float:
    if is_ratio:
        return math.log(value) if value > 0.0 else -math.inf
    if value in (0.0, 1.0):
        return math.copysign(math.inf, value - 0.5)
    return math.log(value / (1.0 - value))
