"""`lbp-infer batch`: a table of people in, a table of answers out."""

import gc
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from bayesnet.errors import EvidenceError, UnknownNameError, nearest_names, quoted
from lbp_infer.commands.options import one_audience, output_options
from lbp_infer.commands.session import Session
from lbp_infer.files.cell_types import holds_answers, json_type
from lbp_infer.files.cohort_formats import format_of
from lbp_infer.screen.messages import PREFIX, printable
from lbp_infer.screen.progress import progress

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort.result import CohortResult
    from lbp_infer.files.cohort_batch import Batch, CohortFile

SOME_FAILED = 5
"""Exit code: all is written, and some of the rows are errors."""


@dataclass(frozen=True)
class Tally:
    """Rows written, how many of them are errors, and the first of these."""

    rows: int = 0
    failed: int = 0
    first: str = ""

    def plus(self, result: "CohortResult") -> "Tally":
        """With some more rows."""
        failed = result.failed
        first = self.first
        if len(failed) and not first:
            first = f"row {self.rows + failed[0] + 1:,}: {result['error'][failed[0]]}"
        return Tally(self.rows + len(result), self.failed + len(failed), first)

    def __str__(self) -> str:
        if not self.failed:
            return f"{self.rows:,} rows, none with an error"
        return f"{self.rows:,} rows, {self.failed:,} with errors (first: {self.first})"


def batch_command(session: Session) -> click.Command:
    """The command `batch`."""

    @click.pass_context
    def batch(
        ctx: click.Context,
        cohort: str,
        out: str,
        keep: Sequence[str],
        audiences: Sequence[str] = (),
    ) -> None:
        above = ctx.parent.params if ctx.parent else {}
        audience = one_audience([*above.get("audiences", ()), *audiences])
        # A long run makes garbage that a single answer does not wait to see collected.
        gc.enable()
        with _stopped_like_ctrl_c():
            tally = run(session, cohort, out, tuple(dict.fromkeys(keep)), audience)
        click.echo(printable(f"{PREFIX}{tally}"), err=True)
        if tally.failed:
            ctx.exit(SOME_FAILED)

    return click.Command(
        "batch",
        params=[
            click.Argument(["cohort"]),
            click.Option(["-o", "--out"], required=True, metavar="OUT", help="Where to write."),
            click.Option(
                ["--keep"],
                metavar="COLUMN",
                multiple=True,
                help="Pass this column through unchanged, such as a patient's id; may be repeated.",
            ),
            *(option for option in output_options() if option.name != "as_json"),
        ],
        callback=batch,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Answer for every row of a table: posteriors, triage, next question and pathway. "
        "COHORT and OUT are CSV, NDJSON or Parquet, by their endings. Columns are evidence ids; "
        "an empty cell was not asked, the word unknown was asked and is not known. An empty line "
        "of a CSV file is no row, except where there is one column, whose cell it is. A row that "
        "cannot be used keeps its place and has its error in the column `error`; the exit code "
        f"is then {SOME_FAILED}.",
        short_help="Answer for every row of a CSV, NDJSON or Parquet file.",
    )


def run(session: Session, cohort: str, out: str, keep: Sequence[str], audience: str) -> Tally:
    """Read, answer and write; nothing is left at `out` when it does not come to its end."""
    from bayesnet.network.tables import require_pyarrow

    pyarrow = require_pyarrow()
    from lbp_infer.files.cohort_input import open_cohort
    from lbp_infer.files.cohort_output import check_target, table_writer
    from lbp_infer.files.kept_columns import kept_cells

    model = session.model
    file = open_cohort(cohort)
    check_target(out, cohort)
    check_columns(file, model.known, keep)
    results = model.diagnose_many({}).to_arrow().schema
    check_kept(keep, results.names)
    form = format_of(out)
    schema = pyarrow.schema([*kept_fields(file, keep, form), *results])
    tally = Tally()
    with (
        closing(file.batches(keep)) as batches,
        table_writer(out, schema) as write,
        progress() as show,
    ):
        for batch in batches:
            kept = [kept_cells(name, batch.kept[name], form, tally.rows) for name in keep]
            evidence, errors = evidence_of(batch, model.known, keep)
            result = model.diagnose_many(evidence, audience).with_errors(errors)
            write(pyarrow.table([*kept, *result.to_arrow().columns], schema=schema))
            tally = tally.plus(result)
            show(tally.rows, batch.done)
    return tally


def kept_fields(file: "CohortFile", keep: Sequence[str], form: str) -> list[Any]:
    """The Arrow fields of kept columns in the output; EvidenceError where there is no place."""
    import pyarrow

    from lbp_infer.files.kept_columns import kept_type

    # What is not in the first line of an NDJSON file may be in another one.
    given = dict.fromkeys(keep, json_type())
    given.update(zip(file.schema.names, file.schema.types, strict=True))
    return [pyarrow.field(name, kept_type(name, given[name], form)) for name in keep]


def check_columns(file: "CohortFile", known: Mapping[str, Any], keep: Sequence[str]) -> None:
    """Raises EvidenceError that names every column that is neither evidence nor kept."""
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
            raise EvidenceError(f"{file.path}: '{name}' holds {kind}; give single answers")


def check_kept(keep: Sequence[str], taken: Sequence[str]) -> None:
    """Raises EvidenceError for a kept column that the output has no place for."""
    for name in keep:
        if name in taken:
            raise EvidenceError(f"--keep {name}: the output has a column of that name; rename it")


def evidence_of(
    batch: "Batch", known: Mapping[str, Any], keep: Sequence[str]
) -> tuple[dict[str, Any], dict[int, str]]:
    """The columns that are evidence, and errors: also of rows with a value in a strange column."""
    found = {name: cells for name, cells in batch.columns.items() if name in known}
    errors = dict(batch.errors)
    for name, cells in batch.columns.items():
        if name not in known and name not in keep:
            message = str(UnknownNameError("evidence", name, known))
            for row, cell in enumerate(cells):
                if cell is not None:
                    errors.setdefault(row, message)
    # Rows may say nothing at all; there are as many of them all the same.
    return found or {next(iter(known)): [None] * batch.rows}, errors


@contextmanager
def _stopped_like_ctrl_c() -> Iterator[None]:
    """A request to end, as schedulers send it, unwinds and so leaves no half-written file."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
