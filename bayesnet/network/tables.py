"""Read a table of cases as columns, from any of the forms in FORMS."""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from bayesnet.errors import BayesnetError, EvidenceError, MissingExtraError, quoted

FORMS = "a mapping of variable to values, a list of mappings, a data frame or an Arrow table"


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns of a table of cases.

    cells: {name: a sequence of one value a case}, as given; cases: the number of cases.
    """

    cells: Mapping[Any, Any]
    cases: int


def columns_of(table: Any, absent: Any = None) -> Columns:
    """Read a table of cases as columns, without looking into their cells.

    table: {name: values}, a list of {name: value}, a data frame, or any object with the Arrow
    PyCapsule interface. absent: the value for a name that one mapping of a list lacks and another
    has. Raises EvidenceError for an object that is no table, a repeated name, or columns of
    different lengths.

        >>> columns_of([{"rain": "yes"}, {"wet": "no"}])
        Columns(cells={'rain': ['yes', None], 'wet': [None, 'no']}, cases=2)
    """
    if isinstance(table, list | tuple):
        cells, cases = _from_rows(table, absent), len(table)
    elif isinstance(table, Mapping):
        cells, cases = dict(table), 0
    elif hasattr(table, "columns") and not hasattr(table, "column_names"):
        names = each_once(list(table.columns))
        cells, cases = {name: table[name] for name in names}, len(table)
    else:
        arrow = _as_arrow(table)
        cells = dict(zip(each_once(arrow.column_names), arrow.columns, strict=True))
        cases = arrow.num_rows
    cells = {name: _sized(name, column) for name, column in cells.items()}
    lengths = {name: len(column) for name, column in cells.items()}
    if len(set(lengths.values())) > 1:
        ends = (min(lengths, key=lengths.__getitem__), max(lengths, key=lengths.__getitem__))
        told = " and ".join(f"'{name}' has {lengths[name]:,} values" for name in ends)
        raise EvidenceError(f"columns differ in length: {told}")
    return Columns(cells, next(iter(lengths.values()), cases))


def require_pyarrow() -> Any:
    """Import pyarrow; raises MissingExtraError where it is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError("what reads and writes tables", "cohort", str(error)) from None
    return pyarrow


def require_pandas() -> Any:
    """Import pandas; raises BayesnetError where it is not installed."""
    try:
        return import_module("pandas")
    except ImportError as error:
        message = f"pandas is not installed ({error}); install it with: pip install pandas"
        raise BayesnetError(message) from None


def _from_rows(rows: Sequence[Any], absent: Any) -> dict[Hashable, Any]:
    """Turn a list of one mapping a case into columns, by name in order of first appearance."""
    for place, row in enumerate(rows):
        if not hasattr(row, "items"):
            raise EvidenceError(
                f"a table of cases is {FORMS}; item {place} of this list is {type(row).__name__}"
            )
    names: dict[Hashable, None] = {name: None for row in rows for name, _ in row.items()}
    return {name: [row.get(name, absent) for row in rows] for name in names}


def each_once(names: list[Any]) -> list[Any]:
    """Return the names; raises EvidenceError for one that is repeated."""
    if len(set(names)) < len(names):
        twice = sorted({str(name) for name in names if names.count(name) > 1})
        raise EvidenceError(f"column {quoted(twice)} stands there twice; keep one")
    return names


def _as_arrow(table: Any) -> Any:
    """Return a table with Arrow's interface; raises EvidenceError for an object that has none."""
    if hasattr(table, "column_names") and hasattr(table, "columns"):
        return table
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        return require_pyarrow().table(table)
    raise EvidenceError(f"a table of cases is {FORMS}, not {type(table).__name__}")


def _sized(name: object, column: Any) -> Any:
    """Return the column, an iterator as a list; EvidenceError for texts, mappings and sets."""
    unordered = isinstance(column, str | bytes | Mapping | Set)
    if not unordered and np.iterable(column):
        return column if hasattr(column, "__len__") else list(column)
    raise EvidenceError(f"column '{name}' is {column!r:.40}; give one value a case")
