"""A fitted number with as many digits as a file needs."""

from msgspec import structs

from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.solving.number_change import Uncertain

DIGITS = 4
"""Significant digits: finer than any interval."""
PLACES = 6
"""Decimals of shares, which have to add up to 1."""


def rounded(number: Uncertain) -> Uncertain:
    """Round a number with its interval or sample size; shares still add up to 1.

    >>> row = RiskRow(factor="age", relative_risk=1.234567, interval=(1.01239, 1.5), source=("x",))
    >>> rounded(row).relative_risk, rounded(row).interval
    (1.235, (1.012, 1.5))
    """
    digits = _digits if isinstance(number, RiskRow) else _chance
    interval = number.interval and (digits(number.interval[0]), digits(number.interval[1]))
    if isinstance(number, RiskRow):
        ratio = _digits(number.relative_risk)
        return structs.replace(number, relative_risk=ratio, interval=interval)
    size = number.sample_size and _digits(number.sample_size)
    value = None if number.value is None else _chance(number.value)
    values = None if number.values is None else _shares(number.values)
    return structs.replace(number, value=value, values=values, interval=interval, sample_size=size)


def _digits(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")


def _chance(probability: float) -> float:
    """Round a probability, one near 1 by what is missing from it.

    >>> _chance(0.1234567), _chance(0.99999876543)
    (0.1235, 0.999998765)
    """
    if probability <= 0.5:
        return _digits(probability)
    return round(1.0 - _digits(1.0 - probability), 12)


def _shares(values: dict[str, float]) -> dict[str, float]:
    found = {state: round(share, PLACES) for state, share in values.items()}
    most = max(found, key=lambda state: found[state])
    rest = sum(share for state, share in found.items() if state != most)
    return {**found, most: round(1.0 - rest, PLACES)}
