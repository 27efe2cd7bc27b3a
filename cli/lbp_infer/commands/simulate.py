"""Draw people from a model: `lbp-infer model simulate`."""

import click

from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import NAME_OR_PATH, model_option
from lbp_infer.screen.notices import PREFIX, printable
from lbp_infer.screen.progress import progress


def simulate_command(invocation: Invocation) -> click.Command:
    """Make the command `model simulate` of an invocation."""

    def simulate(drawn_from: str | None, people: int, seed: int, out: str, audience: str) -> None:
        model = Invocation(drawn_from) if drawn_from else invocation
        write_people(model, people, seed, out, audience)
        drawn = f"{people:,} {model.model.description.model.people}"
        click.echo(printable(f"{PREFIX}{drawn} written to {out}"), err=True)

    return click.Command(
        "simulate",
        params=[
            click.Argument(["drawn_from"], required=False, metavar=f"[{NAME_OR_PATH}]"),
            click.Option(
                ["-n", "--people"],
                type=click.IntRange(min=1),
                required=True,
                metavar="N",
                help="How many people.",
            ),
            click.Option(
                ["--seed"],
                type=click.IntRange(min=0),
                default=0,
                show_default=True,
                metavar="S",
                help="The same seed draws the same people; more of them begin with the same ones.",
            ),
            click.Option(["-o", "--out"], required=True, metavar="FILE", help="Where to write."),
            click.Option(
                ["--audience"],
                type=click.Choice(["self", "clinician"]),
                default="self",
                show_default=True,
                help="Who answers: clinician, the expert, has the tests too.",
            ),
            model_option(),
        ],
        callback=simulate,
        help="Draw people from a model as it expects them to come, each with every question "
        "answered, and write them as CSV, NDJSON or Parquet, by the ending of FILE: a column for "
        "each id that can be asked, and `true_<cause>`, yes or no, for each cause. "
        "'lbp-infer batch' takes the file as it is and passes the truth through.",
        short_help="Draw people with full histories from a model.",
    )


def write_people(invocation: Invocation, people: int, seed: int, out: str, audience: str) -> None:
    """Draw people and write them to `out`, which appears complete or not at all.

    Raises EvidenceError or BayesnetError where it cannot be written, and what loading raises.
    """
    from bayesnet.network.tables import require_pyarrow

    pyarrow = require_pyarrow()
    from bayesnet.tuning.histories import columns_of, draw_histories
    from lbp_infer.files.cohort_output import check_target, table_writer

    check_target(out)
    names = columns_of(invocation.model, audience)
    schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
    written = 0
    with table_writer(out, schema) as write, progress() as show:
        for table in draw_histories(invocation.model, people, seed, audience):
            write(pyarrow.table({name: table[name] for name in names}, schema=schema))
            written += len(table[names[0]])
            show(written, written / people)
