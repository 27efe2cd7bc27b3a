"""Put `lbp-infer` and its subcommands together for one command line."""

from collections.abc import Callable, Mapping, Sequence

import click

from bayesnet.errors import nearest_names
from bayesnet.network.states import TRUTH
from lbp_infer.commands.fields import fields_asked, parts_asked
from lbp_infer.commands.invocation import Invocation, invocation_for, needs_flags
from lbp_infer.commands.options import (
    evidence_options,
    full_option,
    one_audience,
    output_options,
    sensitivity_option,
    source_options,
    stated,
)
from lbp_infer.commands.vocabulary import hint, too_many

HELP_NAMES = ("-h", "--help")
OF_A_PERSON = ("ask", "explain", "what-if")
"""Commands that take what is known of a person, and the options of an answer."""


def program(arguments: Sequence[str]) -> "Program":
    """Make the program that these arguments speak to; opens the model when its flags are needed.

    Raises click.UsageError, and ModelFileError or UnknownNameError for the model.
    """
    return Program(invocation_for(arguments), needs_flags(arguments))


def version() -> str:
    """Return the name and version of the program."""
    import bayesnet

    return f"lbp-infer {bayesnet.__version__}"


class Program(click.Group):
    """The command `lbp-infer`: a diagnosis by itself, and subcommands beside it."""

    def __init__(self, invocation: Invocation, with_evidence: bool) -> None:
        self.invocation = invocation
        self.evidence = _evidence(invocation) if with_evidence else []
        super().__init__(
            "lbp-infer",
            params=[
                *self.evidence,
                full_option(),
                *output_options(),
                sensitivity_option(),
                _version_option(),
            ],
            callback=click.pass_context(self._diagnose),
            invoke_without_command=True,
            context_settings={
                "help_option_names": list(HELP_NAMES),
                "token_normalize_func": _with_dashes,
            },
        )

    def spelled_out(self, arguments: Sequence[str]) -> list[str]:
        """Return arguments in which an answer behind a yes/no flag is part of the flag."""
        if not self.evidence:
            return list(arguments)
        return self.invocation.vocabulary.spelled_out(arguments)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the subcommands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make the subcommand, only when it is called."""
        make = COMMANDS.get(cmd_name)
        return None if make is None else make(self)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand of that name; raises click.UsageError with the nearest names."""
        if args[0] not in COMMANDS:
            raise click.UsageError(self._no_such_word(args[0]), ctx)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the flags under their headings, then the options and commands."""
        from bayesnet.diagnosis.answers.intake import groups
        from lbp_infer.commands.help_text import write_help

        described = self.invocation.model.description if self.evidence else None
        headings = () if described is None else groups(described)
        expert = "" if described is None else described.model.expert
        write_help(self, headings, expert, ctx, formatter)

    def _no_such_word(self, word: str) -> str:
        if word.lower() in TRUTH:
            return too_many(word)
        if not self.evidence:
            return f"no such command: '{word}'; {hint(nearest_names(word, COMMANDS))}"
        words = self.invocation.vocabulary
        meant = [words.flags[name] for name in words.meant_by(word)]
        near = nearest_names(word, COMMANDS) or nearest_names(f"--{word}", words.flags.values())
        return f"no such command: '{word}'; {hint(meant or near)}"

    def _diagnose(
        self,
        ctx: click.Context,
        as_json: bool = False,
        audiences: Sequence[str] = (),
        sensitivity_of: str | None = None,
        full: bool = False,
    ) -> None:
        if ctx.invoked_subcommand is None:
            from lbp_infer.commands.diagnose import Asked, diagnose

            parts = parts_asked(ctx, as_json, "report")
            if "sensitivity" in parts and sensitivity_of is None:
                raise click.UsageError("'--fields sensitivity' goes with '--sensitivity'; add it")
            asked = Asked(one_audience(audiences), as_json, full, sensitivity_of, parts)
            diagnose(self.invocation, stated(ctx), asked)
            return
        extra = {"--full": full, "--sensitivity": sensitivity_of is not None}
        if ctx.invoked_subcommand not in OF_A_PERSON:
            said = {each.source: True for each in stated(ctx)}
            extra |= {**said, "--json": as_json, "--fields": bool(fields_asked(ctx))}
        for option in (name for name, is_given in extra.items() if is_given):
            raise click.UsageError(
                f"'{ctx.invoked_subcommand}' does not take {option}; leave it out"
            )


def _evidence(invocation: Invocation) -> list[click.Parameter]:
    words = invocation.vocabulary
    return [*evidence_options(words), *source_options(words, invocation.model)]


def _with_dashes(name: str) -> str:
    """Write a flag, or the name of a command, as it is spelled here: `_` is as good as `-`."""
    return name.replace("_", "-")


def _version_option() -> click.Option:
    return click.Option(
        ["--version"], is_flag=True, expose_value=False, help="The program's version."
    )


def _explain(parent: Program) -> click.Command:
    from lbp_infer.commands.explain import explain_command

    return explain_command(parent.invocation, parent.evidence)


def _ask(parent: Program) -> click.Command:
    from lbp_infer.commands.ask import ask_command

    return ask_command(parent.invocation, parent.evidence)


def _what_if(parent: Program) -> click.Command:
    from lbp_infer.commands.what_if import what_if_command

    return what_if_command(parent.invocation, parent.evidence)


def _model(parent: Program) -> click.Command:
    from lbp_infer.commands.models import model_command

    return model_command(parent.invocation)


def _batch(parent: Program) -> click.Command:
    from lbp_infer.commands.batch import batch_command

    return batch_command(parent.invocation)


def _schema(parent: Program) -> click.Command:
    from lbp_infer.commands.schema import schema_command

    return schema_command(parent.invocation)


def _replay(parent: Program) -> click.Command:
    from lbp_infer.commands.replay import replay_command

    return replay_command(parent.invocation)


def _network(_: Program) -> click.Command:
    from lbp_infer.commands.network import network_command

    return network_command()


def _serve(parent: Program) -> click.Command:
    from lbp_infer.commands.serve import serve_command

    return serve_command(parent.invocation)


def _mcp(parent: Program) -> click.Command:
    from lbp_infer.commands.mcp import mcp_command

    return mcp_command(parent.invocation)


def _flags(parent: Program) -> click.Command:
    from lbp_infer.commands.flags import flags_command

    return flags_command(parent.invocation)


def _completion(parent: Program) -> click.Command:
    from lbp_infer.commands.completion import completion_command

    return completion_command(parent)


COMMANDS: Mapping[str, Callable[[Program], click.Command]] = {
    "ask": _ask,
    "explain": _explain,
    "what-if": _what_if,
    "batch": _batch,
    "model": _model,
    "network": _network,
    "replay": _replay,
    "schema": _schema,
    "serve": _serve,
    "mcp": _mcp,
    "flags": _flags,
    "completion": _completion,
}
