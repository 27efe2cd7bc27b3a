"""Test a model on cases whose causes were confirmed: `lbp-infer model test`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import (
    NAME_OR_PATH,
    audience_option,
    html_option,
    model_option,
    one_audience,
)
from lbp_infer.screen.notices import PREFIX, printable
from lbp_infer.screen.progress import progress

if TYPE_CHECKING:
    from bayesnet.diagnosis.model import DiagnosticModel
    from bayesnet.tuning.scoring.records import CaseScores

SOME_FAILED = 5
"""Exit code: tested, and some of the rows are errors."""


def score_command(invocation: Invocation) -> click.Command:
    """Make the command `model test` of an invocation."""

    @click.pass_context
    def test(
        ctx: click.Context,
        words: tuple[str, ...],
        keep: Sequence[str],
        audiences: Sequence[str],
        full: bool,
        as_json: bool,
        html: str | None,
    ) -> None:
        if len(words) > 2:
            raise click.UsageError("'model test' takes a model and a table of cases")
        named, cases = Invocation(words[0]) if len(words) == 2 else invocation, words[-1]
        audience = one_audience(audiences)
        if html is None:
            found = scores_of(named.model, cases, keep, audience)
        else:
            found = _scored_on_a_page(named.model, cases, keep, audience, html)
        if as_json:
            _write_json(found)
        elif html is None:
            _print(found, full)
        if found.failed:
            first = found.errors[0]
            told = f"{found.failed:,} of {found.rows:,} rows with errors"
            first_one = f"first: row {first.row:,}: {first.message}"
            click.echo(printable(f"{PREFIX}{told} ({first_one})"), err=True)
            ctx.exit(SOME_FAILED)

    return click.Command(
        "test",
        params=[
            click.Argument(["words"], nargs=-1, required=True, metavar=f"[{NAME_OR_PATH}] CASES"),
            click.Option(
                ["--keep"],
                metavar="COLUMN",
                multiple=True,
                help="A column that is no evidence, by which rows are named too, such as an id; "
                "may be repeated.",
            ),
            audience_option(),
            click.Option(["--full"], is_flag=True, help="Also every cause by itself."),
            click.Option(["--json", "as_json"], is_flag=True, help="All of it as JSON, to stdout."),
            html_option(),
            model_option(),
        ],
        callback=test,
        help="Test a model on cases whose causes were confirmed, such as a clinic's own. CASES is "
        "CSV, NDJSON or Parquet, by its ending, or - for stdin. Columns are evidence ids as in "
        "'lbp-infer batch', and `true_<cause>`: yes, no, or nothing where it is not known. Says "
        "how often the causes named are the right ones, whether probabilities hold "
        "(calibration), how well they tell cases apart (ROC), whether the urgency told was "
        "enough, and which cases surprise the model most, each with its 95 % interval. The exit "
        f"code is {SOME_FAILED} where some rows cannot be used.",
        short_help="Test a model on cases whose causes were confirmed.",
    )


def scores_of(
    model: "DiagnosticModel", path: str, keep: Sequence[str], audience: str
) -> "CaseScores":
    """Diagnose every case of a table, and score the model on them.

    Raises EvidenceError, UnknownNameError or BayesnetError where it cannot be done.
    """
    from bayesnet.network.tables import require_pyarrow

    require_pyarrow()
    from bayesnet.tuning.scoring.judged import Judged, joined, judge
    from bayesnet.tuning.scoring.scorecard import score
    from lbp_infer.files.confirmed_cases import confirmed_cases
    from lbp_infer.files.kept_columns import names_in

    parts: list[Judged] = []
    errors: dict[int, str] = {}
    rows = 0
    names: dict[str, list[str | None]] = {name: [] for name in keep}
    with confirmed_cases(path, model, keep) as cases, progress() as show:
        for part in cases.parts():
            judged, failed = judge(model, part.evidence, part.truth, part.errors, audience)
            parts.append(judged.moved(rows))
            errors |= {rows + at + 1: message for at, message in failed.items()}
            for name, known in names.items():
                known += names_in(name, part.kept[name])
            rows += part.rows
            show(rows, part.done)

    def named(row: int) -> dict[str, str | None]:
        return {name: known[row - 1] for name, known in names.items()}

    return score(model, joined(parts), errors, named, audience)


def _print(found: "CaseScores", full: bool) -> None:
    from lbp_infer.screen.page import page_through
    from lbp_infer.screen.render_scores import scores_page

    page_through(scores_page(found, full))


def _write_json(found: "CaseScores") -> None:
    from msgspec import to_builtins

    from lbp_infer.screen.output import write_json

    write_json(to_builtins(found))


def _scored_on_a_page(
    model: "DiagnosticModel", path: str, keep: Sequence[str], audience: str, html: str
) -> "CaseScores":
    """Do what `scores_of` does, and write the page; that it cannot be written shows first."""
    from bayesnet.diagnosis.report.templates import require_jinja2
    from bayesnet.tuning.scoring.page import scores_html
    from lbp_infer.files.replacing import replacing

    require_jinja2()
    with replacing(html) as file:
        found = scores_of(model, path, keep, audience)
        file.write(scores_html(found).encode("utf-8"))
    return found
