"""Make the options that say how a network file is to be read, and read it with them."""

from typing import TYPE_CHECKING

import click

from lbp_infer.screen.notices import PREFIX, printable

if TYPE_CHECKING:
    from bayesnet.network import Network


def reading_options() -> list[click.Parameter]:
    """Make the options `--chance-only`, `--normalise` and `--encoding`."""
    return [
        click.Option(
            ["--chance-only"],
            is_flag=True,
            help="Leave out decisions, utilities and continuous variables, and what rests on them.",
        ),
        click.Option(
            ["--normalise"], is_flag=True, help="Rows of numbers may be counts or percentages."
        ),
        click.Option(
            ["--encoding"], metavar="NAME", help="Of a file that is not UTF-8, such as cp1252."
        ),
    ]


def network_in(
    file: str, chance_only: bool, normalise: bool, encoding: str | None
) -> "tuple[Network, tuple[str, ...], str]":
    """Read a network file: the network, what there is to say of it, and its kind.

    What there is to say is written to stderr as well. Raises FormatError.
    """
    from bayesnet.network.formats.files import read_file
    from bayesnet.network.formats.options import ReadingOptions

    found = read_file(file, ReadingOptions(chance_only, normalise, encoding))
    said = (*found.warnings, *found.notes)
    for each in said:
        click.echo(printable(f"{PREFIX}{each}"), err=True)
    return found.network, said, found.kind.name
