"""What is observed, as a person or a table gives it, turned into state codes and likelihoods."""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.errors import EvidenceError, UnknownNameError, quoted
from bayesnet.network import Array, Network, Variable

Evidence = Mapping[str, Any]
"""{variable: state name, bool for yes/no, likelihood (array or {state: number}), or None}"""

_MAPPING = "mapping of variable"
MISSING = -1
YES = ("yes", "true", "present")
NO = ("no", "false", "absent")


@dataclass(frozen=True, eq=False)
class Observed:
    """Encoded evidence for a number of cases.

    codes: shape (variables, cases); -1 where not observed or where a likelihood is given.
    likelihoods: {variable index: shape (cases, states)}; a row of ones says nothing.
    columns: variables that a table of cases has a column for, observed in some case or in none.
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
        """Log of the product of each case's largest likelihoods, shape (cases or 1,)."""
        total = np.zeros(1)
        with np.errstate(divide="ignore"):
            for values in self.likelihoods.values():
                total = total + np.log(values.max(axis=1))
        return total

    def take(self, rows: Sequence[int] | NDArray[np.intp]) -> "Observed":
        """Some of the cases."""
        likelihoods = {v: values[rows] for v, values in self.likelihoods.items()}
        return Observed(self.codes[:, rows], likelihoods, self.columns)


def softened(network: Network, variables: Iterable[int], observed: Observed) -> Observed:
    """One case with likelihood evidence on each variable, which says nothing where none was."""
    ones = {v: np.ones((1, len(network.variables[v].states))) for v in variables}
    return Observed(observed.codes, {**ones, **observed.likelihoods})


def encode_case(network: Network, evidence: Evidence | None) -> Observed:
    """One case; raises EvidenceError or UnknownNameError with the nearest names."""
    codes = np.full((len(network.variables), 1), MISSING, dtype=np.intp)
    likelihoods: dict[int, Array] = {}
    known = network.state_codes
    for name, value in _items(evidence):
        if type(value) is str and (place := known.get((name, value))) is not None:
            codes[place[0], 0] = place[1]
            continue
        index = network.position(name)
        variable = network.variables[index]
        if _is_missing(value):
            continue
        if isinstance(value, str | bool | np.bool_):
            codes[index, 0] = state_index(variable, value)
        else:
            likelihoods[index] = _likelihood(variable, value)[None, :]
    return Observed(codes, likelihoods)


def encode_table(network: Network, table: Any) -> Observed:
    """A table of cases: a mapping or data frame of columns, each with one value per case.

    Raises EvidenceError for what is none, or UnknownNameError with the nearest names.
    """
    if not (isinstance(table, Mapping) or hasattr(table, "columns")):
        raise EvidenceError(
            f"a table of cases is a {_MAPPING} to values, or a data frame, not "
            f"{type(table).__name__}"
        )
    names = list(table.columns if hasattr(table, "columns") else table)
    if len(set(names)) < len(names):
        twice = sorted({str(name) for name in names if names.count(name) > 1})
        raise EvidenceError(f"column {quoted(twice)} stands there twice; keep one")
    columns = {name: _cells(name, table[name]) for name in names}
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        raise EvidenceError(f"columns differ in length: {lengths}")
    cases = next(iter(lengths.values()), 0)
    codes = np.full((len(network.variables), cases), MISSING, dtype=np.intp)
    likelihoods: dict[int, Array] = {}
    for name, values in columns.items():
        index = network.position(name)
        variable = network.variables[index]
        if values.ndim == 2:
            likelihoods[index] = np.array([_likelihood(variable, row) for row in values])
        else:
            codes[index] = _column_codes(variable, values)
    return Observed(codes, likelihoods, tuple(network.position(name) for name in names))


def _items(evidence: Evidence | None) -> Iterable[tuple[str, Any]]:
    """Pairs of variable and value, from anything that maps, also a row of a data frame."""
    if evidence is None:
        return ()
    if not (isinstance(evidence, Mapping) or hasattr(evidence, "items")):
        raise EvidenceError(f"evidence is a {_MAPPING} to value, not {type(evidence).__name__}")
    return evidence.items()


def _cells(name: str, column: Any) -> NDArray[Any]:
    """A column as an array; what a data frame calls missing is None."""
    try:
        values = np.asarray(column)
        if values.dtype.kind == "U" and not isinstance(column, np.ndarray):
            # Text that stood beside NaN or True, which numpy would have turned into text as well.
            values = np.asarray(column, dtype=object)
    except ValueError:
        values = np.zeros(())
    if values.ndim not in (1, 2):
        raise EvidenceError(f"column '{name}' does not hold one value a case: {column!r:.40}")
    if values.dtype == object and hasattr(column, "isna"):
        values = values.copy()
        values[np.asarray(column.isna())] = None
    return values


def state_index(variable: Variable, value: object) -> int:
    """Index of a state given by name, or by True or False for yes/no."""
    if isinstance(value, bool | np.bool_):
        wanted = YES if value else NO
        for index, state in enumerate(variable.states):
            if len(variable.states) == 2 and state.lower() in wanted:
                return index
        raise EvidenceError(
            f"'{variable.name}' is not yes/no; give one of its states: {', '.join(variable.states)}"
        )
    return variable.index(str(value))


def _column_codes(variable: Variable, values: NDArray[Any]) -> NDArray[np.intp]:
    if np.issubdtype(values.dtype, np.integer):
        if values.size and (values.min() < MISSING or values.max() >= len(variable.states)):
            raise EvidenceError(
                f"'{variable.name}': integer codes must lie in -1 (not observed) to "
                f"{len(variable.states) - 1}"
            )
        return values.astype(np.intp)
    found: dict[object, int] = {}
    codes = np.empty(len(values), dtype=np.intp)
    for row, value in enumerate(values.tolist()):
        if not isinstance(value, Hashable):
            raise EvidenceError(f"'{variable.name}' is {value!r:.40}; give one value a case")
        code = found.get(value)
        if code is None:
            code = MISSING if _is_missing(value) else state_index(variable, value)
            found[value] = code
        codes[row] = code
    return codes


def _is_missing(value: object) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and value == "")


def _likelihood(variable: Variable, value: object) -> Array:
    if isinstance(value, Mapping):
        for state in value:
            variable.index(str(state))
        given: Sequence[object] = [value.get(state, 0.0) for state in variable.states]
    else:
        given = value  # type: ignore[assignment]
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        raise UnknownNameError("state", value, variable.states, f"'{variable.name}'") from None
    states = len(variable.states)
    if array.shape != (states,) or not np.isfinite(array).all() or (array < 0).any():
        raise EvidenceError(
            f"likelihood of '{variable.name}' needs {states} numbers of at least 0, one for each "
            f"of {', '.join(variable.states)}"
        )
    return array
