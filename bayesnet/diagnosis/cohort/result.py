"""Hold the results of a cohort: one row a case."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.errors import EvidenceError, counted
from bayesnet.network.tables import require_pandas, require_pyarrow

ERROR = "error"
"""The column with the message of each case that could not be diagnosed."""
WORDS = ("triage", "next_question", "pathway", ERROR)
"""Columns of text; the others, apart from the input's, are probabilities."""


@dataclass(frozen=True, eq=False, repr=False)
class CohortResult:
    """Results of a table of cases as columns, {name: shape (cases,)}, in the order of a table.

    First come the columns passed through from the input, unchanged (those of Arrow as Arrow arrays,
    of which `[name]` makes objects); then a posterior for each
    cause, under its id, and `no_identified_cause`: floats, NaN in a case with an error; then
    `triage` (a level), `next_question`, `pathway` (ids) and `error` (a message): each a text or
    None. kept: names of the columns passed through.

        >>> blank(("facet_joint",), 2)
        CohortResult(2 cases)
        >>> blank(("facet_joint",), 2)["facet_joint"].tolist()
        [nan, nan]
    """

    columns: Mapping[str, Any]
    kept: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.columns[ERROR])

    def __getitem__(self, name: str) -> NDArray[Any]:
        column = self.columns[name]
        if isinstance(column, np.ndarray):
            return column
        return np.fromiter(column.to_pylist(), dtype=object, count=len(column))

    @property
    def failed(self) -> NDArray[np.intp]:
        """Positions of the cases with an error, shape (errors,).

        >>> blank(("facet_joint",), 2).with_errors({1: "age is -3"}).failed.tolist()
        [1]
        """
        return np.flatnonzero(self.columns[ERROR] != np.array(None))

    def take(self, rows: NDArray[np.intp]) -> "CohortResult":
        """Return the cases at these positions, in this order.

        >>> blank(("facet_joint",), 3).take(np.array([2, 0]))
        CohortResult(2 cases)
        """
        return CohortResult(
            {name: _taken(each, rows) for name, each in self.columns.items()}, self.kept
        )

    def only(self, names: Collection[str]) -> "CohortResult":
        """Return these columns, in the order of a table; the errors are always among them.

        >>> list(blank(("facet_joint",), 1).only(["triage"]).columns)
        ['triage', 'error']
        """
        chosen = {*names, ERROR, *self.kept}
        return CohortResult(
            {name: each for name, each in self.columns.items() if name in chosen}, self.kept
        )

    def with_errors(self, errors: Mapping[int, str]) -> "CohortResult":
        """Return the result with some cases turned into errors; columns kept stay as they are.

        errors: {position of a case: message}.

            >>> blank(("facet_joint",), 2).with_errors({1: "age is -3"})["error"].tolist()
            [None, 'age is -3']
        """
        if not errors:
            return self
        rows = list(errors)
        columns = dict(self.columns)
        for name in columns.keys() - set(self.kept):
            column = columns[name] = columns[name].copy()
            column[rows] = np.nan if column.dtype == np.float64 else None
        columns[ERROR][rows] = list(errors.values())
        return CohortResult(columns, self.kept)

    def beside(self, kept: Mapping[str, Any]) -> "CohortResult":
        """Return the result with columns passed through from the input before it.

        kept: {name: shape (cases,)}. Raises EvidenceError for the name of a column of the result.

            >>> blank(("facet_joint",), 2).beside({"id": np.array([7, 8])})["id"].tolist()
            [7, 8]
        """
        check_apart(kept, self.columns)
        return CohortResult({**kept, **self.columns}, tuple(kept))

    def to_arrow(self) -> Any:
        """Convert to a pyarrow.Table, with nulls for None and NaN.

        Raises MissingExtraError without pyarrow, EvidenceError for a column passed through whose
        values have no Arrow type.

            >>> blank(("facet_joint",), 2).to_arrow().num_rows
            2
        """
        return require_pyarrow().table(self.arrow_columns())

    def arrow_columns(self) -> dict[str, Any]:
        """Convert to {name: Arrow array}; those of Arrow are passed through as they are.

        Raises as `to_arrow` does.

            >>> blank(("facet_joint",), 2).arrow_columns()["triage"].null_count
            2
        """
        pyarrow = require_pyarrow()
        found = {}
        for name, column in self.columns.items():
            kind = None if name in self.kept else arrow_type(name)
            try:
                given = isinstance(column, np.ndarray)
                found[name] = pyarrow.array(column, kind, from_pandas=True) if given else column
            except pyarrow.ArrowException as error:
                raise EvidenceError(f"column '{name}' has no Arrow type: {error}") from None
        return found

    def to_pandas(self) -> Any:
        """Convert to a pandas DataFrame, one row a case; raises BayesnetError without pandas.

        >>> len(blank(("facet_joint",), 2).to_pandas())
        2
        """
        return require_pandas().DataFrame({name: self[name] for name in self.columns})

    def __repr__(self) -> str:
        failed = len(self.failed)
        wrong = f", {counted(failed, 'error')}" if failed else ""
        return f"CohortResult({counted(len(self), 'case')}{wrong})"


def column_names(causes: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a result's own columns, in order.

    >>> column_names(["facet_joint"])[:2]
    ('facet_joint', 'no_identified_cause')
    """
    return (*causes, NONE, *WORDS)


def check_apart(kept: Iterable[str], own: Collection[str]) -> None:
    """Raise EvidenceError for a column passed through with the name of one of the result's own."""
    for name in kept:
        if name in own:
            raise EvidenceError(f"keep=['{name}']: the result has a column of that name; rename it")


def _taken(column: Any, rows: NDArray[np.intp]) -> Any:
    """Return the cells of a column at these positions, of numpy or of Arrow."""
    return column[rows] if isinstance(column, np.ndarray) else column.take(rows)


def arrow_type(name: str) -> Any:
    """Return the Arrow type of one of a result's own columns: string or float64."""
    pyarrow = require_pyarrow()
    return pyarrow.string() if name in WORDS else pyarrow.float64()


def joined(parts: Sequence[CohortResult]) -> CohortResult:
    """Concatenate results that have the same columns, none of them passed through."""
    names = parts[0].columns
    return CohortResult({name: np.concatenate([part[name] for part in parts]) for name in names})


def blank(causes: Sequence[str], cases: int) -> CohortResult:
    """Make a result whose probabilities are NaN and whose texts are None."""
    return CohortResult(
        {
            name: np.full(cases, None, object) if name in WORDS else np.full(cases, np.nan)
            for name in column_names(causes)
        }
    )
