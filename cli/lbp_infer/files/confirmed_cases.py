"""Read cases whose causes were confirmed: evidence, and `true_<cause>` as far as it is known."""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.columns import EMPTY, people_of
from bayesnet.diagnosis.answers.reading import read_answer
from bayesnet.diagnosis.answers.soft import SoftAnswer
from bayesnet.errors import EvidenceError
from bayesnet.model.format.variables import Choices
from bayesnet.network.evidence import MISSING
from bayesnet.tuning.histories import truth_column
from bayesnet.tuning.patients import ABSENT, PRESENT
from lbp_infer.files.answer_columns import check_columns, evidence_of
from lbp_infer.files.cohort_batch import Batch, CohortFile
from lbp_infer.files.cohort_input import open_cohort
from lbp_infer.files.spooled_stdin import as_file

if TYPE_CHECKING:
    from bayesnet.diagnosis.model import DiagnosticModel

AT_ONCE = 512
"""Cases of one piece: the longest take some twenty seconds, and no answer depends on it."""
NOT_KNOWN = MISSING
"""Of a cause in a case: neither PRESENT nor ABSENT."""


@dataclass(frozen=True, eq=False)
class SomeCases:
    """Consecutive cases.

    rows: their number; evidence: {id: cells}, as `DiagnosticModel.diagnose_many` takes it; truth:
    PRESENT, ABSENT or NOT_KNOWN of each cause in the model's order, shape (rows, causes); errors:
    {position: why the row cannot be used}, of reading and of its truth, while what is wrong with an
    answer is found when it is diagnosed; kept: {name: Arrow array}; done: share of the file so far.
    """

    rows: int
    evidence: Mapping[str, Any]
    truth: NDArray[np.int8]
    errors: Mapping[int, str]
    kept: Mapping[str, Any]
    done: float

    def pieces(self, before: float) -> Iterator["SomeCases"]:
        """Yield the cases a few at a time, so that a long run can say how far it is.

        before: the share of the file that was read before these.
        """
        for start in range(0, self.rows, AT_ONCE):
            end = min(start + AT_ONCE, self.rows)
            yield SomeCases(
                end - start,
                {name: cells[start:end] for name, cells in self.evidence.items()},
                self.truth[start:end],
                {row - start: said for row, said in self.errors.items() if start <= row < end},
                {name: cells[start:end] for name, cells in self.kept.items()},
                before + (self.done - before) * end / self.rows,
            )


@dataclass(frozen=True, eq=False)
class ConfirmedCases:
    """A table of cases, open for reading.

    causes: all of the model, in its order; columns: {cause: its column}, without those whose column
    would be an id that can be answered; keep: columns to pass through.
    """

    file: CohortFile
    causes: Sequence[str]
    known: Collection[str]
    columns: Mapping[str, str]
    keep: Sequence[str]

    def parts(self) -> Generator[SomeCases, None, None]:
        """Yield all cases in order, some hundred at a time.

        Raises EvidenceError where the file cannot be read on, and at its end where it has no case,
        or no column of any of the causes.
        """
        rows, told, done = 0, False, 0.0
        aside = (*self.keep, *self.columns.values())
        for batch in self.file.batches(self.keep):
            evidence, errors = evidence_of(batch, self.known, aside)
            truth, wrong = _truth(batch, self.causes, self.columns)
            told = told or any(name in batch.columns for name in self.columns.values())
            rows += batch.rows
            found = {**wrong, **errors}
            some = SomeCases(batch.rows, evidence, truth, found, batch.kept, batch.done)
            yield from some.pieces(done)
            done = batch.done
        if not rows:
            raise EvidenceError(f"{self.file.path}: holds no case")
        if not told:
            raise no_truth(self.file.path, self.columns)


@contextmanager
def confirmed_cases(
    path: str, model: "DiagnosticModel", keep: Sequence[str] = ()
) -> Iterator[ConfirmedCases]:
    r"""Open a table of cases: CSV, NDJSON or Parquet by its ending; `-`: stdin, by its content.

    Columns: evidence as `batch` takes it, `true_<cause>` (yes, no; empty or unknown: not known),
    and those to keep. Raises EvidenceError or UnknownNameError for a file that cannot be read, a
    column that is none of these, or a table without any `true_<cause>`.

        >>> import bayesnet, tempfile, pathlib
        >>> path = pathlib.Path(tempfile.mkdtemp(), "clinic.csv")
        >>> _ = path.write_text("age,true_disc,true_hip_joint\n42,yes,\n", encoding="utf-8")
        >>> model = bayesnet.load_model("lbp-runner")
        >>> with confirmed_cases(str(path), model) as cases:
        ...     (part,) = cases.parts()
        >>> disc, hip = (list(model.causes).index(each) for each in ("disc", "hip_joint"))
        >>> part.truth[0, [disc, hip]].tolist(), list(part.evidence)
        ([1, -1], ['age'])
    """
    causes = tuple(model.description.causes)
    columns = {cause: truth_column(cause) for cause in causes}
    columns = {cause: name for cause, name in columns.items() if name not in model.known}
    with as_file(path) as name:
        file = open_cohort(name)
        check_columns(file, {**model.known, **dict.fromkeys(columns.values())}, keep)
        if file.closed and not any(each in file.schema.names for each in columns.values()):
            raise no_truth(file.path, columns)
        yield ConfirmedCases(file, causes, model.known, columns, tuple(dict.fromkeys(keep)))


def no_truth(path: str, columns: Mapping[str, str]) -> EvidenceError:
    """Make the error for a table that does not say what any case had."""
    one = next(iter(columns.values()))
    return EvidenceError(
        f"{path}: no column says what was confirmed; add one for each cause, such as '{one}', with "
        "yes, no, or nothing where it is not known"
    )


def _truth(
    batch: Batch, causes: Sequence[str], columns: Mapping[str, str]
) -> tuple[NDArray[np.int8], dict[int, str]]:
    """Return what is known of each cause, shape (rows, causes), and {row: what is no yes or no}."""
    truth = np.full((batch.rows, len(causes)), NOT_KNOWN, dtype=np.int8)
    wrong: dict[int, str] = {}
    for place, cause in enumerate(causes):
        name = columns.get(cause, "")
        if name not in batch.columns:
            continue
        column = people_of({name: batch.columns[name]}, (name,)).columns[name]
        codes, messages = [], []
        for cell in column.values:
            code, message = _read(name, cell)
            codes.append(code)
            messages.append(message)
        truth[:, place] = column.looked_up(codes, NOT_KNOWN, np.int8)
        for row in np.flatnonzero(column.codes != EMPTY).tolist() if any(messages) else ():
            if message := messages[column.codes[row]]:
                wrong.setdefault(row, message)
    return truth, wrong


def _read(name: str, cell: Any) -> tuple[int, str]:
    """Read what is known of a cause: its code, and what is wrong with the cell, if anything."""
    wrong = f"'{name}' is {cell!r:.60}; give yes, no, or nothing where it is not known"
    try:
        found = read_answer(name, Choices(), cell)
    except EvidenceError:
        return NOT_KNOWN, wrong
    # What was confirmed is certain: a soft answer is none.
    if isinstance(found, SoftAnswer):
        return NOT_KNOWN, wrong
    return (NOT_KNOWN if found is None else PRESENT if found else ABSENT), ""
