"""Run `lbp-infer batch`: a table of people in, a table of answers out."""

import gc
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import tee
from typing import TYPE_CHECKING, Any

import click
import msgspec

import bayesnet
from bayesnet.diagnosis.report.identity import identity_of
from bayesnet.errors import EvidenceError
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import audience_option, model_option, one_audience
from lbp_infer.engines.choice import ENGINES, PIECE_ROWS
from lbp_infer.engines.in_order import Answers, Evidence
from lbp_infer.files.answer_columns import check_columns, evidence_of, with_truth
from lbp_infer.files.cell_types import json_type
from lbp_infer.files.cohort_formats import format_of
from lbp_infer.screen.notices import PREFIX, printable
from lbp_infer.screen.progress import progress

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort.result import CohortResult
    from bayesnet.diagnosis.model import DiagnosticModel
    from lbp_infer.files.cohort_batch import Batch, CohortFile

SOME_FAILED = 5
"""Exit code: all is written, and some of the rows are errors."""
MODEL_KEY = "lbp_infer_model"
"""The key under which a Parquet file names the model, as a report does, in JSON."""


@dataclass(frozen=True)
class Tally:
    """Number of rows written, how many of them are errors, and the first error with its row."""

    rows: int = 0
    failed: int = 0
    first: str = ""

    def plus(self, result: "CohortResult") -> "Tally":
        """Return the tally after some more rows."""
        failed = result.failed
        first = self.first
        if len(failed) and not first:
            first = f"row {self.rows + failed[0] + 1:,}: {result['error'][failed[0]]}"
        return Tally(self.rows + len(result), self.failed + len(failed), first)

    def __str__(self) -> str:
        if not self.failed:
            return f"{self.rows:,} rows, none with an error"
        return f"{self.rows:,} rows, {self.failed:,} with errors (first: {self.first})"


def batch_command(invocation: Invocation) -> click.Command:
    """Make the command `batch` of an invocation."""

    @click.pass_context
    def batch(
        ctx: click.Context,
        cohort: str,
        out: str,
        keep: Sequence[str],
        engine: str | None,
        audiences: Sequence[str] = (),
    ) -> None:
        above = ctx.parent.params if ctx.parent else {}
        audience = one_audience([*above.get("audiences", ()), *audiences])
        # Off from the start for a single answer, which ends sooner; a long run would fill memory.
        gc.enable()
        with _stopped_like_ctrl_c():
            tally = run(invocation, cohort, out, tuple(dict.fromkeys(keep)), audience, engine)
        model = identity_of(invocation.model.compiled)
        if len(model.origin) > 1:
            said = f"{PREFIX}answered by {model.name}. {model.caution}".rstrip()
            click.echo(printable(said), err=True)
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
                help="Pass this column through unchanged, such as an id; may be repeated.",
            ),
            click.Option(
                ["--engine"],
                type=click.Choice(tuple(ENGINES)),
                help="Answer on the workers of this engine: those that its own configuration "
                "names, or processes of this machine. The table is the same, to the bit.",
            ),
            model_option(),
            audience_option(),
        ],
        callback=batch,
        context_settings={"help_option_names": ["-h", "--help"]},
        help="Answer for every row of a table: posteriors, triage, next question and pathway. "
        "COHORT and OUT are CSV, NDJSON or Parquet, by their endings. Columns are evidence ids; "
        "an empty cell was not asked, the word unknown was asked and is not known; `true_<cause>`, "
        "the truth where it is known, is only passed through. An empty line of a CSV file is no "
        "row, except where there is one column, whose cell it is. A row that cannot be used keeps "
        "its place and has its error in the column `error`; the exit code is then "
        f"{SOME_FAILED}.",
        short_help="Answer for every row of a CSV, NDJSON or Parquet file.",
    )


