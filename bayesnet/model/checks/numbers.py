"""Check the uncertainty of numbers."""

import math
from collections.abc import Iterator

from bayesnet.model.format.description import KeyPath
from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.model.lookup.scope import Scope, frequencies
from bayesnet.model.problems import Problem


def check_numbers(scope: Scope) -> Iterator[Problem]:
    """Yield the mistakes in intervals and sample sizes."""
    description = scope.description
    for path, number, _ in frequencies(description):
        yield from _frequency(path, number)
    for name, cause in description.causes.items():
        for at, row in enumerate(cause.risk_factors):
            yield from _relative_risk(("causes", name, "risk_factors", at), row)


def _frequency(path: KeyPath, number: Frequency) -> Iterator[Problem]:
    yield from _uncertainty(path, number)
    if number.interval is not None and number.value is not None:
        yield from _interval(path, number.interval, number.value, (0.0, 1.0))
    elif number.interval is not None and number.values is not None:
        message = "an interval goes with one `value`; with `values` give `sample_size` instead"
        yield Problem((*path, "interval"), message)


def _uncertainty(path: KeyPath, number: Frequency | RiskRow) -> Iterator[Problem]:
    if number.interval is None and number.sample_size is None:
        message = "no uncertainty; add `interval: [low, high]` (95 %) or `sample_size:` (cases)"
        yield Problem(path, message)


def _relative_risk(path: KeyPath, row: RiskRow) -> Iterator[Problem]:
    yield from _uncertainty(path, row)
    if row.interval is not None:
        yield from _interval(path, row.interval, row.relative_risk, (math.ulp(0.0), math.inf))


def _interval(
    path: KeyPath, interval: tuple[float, float], value: float, limits: tuple[float, float]
) -> Iterator[Problem]:
    low, high = interval
    place = (*path, "interval")
    if limits[1] == 1 and 1 < high <= 100 and 0 <= low <= high and (low >= 1 or low == 0):
        message = f"the interval [{low:g}, {high:g}] is in per cent; write "
        yield Problem(place, f"{message}[{low / 100:g}, {high / 100:g}]")
        return
    if low > high:
        message = f"the interval runs from {low:g} down to {high:g}; write [{high:g}, {low:g}]"
        yield Problem(place, message)
    elif not low <= value <= high:
        message = f"{value:g} is outside its interval [{low:g}, {high:g}]; correct one of them"
        yield Problem(place, message)
    if min(low, high) < limits[0] or max(low, high) > limits[1]:
        within = "from 0 to 1" if limits[1] == 1 else "over 0"
        message = f"the interval [{low:g}, {high:g}] leaves what is possible; keep it {within}"
        yield Problem(place, message)
