"""Columns of a cohort: distinct values and a code per case, so that a value is read only once."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.network.states import is_missing
from bayesnet.network.tables import columns_of, require_pyarrow

EMPTY = -1


class Silence(Enum):
    """A person was asked and did not know, said by a person and not by an empty cell."""

    NOT_KNOWN = "not known"


NOT_KNOWN = Silence.NOT_KNOWN


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


@dataclass(frozen=True, eq=False)
class People:
    """columns: {id: answers}; kept: {name: cells to pass through}, (cases,); cases: how many."""

    columns: Mapping[str, Column]
    kept: Mapping[str, NDArray[Any]]
    cases: int


def people_of(table: Any, known: Collection[str], keep: Sequence[str] = ()) -> People:
    """Read a table of people: see `network.tables.columns_of` for its forms.

    Of a list of mappings each is what one person answered: None is asked and not known. In columns
    None is not asked. keep: columns to pass through; those that are evidence as well count as such.
    Raises UnknownNameError for a column that is neither, EvidenceError for what is no table.
    """
    read = columns_of(table, absent=math.nan)
    for name in keep:
        if name not in read.cells:
            raise UnknownNameError("column", name, map(str, read.cells))
    for name in read.cells:
        if name not in known and name not in keep:
            remedy = f"or pass the column through with keep=['{name}']"
            raise UnknownNameError("evidence", name, known, remedy=remedy)
    rows = isinstance(table, list | tuple)
    columns = {
        name: _column(name, _as_told(cells) if rows else cells)
        for name, cells in read.cells.items()
        if name in known
    }
    return People(columns, {name: _kept(read.cells[name]) for name in keep}, read.cases)


def _as_told(cells: Iterable[Any]) -> list[Any]:
    return [NOT_KNOWN if cell is None else cell for cell in cells]


def _kept(cells: Any) -> NDArray[Any]:
    """Cells as they are: an array of their own type, or of objects."""
    if isinstance(cells, np.ndarray) or (hasattr(cells, "isna") and hasattr(cells, "to_numpy")):
        return np.asarray(cells)
    values = cells.to_pylist() if hasattr(cells, "to_pylist") else list(cells)
    # A cell may be missing from its row, which is NaN here.
    whole = (None if isinstance(value, float) and math.isnan(value) else value for value in values)
    return np.fromiter(whole, dtype=object, count=len(values))


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
    kept = [EMPTY if is_missing(value) else code for code, value in enumerate(column.values)]
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


def _hashable(cell: Any) -> Any:
    try:
        hash(cell)
    except TypeError:
        return repr(cell)
    return cell


def _from_values(cells: Iterable[Any]) -> Column:
    positions: dict[object, int] = {}
    values: list[Any] = []
    codes = []
    for cell in cells:
        if is_missing(cell):
            codes.append(EMPTY)
            continue
        # True, 1 and 1.0 are equal, yet not the same answer.
        code = positions.setdefault((type(cell), _hashable(cell)), len(values))
        if code == len(values):
            values.append(_text(cell))
        codes.append(code)
    return Column(tuple(values), np.array(codes, dtype=np.intp))
