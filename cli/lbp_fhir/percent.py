"""Turn probabilities into the percentages that FHIR has for them, and intervals into ranges."""

from decimal import Decimal

from lbp_fhir.canonical import Plain
from lbp_fhir.codes import UCUM


def percentage(probability: float) -> float:
    """Return a probability as a percentage, 0 to 100, with the same digits.

    The point moves in the decimal number that JSON writes; times 100 in binary would not always
    give that (0.29 would be 28.999999999999996).

        >>> percentage(0.123), percentage(0.29), percentage(1.0)
        (12.3, 29.0, 100.0)
    """
    return float(Decimal(repr(probability)).scaleb(2))


def percent_range(interval: tuple[float, float]) -> Plain:
    """Write an interval of probabilities as a Range in UCUM's percent.

    >>> percent_range((0.05, 0.1))["low"]
    {'value': 5.0, 'unit': '%', 'system': 'http://unitsofmeasure.org', 'code': '%'}
    """
    low, high = (
        {"value": percentage(end), "unit": "%", "system": UCUM, "code": "%"} for end in interval
    )
    return {"low": low, "high": high}
