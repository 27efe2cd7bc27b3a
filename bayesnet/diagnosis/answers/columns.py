"""Columns of a cohort: distinct values and a code per case, so that a value is read only once."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.errors import EvidenceError, MissingExtraError

EMPTY = -1


@dataclass(frozen=True, eq=False)
class Column:
    """values: the distinct ones; codes: position of each case's value, shape (cases,), -1: none."""

    values: tuple[Any, ...]
    codes: NDArray[np.intp]

    def take(self, rows: NDArray[np.intp]) -> "Column":
        """Some of the cases."""
        return Column(self.values, self.codes[rows])

    def looked_up(self, table: Sequence[Any], empty: Any, dtype: Any) -> NDArray[Any]:
        """For each case what a table says of its value, one entry a value, or `empty`."""
        return np.array([*table, empty], dtype=dtype)[self.codes]


def columns_of(table: Any) -> dict[str, Column]:
    """Columns of a mapping of arrays, or of anything that exports itself to Arrow.

    Raises EvidenceError for what is no table, columns of different lengths or nested ones.
    """
    if not isinstance(table, Mapping):
        table = _from_arrow_table(table)
    columns = {name: _column(name, cells) for name, cells in table.items()}
    lengths = {name: len(column.codes) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        ends = (min(lengths, key=lengths.__getitem__), max(lengths, key=lengths.__getitem__))
        told = " and ".join(f"'{name}' has {lengths[name]:,} values" for name in ends)
        raise EvidenceError(f"columns differ in length: {told}")
    return columns


def require_pyarrow() -> Any:
    """The module pyarrow; raises MissingExtraError where it is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError("what reads and writes tables", "cohort", str(error)) from None
    return pyarrow


def _from_arrow_table(table: Any) -> dict[str, Any]:
    if not (hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__")):
        raise EvidenceError(
            f"a cohort is a mapping of id to values or an Arrow table, not {type(table).__name__}"
        )
    found = require_pyarrow().table(table)
    names = found.column_names
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise EvidenceError(f"the table has more than one column '{twice[0]}'; keep one")
    return dict(zip(names, found.columns, strict=True))


def _column(name: str, cells: Any) -> Column:
    if hasattr(cells, "dictionary_encode"):
        column = _from_arrow(name, cells)
    elif isinstance(cells, np.ndarray) and cells.dtype != object:
        if cells.ndim != 1:
            raise EvidenceError(f"column '{name}' has shape {cells.shape}; give one value a case")
        values, codes = np.unique(cells, return_inverse=True)
        column = Column(tuple(values.tolist()), codes.astype(np.intp))
    elif isinstance(cells, Iterable) and not isinstance(cells, str | bytes | Mapping):
        column = _from_values(cells)
    else:
        raise EvidenceError(f"column '{name}' is {cells!r}; give one value a case")
    kept = [EMPTY if _is_empty(value) else code for code, value in enumerate(column.values)]
    return Column(column.values, column.looked_up(kept, EMPTY, np.intp))


def _from_arrow(name: str, cells: Any) -> Column:
    pyarrow = require_pyarrow()
    kind = cells.type
    if pyarrow.types.is_dictionary(kind):
        cells = cells.cast(kind.value_type)
    if pyarrow.types.is_nested(cells.type):
        raise EvidenceError(f"column '{name}' holds {kind}; give single answers")
    if isinstance(cells, pyarrow.ChunkedArray):
        cells = cells.combine_chunks()
    encoded = cells.dictionary_encode()
    codes = encoded.indices.fill_null(EMPTY).to_numpy(zero_copy_only=False)
    values = (_text(value) for value in encoded.dictionary.to_pylist())
    return Column(tuple(values), codes.astype(np.intp))


def _text(value: Any) -> Any:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _from_values(cells: Iterable[Any]) -> Column:
    positions: dict[object, int] = {}
    values: list[Any] = []
    codes = []
    for cell in cells:
        if _is_empty(cell):
            codes.append(EMPTY)
            continue
        # True, 1 and 1.0 are equal, yet not the same answer.
        key = (type(cell), repr(cell) if isinstance(cell, list | dict | set) else cell)
        code = positions.setdefault(key, len(values))
        if code == len(values):
            values.append(_text(cell))
        codes.append(code)
    return Column(tuple(values), np.array(codes, dtype=np.intp))


def _is_empty(value: object) -> bool:
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and not value.strip())
