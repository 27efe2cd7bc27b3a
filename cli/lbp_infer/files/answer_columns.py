"""Tell the columns of a table of people apart: evidence, the truth, and what is kept."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bayesnet.diagnosis.answers.arrow_cells import holds_answers
from bayesnet.errors import EvidenceError, UnknownNameError, nearest_names, quoted

if TYPE_CHECKING:
    from bayesnet.diagnosis.model import DiagnosticModel
    from lbp_infer.files.cohort_batch import Batch, CohortFile


def with_truth(
    file: "CohortFile", model: "DiagnosticModel", keep: Sequence[str]
) -> tuple[str, ...]:
    """Return the columns to pass through: those named, and which causes each person truly has."""
    from bayesnet.tuning.histories import truth_column

    truth = {truth_column(cause) for cause in model.description.causes} - model.known.keys()
    return tuple(dict.fromkeys([*keep, *(name for name in file.schema.names if name in truth)]))


def check_columns(file: "CohortFile", known: Mapping[str, Any], keep: Sequence[str]) -> None:
    """Check that each column of the input is evidence or kept, and holds single answers.

    Raises UnknownNameError for a column to keep that is not there, EvidenceError that names every
    column that is neither evidence nor kept.
    """
    names = file.schema.names
    for name in keep:
        if name not in names and file.closed:
            raise UnknownNameError("column", name, names, f"'{file.path}'")
    strange = [name for name in names if name not in known and name not in keep]
    if strange:
        told = []
        for name in strange:
            nearest = nearest_names(name, known)
            told.append(f"'{name}'{f' (did you mean {quoted(nearest)}?)' if nearest else ''}")
        raise EvidenceError(
            f"{file.path}: not evidence of this model: {', '.join(told)}; rename a column to an "
            "id of the model, or pass it through with --keep"
        )
    for name, kind in zip(names, file.schema.types, strict=True):
        if name in known and not holds_answers(kind):
            raise EvidenceError(
                f"{file.path}: '{name}' holds {kind}; give single answers, soft ones as text such "
                "as yes:0.7,no:0.3"
            )


def evidence_of(
    batch: "Batch", known: Collection[str], keep: Sequence[str]
) -> tuple[dict[str, Any], dict[int, str]]:
    """Return a batch's columns of evidence, {id: cells}, and {row: error}.

    Errors are those of reading, and one for each row with a value in a column that is neither
    evidence nor kept: in NDJSON such a column may first appear in any row.
    """
    found = {name: cells for name, cells in batch.columns.items() if name in known}
    errors = dict(batch.errors)
    for name, cells in batch.columns.items():
        if name not in known and name not in keep:
            message = str(UnknownNameError("evidence", name, known))
            for row, cell in enumerate(cells):
                if cell is not None:
                    errors.setdefault(row, message)
    # Rows without any evidence still count; an empty column says how many they are.
    return found or {next(iter(known)): [None] * batch.rows}, errors
