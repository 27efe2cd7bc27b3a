"""Complete what is typed: `lbp-infer completion SHELL` writes what the shell has to read."""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence

import click
from click.shell_completion import (
    BashComplete,
    FishComplete,
    ShellComplete,
    ZshComplete,
    split_arg_string,
)

from bayesnet.errors import BayesnetError

COMPLETE = "_LBP_INFER_COMPLETE"
"""Set where a shell asks what may come next."""
SHELLS: Mapping[str, type[ShellComplete]] = {
    "bash": BashComplete,
    "zsh": ZshComplete,
    "fish": FishComplete,
}
TO_READ = {
    "bash": 'eval "$(lbp-infer completion bash)"    # in ~/.bashrc',
    "zsh": 'eval "$(lbp-infer completion zsh)"    # in ~/.zshrc',
    "fish": "lbp-infer completion fish > ~/.config/fish/completions/lbp-infer.fish",
}


def completion_command(program: click.Group) -> click.Command:
    """Make the command `completion`."""

    def completion(shell: str) -> None:
        click.echo(SHELLS[shell](program, {}, "lbp-infer", COMPLETE).source())

    return click.Command(
        "completion",
        params=[click.Argument(["shell"], type=click.Choice(list(SHELLS)))],
        callback=completion,
        help="Write the completion of flags and commands for a shell:\n\n\b\n"
        + "\n".join(TO_READ.values()),
        short_help="Complete flags and commands in bash, zsh or fish.",
    )


def asked_by_shell() -> str:
    """Return the shell that asks what may come next; empty where none does."""
    shell, _, kind = os.environ.get(COMPLETE, "").partition("_")
    return shell if kind == "complete" and shell in SHELLS else ""


def complete(program_for: Callable[[Sequence[str]], click.Group], shell: str) -> None:
    """Write what may come next; nothing where the words so far are a mistake.

    program_for: makes the program that a command line speaks to.
    """
    words = split_arg_string(os.environ.get("COMP_WORDS", ""))[1:]
    with contextlib.suppress(BayesnetError, click.ClickException):
        click.echo(SHELLS[shell](program_for(words), {}, "lbp-infer", COMPLETE).complete())
