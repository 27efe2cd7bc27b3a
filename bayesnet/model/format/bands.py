"""Bands of a question that is answered with a number: in which band a number lies, to what step.

Bands are written by their first and last number, whole ones such as [18, 39] or with decimals such
as [11.5, 12.3]. The next band begins one step after the last number: 1, or the unit of the longest
decimals. What lies between two steps belongs to the lower band.
"""

from collections.abc import Mapping
from decimal import Decimal

Number = int | float
Bands = Mapping[str, tuple[Number, Number]]
"""{state: (first, last)}."""
DECIMALS = 6
"""Digits after the point to which numbers are read: single precision, as tables have it, holds no
more of a number such as 12.4."""


def step_of(bands: Bands) -> Decimal:
    """Return by how much neighbouring numbers differ: 1, or the finest unit that bands are in.

    >>> step_of({"young": (18, 39), "older": (40, 90)}), step_of({"low": (9, 12.3)})
    (Decimal('1'), Decimal('0.1'))
    """
    ends = (end for band in bands.values() for end in band)
    return Decimal(1).scaleb(min((_exponent(end) for end in ends), default=0))


def is_whole(bands: Bands) -> bool:
    """Tell whether only whole numbers can be answered."""
    return step_of(bands) == 1


def after(last: Number, bands: Bands) -> Decimal:
    """Return the first number of the band that follows one which ends at `last`."""
    return Decimal(repr(last)) + step_of(bands)


def band_of(bands: Bands, number: Number) -> str:
    """Return the band in which a number of their range lies.

    >>> band_of({"low": (9, 12.3), "full": (12.4, 15)}, 12.35)
    'low'
    """
    return [band for band, (first, _) in bands.items() if first <= number][-1]


def range_of(bands: Bands, band: str) -> tuple[Number, Number]:
    """Return the smallest and the largest number that a band can stand for.

    >>> range_of({"low": (9, 12.3), "full": (12.4, 15)}, "low")
    (9, 12.399999)
    """
    first, last = bands[band]
    if is_whole(bands) or last == max(end for _, end in bands.values()):
        return first, last
    return first, float(after(last, bands) - Decimal(1).scaleb(-DECIMALS))


def written(number: Number) -> str:
    """Write a number without a needless point.

    >>> written(12.0), written(12.4)
    ('12', '12.4')
    """
    return str(int(number)) if float(number).is_integer() else repr(number)


def _exponent(number: Number) -> int:
    if float(number).is_integer():
        return 0
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return exponent
