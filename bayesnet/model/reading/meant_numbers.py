"""Read the number that was meant where something else than a number is written."""

import re
import unicodedata

_NUMBER = r"[-+]?(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)"
_ALONE = re.compile(rf"(?:n\s*=)?[~<>=≈≤≥±x×\"'“”„]*\s*({_NUMBER})\s*(%?)\s*[x×\"'“”„]*")
_UNIT = re.compile(rf"({_NUMBER})\s+[A-Za-z]+")
_PERCENT = re.compile(r"\s*per\s?cent\b", re.IGNORECASE)
_SHARE = re.compile(rf"({_NUMBER})\s*(?:/|in|of|out of)\s*({_NUMBER})")
# In a range the dash between two numbers is no minus.
_RANGE = re.compile(rf"[(\[]?\s*({_NUMBER})\s*%?\s*(?:-|to|;|,\s|\s)\s*({_NUMBER})\s*(%?)\s*[)\]]?")


def is_number(text: str) -> bool:
    """Tell whether a text is a number as it stands."""
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii()


def meant_number(text: str) -> float | None:
    """Return the one number that a text means; None where there is none, or more than one.

    >>> [meant_number(each) for each in ("0,2", "15%", "1/5", "20 in 100", "~0.2", "low")]
    [0.2, 0.15, 0.2, 0.2, 0.2, None]
    >>> [meant_number(each) for each in ("20 per cent", "50 weeks", "5 0")]
    [0.2, 50.0, None]
    """
    plain = _plain(text)
    if alone := _ALONE.fullmatch(plain):
        return _value(alone[1]) / (100 if alone[2] else 1)
    if (share := _SHARE.fullmatch(plain)) and _value(share[2]):
        return _value(share[1]) / _value(share[2])
    if unit := _UNIT.fullmatch(plain):
        return _value(unit[1])
    return None


def meant_numbers(text: str) -> tuple[float, ...]:
    """Return the two ends of a range that a text means; empty where it means none.

    >>> meant_numbers("10-30%"), meant_numbers("(0.1, 0.3)"), meant_numbers("0,1 to 0,3")
    ((0.1, 0.3), (0.1, 0.3), (0.1, 0.3))
    """
    found = _RANGE.fullmatch(_plain(text))
    if not found:
        return ()
    scale = 100 if found[3] else 1
    return _value(found[1]) / scale, _value(found[2]) / scale


def number_with_range(text: str) -> tuple[float, float, float] | None:
    """Return a number and the two ends of the range in brackets behind it.

    >>> number_with_range("0.2 (0.1-0.3)"), number_with_range("20 % [10 to 30 %]")
    ((0.2, 0.1, 0.3), (0.2, 0.1, 0.3))
    """
    number, bracket, rest = _plain(text).replace("[", "(").replace("]", ")").partition("(")
    alone, ends = meant_number(number.strip()), meant_numbers(bracket + rest)
    return (alone, *ends) if alone is not None and len(ends) == 2 else None


def is_percent(text: str) -> bool:
    """Tell whether a text ends in per cent, as a sign or in words.

    >>> is_percent("15 %"), is_percent("15 percent"), is_percent("15")
    (True, True, False)
    """
    return _plain(text).endswith("%")


def _plain(text: str) -> str:
    """Return a text with digits, minus, dashes and per cent of all kinds as on a keyboard."""
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(str(unicodedata.decimal(each)) if each.isdecimal() else each for each in plain)
    return re.sub("[\u2010-\u2015\u2212]", "-", _PERCENT.sub("%", digits)).strip()


def _value(number: str) -> float:
    return float(number.replace(",", "."))
