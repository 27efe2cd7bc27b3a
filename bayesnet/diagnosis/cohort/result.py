"""What a cohort comes to: one row a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.decisions.pathways import NONE
from bayesnet.errors import EvidenceError, counted
from bayesnet.network.tables import require_pandas, require_pyarrow

ERROR = "error"
WORDS = ("triage", "next_question", "pathway", ERROR)


@dataclass(frozen=True, eq=False, repr=False)
class CohortResult:
    """Columns of one length, {name: shape (cases,)}, in the order of a table.

    First what was kept of the input, as it was. A posterior for each cause, under its id, and
    `no_identified_cause`: floats, NaN in a case with an error. `triage` (a level),
    `next_question`, `pathway` (ids), `error` (a message): objects, each a text or None.
    kept: names of the columns that are the input's.
    """

    columns: Mapping[str, NDArray[Any]]
    kept: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.columns[ERROR])

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    @property
    def failed(self) -> NDArray[np.intp]:
        """Positions of the cases with an error."""
        return np.flatnonzero(self.columns[ERROR] != np.array(None))

    def take(self, rows: NDArray[np.intp]) -> "CohortResult":
        """Some of the cases."""
        return CohortResult({name: each[rows] for name, each in self.columns.items()}, self.kept)

    def with_errors(self, errors: Mapping[int, str]) -> "CohortResult":
        """The same, with the cases at these positions put down as errors."""
        if not errors:
            return self
        rows = list(errors)
        columns = {name: column.copy() for name, column in self.columns.items()}
        for name in columns.keys() - set(self.kept):
            column = columns[name]
            column[rows] = np.nan if column.dtype == np.float64 else None
        columns[ERROR][rows] = list(errors.values())
        return CohortResult(columns, self.kept)

    def beside(self, kept: Mapping[str, NDArray[Any]]) -> "CohortResult":
        """The same, after columns of the input; raises EvidenceError for a name that is taken."""
        for name in kept:
            if name in self.columns:
                raise EvidenceError(
                    f"keep=['{name}']: the result has a column of that name; rename it"
                )
        return CohortResult({**kept, **self.columns}, tuple(kept))

    def to_arrow(self) -> Any:
        """The same as a pyarrow.Table; nulls for what is not there."""
        pyarrow = require_pyarrow()
        found = {}
        for name, column in self.columns.items():
            kind = None if name in self.kept else arrow_type(name)
            try:
                found[name] = pyarrow.array(column, kind, from_pandas=True)
            except pyarrow.ArrowException as error:
                raise EvidenceError(f"column '{name}' has no Arrow type: {error}") from None
        return pyarrow.table(found)

    def to_pandas(self) -> Any:
        """The same as a pandas DataFrame, one row a case."""
        return require_pandas().DataFrame(dict(self.columns))

    def __repr__(self) -> str:
        failed = len(self.failed)
        wrong = f", {counted(failed, 'error')}" if failed else ""
        return f"CohortResult({counted(len(self), 'case')}{wrong})"


def column_names(causes: Sequence[str]) -> tuple[str, ...]:
    """Names of a result's columns, in order."""
    return (*causes, NONE, *WORDS)


def arrow_type(name: str) -> Any:
    """The Arrow type of a result's column."""
    pyarrow = require_pyarrow()
    return pyarrow.string() if name in WORDS else pyarrow.float64()


def joined(parts: Sequence[CohortResult]) -> CohortResult:
    """One result after the other."""
    names = parts[0].columns
    return CohortResult({name: np.concatenate([part[name] for part in parts]) for name in names})


def blank(causes: Sequence[str], cases: int) -> CohortResult:
    """Cases of which nothing is known yet."""
    return CohortResult(
        {
            name: np.full(cases, None, object) if name in WORDS else np.full(cases, np.nan)
            for name in column_names(causes)
        }
    )
