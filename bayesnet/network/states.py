"""Find the state of a variable that a value names, by one rule for single cases and columns."""

import math
import sys
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.network.families import Variable

MISSING = -1
"""The code of a variable that is not observed."""
TRUTH = {
    **dict.fromkeys(("yes", "y", "true", "present"), True),
    **dict.fromkeys(("no", "n", "false", "absent"), False),
}
"""{word in lower case: the truth value that it means}."""
DIGITS = ("0", "1")
"""Names of the two states of a variable coded 0/1, in which False and True name 0 and 1."""
FEW_STATES = 8
"""Number of states that a message lists."""


def is_missing(value: object) -> bool:
    """Tell whether a value means "no value": None, NaN, pandas' NA or NaT, a blank text."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, float | np.floating):
        return math.isnan(value)
    pandas = sys.modules.get("pandas")
    return pandas is not None and (value is pandas.NA or value is pandas.NaT)


def named_position(states: Sequence[str], value: object) -> int | None:
    """Find the position of the state that a value names; None if it names none.

    A text names the state of exactly that spelling. True and False name the states yes and no,
    true and false, present and absent, or 1 and 0 where these are the only states. A number names
    the state that is written as that number: 1 and 1.0 name '1', and never the second state.

        >>> named_position(("1", "2", "3"), 1)
        0
        >>> named_position(("no", "yes"), True)
        1
        >>> named_position(("no", "yes"), 1)
    """
    if isinstance(value, str):
        return states.index(value) if value in states else None
    if isinstance(value, bool | np.bool_):
        if sorted(states) == list(DIGITS):
            return states.index(DIGITS[int(value)])
        meant = [TRUTH.get(state.lower()) for state in states]
        clear = meant.count(True) == 1 == meant.count(False)
        return meant.index(bool(value)) if clear else None
    if isinstance(value, int | float | np.integer | np.floating):
        same = [i for i, state in enumerate(states) if _number(state) == value]
        return same[0] if len(same) == 1 else None
    return None


def state_code(variable: Variable, value: object) -> int:
    """Find the code (position) of the state that a value names; MISSING for "no value".

    Raises UnknownNameError for a text that is no state, EvidenceError for any other value that
    names none; both say what to give.

        >>> rain = Variable("rain", ("no", "yes"))
        >>> state_code(rain, True), state_code(rain, None)
        (1, -1)
    """
    code = named_position(variable.states, value)
    if code is not None:
        return code
    # A state may be named '', so that names come first.
    if is_missing(value):
        return MISSING
    name, listed = variable.name, listed_states(variable)
    if isinstance(value, str):
        raise UnknownNameError("state", value, variable.states, f"'{name}'")
    if isinstance(value, bool | np.bool_):
        raise EvidenceError(f"'{name}' is not yes/no; give one of its states: {listed}")
    if isinstance(value, int | float | np.integer | np.floating):
        raise EvidenceError(
            f"'{name}' has no state {value!s}: a number names the state that is written as that "
            f"number; give one of its states: {listed}; positions of states are turned into names "
            f"by network.state_names({{'{name}': positions}})"
        )
    raise EvidenceError(f"'{name}' is {value!r:.40}; give one of its states: {listed}")


def column_codes(variable: Variable, values: Sequence[Any] | NDArray[Any]) -> NDArray[np.intp]:
    """Find the code of each value of a column, shape (cases,), as `state_code` does for one.

    Each distinct value is looked up once. Raises as `state_code` does.

        >>> column_codes(Variable("rain", ("no", "yes")), ["yes", None, False]).tolist()
        [1, -1, 0]
    """
    known: dict[object, int] = {state: code for code, state in enumerate(variable.states)}
    others: dict[tuple[type, object], int] = {}
    codes = np.empty(len(values), dtype=np.intp)
    for row, value in enumerate(values.tolist() if isinstance(values, np.ndarray) else values):
        code = known.get(value) if type(value) is str else None
        if value is None or (type(value) is float and math.isnan(value)):
            code = MISSING
        elif code is None:
            if not isinstance(value, Hashable):
                raise EvidenceError(f"'{variable.name}' is {value!r:.40}; give one value a case")
            # True, 1 and 1.0 are equal, yet may name different states.
            key = (type(value), value)
            code = others.get(key)
            if code is None:
                code = others[key] = state_code(variable, value)
        codes[row] = code
    return codes


def names_at(variable: Variable, positions: ArrayLike) -> NDArray[np.object_]:
    """Convert positions of states to their names, an array of the shape given; None where -1.

    Raises EvidenceError for numbers that are not whole or lie outside -1 to states - 1.

        >>> names_at(Variable("rain", ("no", "yes")), [1, -1]).tolist()
        ['yes', None]
    """
    places, count = np.asarray(positions), len(variable.states)
    if not np.issubdtype(places.dtype, np.integer):
        if places.size:
            raise EvidenceError(f"'{variable.name}': positions of states are whole numbers")
        places = places.astype(np.intp)
    if places.size and not MISSING <= places.min() <= places.max() < count:
        raise EvidenceError(
            f"'{variable.name}': positions of its states lie in -1 (not observed) to {count - 1}"
        )
    names: NDArray[np.object_] = np.array([*variable.states, None], dtype=object)
    return names.take(places)


def listed_states(variable: Variable) -> str:
    """List the states for a message: all, or the first FEW_STATES and how many there are."""
    shown = ", ".join(variable.states[:FEW_STATES])
    count = len(variable.states)
    return shown if count <= FEW_STATES else f"{shown}, ... ({count:,} in all)"


def _number(state: str) -> int | float | None:
    """Read a state's name as a plain decimal number; None where it is not written as one."""
    digits = state.lstrip("+-")
    if len(state) - len(digits) > 1 or not digits.replace(".", "", 1).isdecimal():
        return None
    return float(state) if "." in state else int(state)
