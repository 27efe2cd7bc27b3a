"""Start a model file: `lbp-infer model new`."""

import shlex
from pathlib import Path

import click

from lbp_infer.commands.options import NAME_OR_PATH


def new_command() -> click.Command:
    """Make the command `model new`."""
    return click.Command(
        "new",
        params=[
            click.Argument(["file"], metavar="FILE"),
            click.Option(["--title"], default="", metavar="TEXT", help="What the model is about."),
            click.Option(
                ["--extends", "base"],
                metavar=NAME_OR_PATH,
                help="Start an overlay of this model instead: a file that holds only what differs.",
            ),
        ],
        callback=_new,
        help="Write a small commented model of another field, which gives a diagnosis as it "
        "stands, for you to change; with --extends an overlay of a model that is there. A file "
        "that is there already is never touched.",
        short_help="Write a commented model to start from.",
    )


def _new(file: str, title: str, base: str | None) -> None:
    from bayesnet.model.starting.new_file import new_model, new_overlay

    path = Path(file)
    if base is None:
        written = new_model(path, title)
    elif title:
        raise click.UsageError("an overlay has the title of its base; leave '--title' out")
    else:
        written = new_overlay(path, base)
    listed = "".join(f"  {each}\n" for each in written)
    name = shlex.quote(file)
    click.echo(
        f"Written:\n{listed}Next:\n"
        f"  1. edit   {name}\n"
        f"  2. check  lbp-infer model check {name}\n"
        f"  3. use    lbp-infer --model {name}"
    )
