"""Say what a model holds, and what is wrong with it or doubtful: `lbp-infer model check`."""

from typing import TYPE_CHECKING

import click

from bayesnet.errors import ModelFileError
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import NAME_OR_PATH

if TYPE_CHECKING:
    from bayesnet.model.reading.notices import Noticed


def check_command(invocation: Invocation) -> click.Command:
    """Make the command `model check`."""

    def check(model: str | None, as_json: bool) -> None:
        from bayesnet.model.reading.notices import read_noticing
        from bayesnet.model.shipped import find_model

        noticed = read_noticing(find_model(model or invocation.reference))
        (_write_json if as_json else _write)(noticed)

    return click.Command(
        "check",
        params=[
            click.Argument(["model"], required=False, metavar=f"[{NAME_OR_PATH}]"),
            click.Option(["--json", "as_json"], is_flag=True, help="All of it as JSON, to stdout."),
        ],
        callback=check,
        help="Read a model and say what it holds, or list every mistake with its place. Warnings, "
        "of what is sound and yet unlikely to be meant, stand apart and hinder nothing; of an "
        "overlay only those that it causes or changes.",
        short_help="Say what a model holds, or list its mistakes.",
    )


def _write(noticed: "Noticed") -> None:
    from lbp_infer.screen.model_summary import base_warnings, check_summary
    from lbp_infer.screen.notices import printable

    warnings = noticed.of("warning")
    for each in warnings:
        click.echo(printable(str(each)), err=True)
    if noticed.of_base:
        click.echo(printable(base_warnings(noticed)), err=True)
    if noticed.model is None:
        raise ModelFileError([str(each) for each in noticed.of("error")])
    click.echo(check_summary(noticed.model, len(warnings)))


def _write_json(noticed: "Noticed") -> None:
    from msgspec import to_builtins

    from lbp_infer.screen.output import write_json

    write_json([to_builtins(each) for each in noticed.notices])
    if noticed.model is None:
        raise click.exceptions.Exit(ModelFileError.exit_code)
