"""Encode evidence, of one case or of a table of cases, as state codes and likelihoods."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.errors import EvidenceError
from bayesnet.network import Array, Network, Variable
from bayesnet.network.states import MISSING as MISSING
from bayesnet.network.states import column_codes, listed_states, state_code
from bayesnet.network.tables import columns_of

Evidence = Mapping[str, Any]
"""{variable's name: a value that names a state (see `states.named_position`), a likelihood for each
state as an array or as {state: number}, or None where it is not observed}"""

_MAPPING = "mapping of variable"


@dataclass(frozen=True, eq=False)
class Observed:
    """Encoded evidence of a number of cases; variables are given by their positions.

    codes: positions of the observed states, shape (variables, cases); -1 where a variable is not
    observed or has a likelihood instead.
    likelihoods: {variable: P(observation | its state) up to a factor, shape (cases, states)}; a
    row of ones carries no information.
    columns: variables for which a table of cases has a column, whether or not any case has a value.
    """

    codes: NDArray[np.intp]
    likelihoods: Mapping[int, Array]
    columns: tuple[int, ...] = ()

    @property
    def cases(self) -> int:
        """Number of cases."""
        return int(self.codes.shape[1])

    @property
    def log_scale(self) -> Array:
        """Natural log of the product of each case's largest likelihoods.

        Shape (cases,), or (1,) where no variable has a likelihood; -inf where all are 0.
        """
        total = np.zeros(1)
        with np.errstate(divide="ignore"):
            for values in self.likelihoods.values():
                total = total + np.log(values.max(axis=1))
        return total

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> "Observed":
        """Return the cases at these positions, in this order."""
        likelihoods = {v: values[rows] for v, values in self.likelihoods.items()}
        return Observed(self.codes[:, rows], likelihoods, self.columns)


def encode_case(network: Network, evidence: Evidence | None) -> Observed:
    """Encode one case; None is a case without evidence.

    Raises UnknownNameError with the nearest names for a variable or a state, EvidenceError for
    any other value that names no state, and for a variable that is given twice.

        >>> from bayesnet.network import noisy_or
        >>> network = Network((Variable("rain", ("no", "yes")),), (noisy_or("rain", {}, 0.3),))
        >>> encode_case(network, {"rain": "yes"}).codes.tolist()
        [[1]]
        >>> encode_case(network, {"rain": [0.5, 1.0]}).likelihoods[0].tolist()
        [[0.5, 1.0]]
    """
    codes = np.full((len(network.variables), 1), MISSING, dtype=np.intp)
    likelihoods: dict[int, Array] = {}
    known = network.state_codes
    for name, value in _items(evidence):
        if type(value) is str and (place := known.get((name, value))) is not None:
            codes[place[0], 0] = place[1]
            continue
        index = network.position(name)
        variable = network.variables[index]
        # Only a whole number can name a variable that a text names as well.
        if not isinstance(name, str) and variable.name in dict(_items(evidence)):
            raise _twice(variable.name)
        if _is_likelihood(value):
            likelihoods[index] = _likelihood(variable, value)[None, :]
        else:
            codes[index, 0] = state_code(variable, value)
    return Observed(codes, likelihoods)


def encode_table(network: Network, table: Any) -> Observed:
    """Encode a table of cases: `columns_of` says which forms it takes, `state_code` which cells.

    A column of shape (cases, states) holds likelihoods. Raises EvidenceError for an object that
    is no table or a cell that names no state, UnknownNameError with the nearest names for an
    unknown variable or state.

        >>> from bayesnet.network import noisy_or
        >>> network = Network((Variable("rain", ("no", "yes")),), (noisy_or("rain", {}, 0.3),))
        >>> encode_table(network, {"rain": ["yes", None, "no"]}).codes.tolist()
        [[1, -1, 0]]
    """
    read = columns_of(table)
    columns = _by_position(network, read.cells)
    codes = np.full((len(network.variables), read.cases), MISSING, dtype=np.intp)
    likelihoods: dict[int, Array] = {}
    for index, column in columns.items():
        variable = network.variables[index]
        values = _cells(variable.name, column)
        if values.ndim == 2:
            rows = [_likelihood(variable, row) for row in values]
            likelihoods[index] = np.array(rows).reshape(len(rows), len(variable.states))
        else:
            codes[index] = column_codes(variable, values)
    return Observed(codes, likelihoods, tuple(columns))


def _items(evidence: Evidence | None) -> Iterable[tuple[str, Any]]:
    """Return pairs (variable, value) of a mapping or a frame's row; EvidenceError if neither."""
    if evidence is None:
        return ()
    if not (isinstance(evidence, Mapping) or hasattr(evidence, "items")):
        raise EvidenceError(f"evidence is a {_MAPPING} to value, not {type(evidence).__name__}")
    return evidence.items()


def _by_position(network: Network, named: Mapping[Any, Any]) -> dict[int, Any]:
    """Key a mapping by the variables' positions; EvidenceError where two names mean one."""
    found: dict[int, Any] = {}
    for name, value in named.items():
        index = network.position(name)
        if index in found:
            raise _twice(network.names[index])
        found[index] = value
    return found


def _twice(name: str) -> EvidenceError:
    return EvidenceError(f"'{name}' stands there twice; keep one")


def _cells(name: str, column: Any) -> NDArray[Any]:
    """Return a column as an array, shape (cases,) or (cases, states); a frame's missing is None.

    Raises EvidenceError for a column of any other shape.
    """
    given = column.to_pylist() if hasattr(column, "to_pylist") else column
    # numpy would make True and numbers beside text into text, and True beside numbers a number.
    kind = None if hasattr(given, "dtype") else object
    try:
        values = np.asarray(given, dtype=kind)
    except ValueError:
        values = np.zeros(())
    if values.ndim not in (1, 2):
        raise EvidenceError(f"column '{name}' does not hold one value a case: {column!r:.40}")
    if values.dtype == object and hasattr(column, "isna"):
        values = values.copy()
        values[np.asarray(column.isna())] = None
    return values


def _is_likelihood(value: object) -> bool:
    """Tell whether a value holds several items, as likelihoods do, rather than naming one state."""
    return not isinstance(value, str | bytes) and np.iterable(value)


def _likelihood(variable: Variable, value: Any) -> Array:
    """Return likelihoods in the order of the states, shape (states,); 0 where a mapping has none.

    Raises EvidenceError for negative or infinite numbers, or another number of them than states.
    """
    states = len(variable.states)
    if isinstance(value, Mapping) or hasattr(value, "keys"):
        given: Any = [0.0] * states
        seen: set[int] = set()
        for state, number in value.items():
            code = state_code(variable, state)
            if code == MISSING or code in seen:
                told = "stands there twice" if code in seen else "is no state"
                raise EvidenceError(f"likelihood of '{variable.name}': {state!r} {told}")
            seen.add(code)
            given[code] = number
    else:
        given = value
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.zeros(())
    if array.shape != (states,) or not np.isfinite(array).all() or (array < 0).any():
        raise EvidenceError(
            f"likelihood of '{variable.name}' needs {states} numbers of at least 0, one for each "
            f"of {listed_states(variable)}"
        )
    return array
