"""Read one answer in any spelling that a person, a file or a table may use."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import isfinite
from typing import Any

import numpy as np

from bayesnet.diagnosis.answers.soft import SHOWN, SoftAnswer, example, pairs_in, weighed
from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.model.format.bands import DECIMALS, Number, is_whole
from bayesnet.model.format.variables import NO, YES, Choices
from bayesnet.network.states import TRUTH, named_position

Known = bool | str | Number | SoftAnswer
"""An answer that is known: yes or no (bool), a state (str), a number, or weights of these."""
Value = Known | None
"""An answer; None: asked and not known."""
PlainValue = bool | str | Number | dict[str, float] | None
"""An answer as plain data: a soft one as {choice: weight}."""
UNKNOWN = "unknown"
"""The answer, in any case, of a person who was asked and does not know."""
NUMBER = re.compile(r"[+-]?[0-9]{1,9}(\.[0-9]*)?")
"""A number as text; a whole one also as spreadsheets write it: '42.0'."""


def read_answer(name: str, answer: Choices, value: Any) -> Value:
    """Read the answer to the question `name`; returns None for asked and not known.

    value: yes or no, true or false, 1 or 0, a state or its words, a number or its band, `unknown`
    or None; as text in any case, with `-` or a blank for `_`; of any Python, numpy, decimal or text
    type; or a soft answer, {any of these: weight} or its text CHOICE:WEIGHT,... (see `soft`).
    Raises UnknownNameError for a text that is no state, EvidenceError for any other value that is
    no answer; both say what can be answered.

        >>> read_answer("coughing", Choices(), "Yes")
        True
        >>> read_answer("referral", Choices(states=("none", "below_knee")), "Below-knee")
        'below_knee'
        >>> read_answer("age", Choices(bands={"adult": (18, 110)}), 42.0)
        42
        >>> read_answer("age", Choices(bands={"adult": (18, 110)}), "unknown") is None
        True
        >>> read_answer("coughing", Choices(), {"yes": 0.7})
        {'yes': 0.7, 'no': 0.3}
    """
    given = value.item() if isinstance(value, np.generic) else value
    if isinstance(given, str):
        given = str(given).strip()
        if given.lower() == UNKNOWN and UNKNOWN not in answer.states:
            return None
    if given is None:
        return None
    if isinstance(given, Mapping):
        return _soft(name, answer, given.items())
    found = _read(answer, given)
    if found is not None:
        return found
    pairs = pairs_in(given) if isinstance(given, str) else None
    # A time of day, given as a number, has a colon as well.
    if pairs and (not answer.bands or any(_choice(answer, choice) for choice, _ in pairs)):
        return _soft(name, answer, pairs)
    if answer.states and isinstance(given, str) and given:
        remedy = wanted(answer)
        raise UnknownNameError("value", given[:SHOWN], answer.states, f"'{name}'", remedy)
    raise EvidenceError(f"'{name}' is {given!r:.{SHOWN}}; {_remedy(answer, given)}")


def plain(value: Value) -> PlainValue:
    """Return an answer as plain data, which reads as the same answer.

    >>> plain(True), plain(SoftAnswer((("yes", 0.7), ("no", 0.3))))
    (True, {'yes': 0.7, 'no': 0.3})
    """
    return dict(value) if isinstance(value, SoftAnswer) else value


def is_yes(value: Value) -> bool:
    """Tell whether an answer to a yes/no question is yes; a soft one with half the weight on it.

    >>> is_yes(True), is_yes(SoftAnswer((("yes", 0.3), ("no", 0.7))))
    (True, False)
    """
    return value is True or (isinstance(value, SoftAnswer) and value.mostly((YES,)))


def choices_of(answer: Choices) -> tuple[str, ...]:
    """List what weights are given to: yes and no, the states, or the bands of a number."""
    return answer.states or tuple(answer.bands) or (YES, NO)


def wanted(answer: Choices) -> str:
    """Say, for an error message, what can be answered."""
    if answer.bands:
        return f"give {number_wanted(answer)}, or {UNKNOWN}"
    if answer.states:
        return f"give one of {', '.join(answer.states)}, or {UNKNOWN}"
    return f"it is a yes/no question: give yes, no or {UNKNOWN}"


def number_wanted(answer: Choices) -> str:
    """Say which numbers can be answered.

    >>> number_wanted(Choices(unit="volts", bands={"low": (9, 12.3), "full": (12.4, 15)}))
    'a number (decimals after a point) from 9 to 15 (volts)'
    """
    low, high = number_range(answer)
    kind = "a whole number" if is_whole(answer.bands) else "a number (decimals after a point)"
    unit = f" ({answer.unit})" if answer.unit else ""
    return f"{kind} from {low} to {high}{unit}"


def number_range(answer: Choices) -> tuple[Number, Number]:
    """Return the smallest and the largest number that can be answered."""
    ends = [end for band in answer.bands.values() for end in band]
    low, high = (int(end) if float(end).is_integer() else end for end in (min(ends), max(ends)))
    return low, high


def _soft(name: str, answer: Choices, pairs: Iterable[tuple[Any, Any]]) -> Known:
    """Read weights; one choice that has all of it is that answer."""
    choices = choices_of(answer)
    found = weighed(name, choices, lambda key: _choice(answer, key), pairs)
    if isinstance(found, SoftAnswer) or answer.states or answer.bands:
        return found
    return found == YES


def _choice(answer: Choices, key: Any) -> str | None:
    """Read what a weight is given to; None for a number, which stands for no band by itself."""
    found = _read(answer, key.item() if isinstance(key, np.generic) else key)
    if isinstance(found, bool):
        return YES if found else NO
    return found if isinstance(found, str) else None


def _remedy(answer: Choices, given: Any) -> str:
    """Say, for an error message, what to give instead; of what looks like weights, how they are."""
    if isinstance(given, list | tuple | np.ndarray):
        return f"{wanted(answer)}; {example(choices_of(answer))}, since a list does not say whose"
    text = str(given).strip()
    weight = float(text) if NUMBER.fullmatch(text) else 0.0
    if answer.bands or answer.states or not 0.0 < weight < 1.0:
        return wanted(answer)
    soft = f'{{"yes": {weight:g}, "no": {round(1.0 - weight, DECIMALS):g}}}'
    return f"{wanted(answer)}, or for a soft answer whose weight it is, such as {soft}"


def _read(answer: Choices, given: Any) -> bool | str | Number | None:
    """Read an answer that is not `unknown`; None where it is no answer."""
    number = _number(given)
    whole = number if isinstance(number, int) else None
    if answer.bands:
        low, high = number_range(answer)
        if number is None:
            return _spelt(tuple(answer.bands), given)
        fits = low <= number <= high and (whole is not None or not is_whole(answer.bands))
        return number if fits else None
    if answer.states:
        found = _state(answer.states, given, whole)
        return _worded(answer, given) if found is None else found
    if isinstance(given, bool):
        return given
    if whole is not None:
        return bool(whole) if whole in (0, 1) else None
    return TRUTH.get(given.lower()) if isinstance(given, str) else None


def _state(states: Sequence[str], given: Any, whole: int | None) -> str | None:
    """Find the state that has this spelling, is this number, or means this yes or no; else None."""
    named = _spelt(states, given)
    if named is not None:
        return named
    meant = TRUTH.get(given.lower()) if isinstance(given, str) else None
    for value in (given, whole, meant):
        place = None if value is None else named_position(states, value)
        if place is not None:
            return states[place]
    return None


def _worded(answer: Choices, given: Any) -> str | None:
    """Find the one state whose words a text is, in any case; None if there is none."""
    text = given.casefold() if isinstance(given, str) else None
    alike = [state for state, words in answer.labels.items() if words.casefold() == text]
    return alike[0] if len(alike) == 1 else None


def _spelt(states: Sequence[str], given: Any) -> str | None:
    """Find the state that a text spells, ignoring case where only one fits; None if none does.

    A text that is a state itself is returned as it is.
    """
    if not isinstance(given, str) or given in states:
        return given if isinstance(given, str) else None
    alike = [state for state in states if _folded(state) == _folded(given)]
    return alike[0] if len(alike) == 1 else None


def _folded(text: str) -> str:
    """Write a text in lower case with `_` for `-` and blanks, to compare spellings."""
    return text.lower().replace("-", "_").replace(" ", "_")


def _number(given: Any) -> Number | None:
    """Read a number, also from text, as an int where it is whole, else to DECIMALS digits.

    Returns None for any other value, True and False included.
    """
    if isinstance(given, str):
        given = float(given) if NUMBER.fullmatch(given) else None
    if isinstance(given, Decimal):
        given = float(given) if given.is_finite() else None
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if not isinstance(given, float) or not isfinite(given):
        return None
    number = round(given, DECIMALS)
    return int(number) if number.is_integer() else number
