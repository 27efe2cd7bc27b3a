"""A table of cases, in whatever form it comes, as columns."""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from bayesnet.errors import BayesnetError, EvidenceError, MissingExtraError, quoted

FORMS = "a mapping of variable to values, a list of mappings, a data frame or an Arrow table"


@dataclass(frozen=True, eq=False)
class Columns:
    """cells: {name: one value a case}, as they were given; cases: how many there are."""

    cells: Mapping[Any, Any]
    cases: int


def columns_of(table: Any, absent: Any = None) -> Columns:
    """Read a table of cases as columns, without looking into their cells.

    table: {name: values}, a list of {name: value}, a data frame, or anything that exports itself
    to Arrow. absent: what stands where one mapping of a list lacks a name that others have.
    Raises EvidenceError for what is no table, a name that stands there twice, or columns of
    different lengths.
    """
    if isinstance(table, list | tuple):
        cells, cases = _from_rows(table, absent), len(table)
    elif isinstance(table, Mapping):
        cells, cases = dict(table), 0
    elif hasattr(table, "columns") and not hasattr(table, "column_names"):
        names = _each_once(list(table.columns))
        cells, cases = {name: table[name] for name in names}, len(table)
    else:
        arrow = _as_arrow(table)
        cells = dict(zip(_each_once(arrow.column_names), arrow.columns, strict=True))
        cases = arrow.num_rows
    cells = {name: _sized(name, column) for name, column in cells.items()}
    lengths = {name: len(column) for name, column in cells.items()}
    if len(set(lengths.values())) > 1:
        ends = (min(lengths, key=lengths.__getitem__), max(lengths, key=lengths.__getitem__))
        told = " and ".join(f"'{name}' has {lengths[name]:,} values" for name in ends)
        raise EvidenceError(f"columns differ in length: {told}")
    return Columns(cells, next(iter(lengths.values()), cases))


def require_pyarrow() -> Any:
    """The module pyarrow; raises MissingExtraError where it is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError("what reads and writes tables", "cohort", str(error)) from None
    return pyarrow


def require_pandas() -> Any:
    """The module pandas; raises BayesnetError where it is not installed."""
    try:
        return import_module("pandas")
    except ImportError as error:
        message = f"pandas is not installed ({error}); install it with: pip install pandas"
        raise BayesnetError(message) from None


def _from_rows(rows: Sequence[Any], absent: Any) -> dict[Hashable, Any]:
    """One mapping a case; names in the order in which they first come."""
    for place, row in enumerate(rows):
        if not hasattr(row, "items"):
            raise EvidenceError(
                f"a table of cases is {FORMS}; item {place} of this list is {type(row).__name__}"
            )
    names: dict[Hashable, None] = {name: None for row in rows for name, _ in row.items()}
    return {name: [row.get(name, absent) for row in rows] for name in names}


def _each_once(names: list[Any]) -> list[Any]:
    if len(set(names)) < len(names):
        twice = sorted({str(name) for name in names if names.count(name) > 1})
        raise EvidenceError(f"column {quoted(twice)} stands there twice; keep one")
    return names


def _as_arrow(table: Any) -> Any:
    if hasattr(table, "column_names") and hasattr(table, "columns"):
        return table
    if hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__"):
        return require_pyarrow().table(table)
    raise EvidenceError(f"a table of cases is {FORMS}, not {type(table).__name__}")


def _sized(name: object, column: Any) -> Any:
    """The column, as a list where it is an iterator; raises EvidenceError for what has no order."""
    unordered = isinstance(column, str | bytes | Mapping | Set)
    if not unordered and np.iterable(column):
        return column if hasattr(column, "__len__") else list(column)
    raise EvidenceError(f"column '{name}' is {column!r:.40}; give one value a case")
