"""Encode columns of a cohort as distinct values and a code per case: each value is read once."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.arrow_cells import as_answers
from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.network.states import is_missing
from bayesnet.network.tables import columns_of, require_pyarrow

EMPTY = -1
"""Code of a case without a value in a column."""


class Silence(Enum):
    """The value of a cell that says "asked and not known"; an empty cell says "not asked"."""

    NOT_KNOWN = "not known"


NOT_KNOWN = Silence.NOT_KNOWN


@dataclass(frozen=True, eq=False)
class Column:
    """Column of a table of cases.

    values: the distinct ones; codes: position of each case's value in `values`, shape (cases,),
    EMPTY where it has none.
    """

    values: tuple[Any, ...]
    codes: NDArray[np.intp]

    def take(self, rows: NDArray[np.intp]) -> "Column":
        """Return the cases at these positions, in this order."""
        return Column(self.values, self.codes[rows])

    def looked_up(self, table: Sequence[Any], empty: Any, dtype: Any) -> NDArray[Any]:
        """Look each case's value up in `table`, which has an entry for each of `values`.

        Returns shape (cases,) of the dtype, `empty` for cases without a value.

            >>> Column(("no", "yes"), np.array([1, -1])).looked_up([False, True], None, object)
            array([True, None], dtype=object)
        """
        return np.array([*table, empty], dtype=dtype)[self.codes]


@dataclass(frozen=True, eq=False)
class People:
    """A table of people.

    columns: {id: cells to read as answers}; kept: {name: cells to pass through, shape (cases,)},
    those of Arrow as they are; cases: the number of people.
    """

    columns: Mapping[str, Column]
    kept: Mapping[str, Any]
    cases: int


def people_of(table: Any, known: Collection[str], keep: Sequence[str] = ()) -> People:
    """Read a table of people: see `network.tables.columns_of` for its forms.

    In a list of mappings, each holds one person's answers, and None means asked and not known; in
    columns None means not asked. known: ids of evidence; keep: columns to pass through, which are
    read as evidence too where their names are ids. Raises UnknownNameError for a column that is
    neither, EvidenceError for an object that is no table or cells that are no single answers.
    """
    read = columns_of(table, absent=math.nan)
    check_names(read.cells, known, keep)
    rows = isinstance(table, list | tuple)
    columns = {
        name: _column(name, _as_told(cells) if rows else cells)
        for name, cells in read.cells.items()
        if name in known
    }
    return People(columns, {name: _kept(read.cells[name]) for name in keep}, read.cases)


def check_names(names: Iterable[str], known: Collection[str], keep: Sequence[str]) -> None:
    """Check that columns to pass through are there, and that every other one is evidence.

    Raises UnknownNameError, which tells how all that is no evidence can be passed through.
    """
    there = list(names)
    for name in keep:
        if name not in there:
            raise UnknownNameError("column", name, map(str, there))
    strange = [name for name in there if name not in known and name not in keep]
    if strange:
        what = "the column" if len(strange) == 1 else "what is no evidence"
        remedy = f"or pass {what} through with keep={[*map(str, keep), *map(str, strange)]}"
        raise UnknownNameError("evidence", strange[0], known, remedy=remedy)


def _as_told(cells: Iterable[Any]) -> list[Any]:
    """Replace None, which one person's mapping gives for what is not known, by NOT_KNOWN."""
    return [NOT_KNOWN if cell is None else cell for cell in cells]


def _kept(cells: Any) -> Any:
    """Return cells unchanged: Arrow's, or an array of their own type or of objects."""
    if hasattr(cells, "to_pylist"):
        return cells
    if isinstance(cells, np.ndarray) or (hasattr(cells, "isna") and hasattr(cells, "to_numpy")):
        return np.asarray(cells)
    # `columns_of` fills in NaN where a person's mapping lacks the name.
    whole = (None if isinstance(value, float) and math.isnan(value) else value for value in cells)
    return np.fromiter(whole, dtype=object, count=len(cells))


def _column(name: str, cells: Any) -> Column:
    """Encode cells by their distinct values; EvidenceError for cells that are no single values."""
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
    """Encode an Arrow array by its own dictionary; raises as `as_answers` does."""
    require_pyarrow()
    encoded = as_answers(name, cells)
    codes = encoded.indices.fill_null(EMPTY).to_numpy(zero_copy_only=False)
    values = (_text(value) for value in encoded.dictionary.to_pylist())
    return Column(tuple(values), codes.astype(np.intp))


def _text(value: Any) -> Any:
    """Decode bytes, so that a message can show them even where they are not UTF-8."""
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _hashable(cell: Any) -> Any:
    """Return a cell or, where it cannot be hashed, its repr; of a mapping what it holds."""
    if isinstance(cell, Mapping):
        return tuple((type(k), k, type(v), _hashable(v)) for k, v in cell.items())
    try:
        hash(cell)
    except TypeError:
        return repr(cell)
    return cell


def _from_values(cells: Iterable[Any]) -> Column:
    """Encode Python values, telling apart equal ones of different types."""
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
