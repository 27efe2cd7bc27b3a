"""Write the help: flags under the headings of the model's groups, then options and commands."""

from collections.abc import Sequence

import click

from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.answers.reading import number_range
from lbp_infer.commands.options import AnswerOption

COLUMN = 30
"""Widest left column; a longer flag has its help on the line below."""


def write_help(
    program: click.Group,
    groups: Sequence[str],
    expert: str,
    ctx: click.Context,
    formatter: click.HelpFormatter,
) -> None:
    """Write the whole help of `lbp-infer`.

    groups: the headings of its flags, in order; expert: who is asked for tests.
    """
    formatter.write_usage(ctx.command_path, "[EVIDENCE] [OPTIONS] [COMMAND ...]")
    _write_text(
        formatter,
        "From what is known: how probable each cause is, what to ask next, how urgent it is and "
        "what to do. Without evidence: the starting point.",
    )
    asked = [param for param in program.params if isinstance(param, AnswerOption)]
    asked.sort(key=lambda param: groups.index(param.askable.asked.group))
    if asked:
        _write_how_to_answer(asked, expert, formatter)
        with formatter.section("Examples"):
            formatter.write_dl(_examples(asked), col_max=COLUMN)
    for group in groups:
        rows = [_row(param) for param in asked if param.askable.asked.group == group]
        if rows:
            with formatter.section(group.capitalize()):
                formatter.write_dl(rows, col_max=COLUMN)
    _write_options(program, ctx, formatter)
    with formatter.section("Commands"):
        formatter.write_dl(_command_rows(program, ctx), col_max=COLUMN)


class EvidenceCommand(click.Command):
    """A command whose help points to the evidence flags instead of listing them a second time."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write usage, purpose, and the options that are not evidence flags."""
        _write_short_help(self, ctx, formatter)


def _write_short_help(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write the help of a command that takes the same evidence as `lbp-infer`."""
    arguments = [p.make_metavar(ctx) for p in command.params if isinstance(p, click.Argument)]
    formatter.write_usage(ctx.command_path, " ".join(["[EVIDENCE] [OPTIONS]", *arguments]))
    _write_text(formatter, command.help or "")
    _write_text(formatter, "Evidence flags: the same as for `lbp-infer`; see `lbp-infer --help`.")
    _write_options(command, ctx, formatter)


def _write_text(formatter: click.HelpFormatter, text: str) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text)


def _write_how_to_answer(
    asked: list[AnswerOption], expert: str, formatter: click.HelpFormatter
) -> None:
    example = next((p for p in asked if p.askable.is_yes_no), None)
    if example is not None:
        _write_text(
            formatter,
            f"A flag without a value answers yes; with `no-` before its name it answers no: "
            f"{example.flag}, {example.denial}. Leave out what was not asked; what was asked "
            f"and is not known is --unknown {example.askable.id}. "
            f"[test]: for the {expert} to find (--audience clinician).",
        )


def _examples(asked: list[AnswerOption]) -> list[tuple[str, str]]:
    """Return what can be typed as it stands, made of the model's own flags."""
    asked = [p for p in asked if p.askable.asked.asked_of == "self"] or asked
    yes_no = [param for param in asked if param.askable.is_yes_no]
    stated = [f"{p.flag} {p.askable.answer.states[0]}" for p in asked if p.askable.answer.states]
    given = [yes_no[0].flag, yes_no[-1].denial] if yes_no else []
    said = " ".join([*given, *stated[:1]])
    word = next((word for param in asked for word in param.also_called), "pain")
    return [
        (f"lbp-infer {said}", "How urgent it is, what it may be, and what to ask next."),
        (f"lbp-infer --full {said}", "All of it: every cause, the whole plan, the sources."),
        (f"lbp-infer explain {said}", "What speaks for and against each cause."),
        (f"lbp-infer flags {word}", f"The flags that are about '{word}'."),
    ]


def _row(param: AnswerOption) -> tuple[str, str]:
    askable = param.askable
    asked = askable.asked
    mark = " [test]" if asked.asked_of == "clinician" else ""
    left = param.flag if askable.is_yes_no else f"{param.flag} {_metavar(askable)}"
    return left, f"{asked.question}{_answers(askable)}{mark}"


def _metavar(askable: Askable) -> str:
    return "NUMBER" if askable.is_number else "ANSWER"


def _answers(askable: Askable) -> str:
    if askable.is_yes_no:
        return ""
    if askable.is_number:
        low, high = number_range(askable.answer)
        return f" {low} to {high} {askable.answer.unit}".rstrip() + "."
    *others, last = askable.answer.states
    return f" {', '.join(others)} or {last}." if others else f" {last}."


def _write_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    rows = []
    for param in command.get_params(ctx):
        record = None if isinstance(param, AnswerOption) else param.get_help_record(ctx)
        if record is not None:
            rows.append(record)
    with formatter.section("Options"):
        formatter.write_dl(rows, col_max=COLUMN)


def _command_rows(program: click.Group, ctx: click.Context) -> list[tuple[str, str]]:
    rows = []
    for name in program.list_commands(ctx):
        command = program.get_command(ctx, name)
        if command is not None:
            rows.append((name, command.get_short_help_str(limit=200)))
    return rows
