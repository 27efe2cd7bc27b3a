"""One answer, in any spelling that a person, a file or a table gives it."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.model.format.variables import Choices
from bayesnet.network.states import TRUTH, named_position

Value = bool | str | int | None
"""An answer: to a yes/no question, a state, a number; None: asked and not known."""
UNKNOWN = "unknown"
WHOLE = re.compile(r"([+-]?[0-9]{1,9})(\.0*)?")
SHOWN = 60
"""Characters of what was given that a message repeats."""


def read_answer(name: str, answer: Choices, value: Any) -> Value:
    """Read what was answered to `name`; None is asked and not known.

    value: yes or no, true or false, 1 or 0, a state, a whole number or its band, `unknown` or
    None; as text in any case, with `-` or a blank for `_`; of any Python, numpy or text type.
    Raises UnknownNameError or EvidenceError, which say what can be answered.

        >>> read_answer("coughing", Choices(), "Yes")
        True
        >>> read_answer("referral", Choices(states=("none", "below_knee")), "Below-knee")
        'below_knee'
        >>> read_answer("age", Choices(bands={"adult": (18, 110)}), 42.0)
        42
        >>> read_answer("age", Choices(bands={"adult": (18, 110)}), "unknown") is None
        True
    """
    given = value.item() if isinstance(value, np.generic) else value
    if isinstance(given, str):
        given = str(given).strip()
        if given.lower() == UNKNOWN and UNKNOWN not in answer.states:
            return None
    if given is None:
        return None
    found = _read(answer, given)
    if found is not None:
        return found
    if answer.states and isinstance(given, str) and given:
        remedy = wanted(answer)
        raise UnknownNameError("value", given[:SHOWN], answer.states, f"'{name}'", remedy)
    raise EvidenceError(f"'{name}' is {given!r:.{SHOWN}}; {wanted(answer)}")


def wanted(answer: Choices) -> str:
    """Say what can be answered."""
    if answer.bands:
        low, high = number_range(answer)
        unit = f" ({answer.unit})" if answer.unit else ""
        return f"give a whole number from {low} to {high}{unit}, or {UNKNOWN}"
    if answer.states:
        return f"give one of {', '.join(answer.states)}, or {UNKNOWN}"
    return f"it is a yes/no question: give yes, no or {UNKNOWN}"


def number_range(answer: Choices) -> tuple[int, int]:
    """Give the least and the greatest number that can be answered."""
    ends = [end for band in answer.bands.values() for end in band]
    return min(ends), max(ends)


def _read(answer: Choices, given: Any) -> Value:
    whole = _whole(given)
    if answer.bands:
        low, high = number_range(answer)
        if whole is not None:
            return whole if low <= whole <= high else None
        return _spelt(tuple(answer.bands), given)
    if answer.states:
        return _state(answer.states, given, whole)
    if isinstance(given, bool):
        return given
    if whole is not None:
        return bool(whole) if whole in (0, 1) else None
    return TRUTH.get(given.lower()) if isinstance(given, str) else None


def _state(states: Sequence[str], given: Any, whole: int | None) -> str | None:
    """The state that is spelt so, written as that number, or that means yes or no."""
    named = _spelt(states, given)
    if named is not None:
        return named
    meant = TRUTH.get(given.lower()) if isinstance(given, str) else None
    for value in (given, whole, meant):
        place = None if value is None else named_position(states, value)
        if place is not None:
            return states[place]
    return None


def _spelt(states: Sequence[str], given: Any) -> str | None:
    """The state that a text spells, whatever its case."""
    if not isinstance(given, str) or given in states:
        return given if isinstance(given, str) else None
    alike = [state for state in states if _folded(state) == _folded(given)]
    return alike[0] if len(alike) == 1 else None


def _folded(text: str) -> str:
    return text.lower().replace("-", "_").replace(" ", "_")


def _whole(given: Any) -> int | None:
    """The whole number that is given, also as text; True and False are none."""
    if isinstance(given, str):
        found = WHOLE.fullmatch(given)
        return int(found[1]) if found else None
    number = isinstance(given, int) or (isinstance(given, float) and given.is_integer())
    return int(given) if number and not isinstance(given, bool) else None