def run(
    invocation: Invocation,
    cohort: str,
    out: str,
    keep: Sequence[str],
    audience: str,
    engine: str | None = None,
) -> Tally:
    """Read the table `cohort`, diagnose each row, and write the results to `out`.

    keep: columns to pass through, beside those of the truth (`true_<cause>`); audience: who can be
    asked; engine: the one of ENGINES whose workers diagnose, None for this process. Returns the
    tally. Raises EvidenceError, UnknownNameError or BayesnetError where the run cannot go on; `out`
    is then as it was before.
    """
    from bayesnet.network.tables import require_pyarrow

    pyarrow = require_pyarrow()
    from lbp_infer.files.cohort_input import open_cohort
    from lbp_infer.files.cohort_output import check_target, table_writer
    from lbp_infer.files.kept_columns import kept_cells

    model = invocation.model
    file = open_cohort(cohort)
    check_target(out, cohort)
    keep = with_truth(file, model, keep)
    check_columns(file, model.known, keep)
    results = model.diagnose_many({}).to_arrow().schema
    check_kept(keep, results.names)
    form = format_of(out)
    metadata = {MODEL_KEY: msgspec.json.encode(identity_of(model.compiled))}
    schema = pyarrow.schema([*kept_fields(file, keep, form), *results], metadata)
    tally = Tally()
    with (
        closing(file.batches(keep)) as batches,
        table_writer(out, schema) as write,
        answering(model, audience, engine) as answers,
        progress() as show,
    ):
        # The engine takes some batches before the first of them is answered.
        ahead, behind = tee(_asked(batches, model, keep, engine))
        results = answers(asked.evidence for asked in ahead)
        for asked, found in zip(behind, results, strict=True):
            batch, result = asked.batch, found.with_errors(asked.errors)
            kept = [kept_cells(name, batch.kept[name], form, tally.rows) for name in keep]
            write(pyarrow.table([*kept, *result.to_arrow().columns], schema=schema))
            tally = tally.plus(result)
            show(tally.rows, batch.done)
    return tally


@dataclass(frozen=True, eq=False)
class _Asked:
    """Rows of a table, the evidence in them, and why some of them cannot be used."""

    batch: "Batch"
    evidence: Evidence
    errors: Mapping[int, str]


def _asked(
    batches: "Iterable[Batch]", model: "DiagnosticModel", keep: Sequence[str], engine: str | None
) -> Iterator[_Asked]:
    """Yield the rows of a table in order, for an engine in pieces that occupy many workers."""
    for batch in batches:
        for piece in (batch,) if engine is None else batch.pieces(PIECE_ROWS):
            yield _Asked(piece, *evidence_of(piece, model.known, keep))


@contextmanager
def answering(model: "DiagnosticModel", audience: str, engine: str | None) -> "Iterator[Answers]":
    """Yield what answers for the rows of a table: this process, or workers of an engine."""
    if engine is None:
        yield lambda pieces: (model.diagnose_many(piece, audience) for piece in pieces)
        return
    with ENGINES[engine](bayesnet.cohort_mapper(model, audience=audience)) as answers:
        yield answers


def kept_fields(file: "CohortFile", keep: Sequence[str], form: str) -> list[Any]:
    """Return the Arrow fields of kept columns in the output.

    form: the output's format. Raises EvidenceError where it cannot hold a column's values.
    """
    import pyarrow

    from lbp_infer.files.kept_columns import kept_type

    # What is not in the first line of an NDJSON file may be in another one.
    given = dict.fromkeys(keep, json_type())
    given.update(zip(file.schema.names, file.schema.types, strict=True))
    return [pyarrow.field(name, kept_type(name, given[name], form)) for name in keep]


def check_kept(keep: Sequence[str], taken: Sequence[str]) -> None:
    """Raise EvidenceError for a kept column with the name of a column of the results.

    taken: names of the results' columns.
    """
    for name in keep:
        if name in taken:
            raise EvidenceError(f"--keep {name}: the output has a column of that name; rename it")


@contextmanager
def _stopped_like_ctrl_c() -> Iterator[None]:
    """Treat SIGTERM, as schedulers send it, like ctrl-C: no half-written file is left."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
