"""Write the help: about two screens, with how to see every flag (`lbp-infer flags`)."""

from collections.abc import Mapping, Sequence

import click

from lbp_infer.commands.options import AnswerOption, GivenByIdOption, ScreenOption

COLUMN = 26
"""Widest left column; a longer flag has its help on the line below."""
EXAMPLE_COLUMN = 48
"""The same of the examples, of which each has one line."""
BY_ID = ("--unknown ID", "Asked, not known; by id too: --present, --absent.")
SEE_FLAGS = (
    "`lbp-infer flags` lists every flag, `lbp-infer flags WORD` those about a word or a group."
)


def write_help(
    program: click.Group,
    groups: Sequence[str],
    expert: str,
    ctx: click.Context,
    formatter: click.HelpFormatter,
) -> None:
    """Write the help of `lbp-infer`.

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
        with formatter.section("Examples"):
            formatter.write_dl(_examples(asked), col_max=EXAMPLE_COLUMN)
        _write_evidence(asked, groups, expert, formatter)
    _write_options(program, ctx, formatter)
    with formatter.section("Commands"):
        formatter.write_dl(_command_rows(program, ctx), col_max=COLUMN)


class EvidenceCommand(click.Command):
    """A command whose help points to the evidence flags instead of listing them a second time."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write usage, purpose, and the options that are not evidence flags."""
        arguments = [p.make_metavar(ctx) for p in self.params if isinstance(p, click.Argument)]
        formatter.write_usage(ctx.command_path, " ".join(["[EVIDENCE] [OPTIONS]", *arguments]))
        _write_text(formatter, self.help or "")
        _write_text(formatter, f"Evidence: the same flags as of `lbp-infer`; {SEE_FLAGS}")
        _write_options(self, ctx, formatter)


def _write_text(formatter: click.HelpFormatter, text: str) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text)


def _write_evidence(
    asked: Sequence[AnswerOption],
    groups: Sequence[str],
    expert: str,
    formatter: click.HelpFormatter,
) -> None:
    """Write how to answer, and what can be answered: the first flags of each group."""
    by_group: Mapping[str, list[AnswerOption]] = {group: [] for group in groups}
    for param in asked:
        by_group[param.askable.asked.group].append(param)
    shown = [(group, params) for group, params in by_group.items() if params]
    column = max(len(group) for group, _ in shown)
    room = formatter.width - column - 4
    example = next((param for param in asked if param.denial), None)
    if example is not None:
        said = f"{example.flag} says yes, {example.denial} no; leave out what was not asked."
    with formatter.section("Evidence"):
        formatter.write_text(f"{said} Tests are for the {expert} to find. {SEE_FLAGS}")
        formatter.write_dl([(group, _within(params, room)) for group, params in shown])


def _within(params: Sequence[AnswerOption], room: int) -> str:
    """Return how many flags there are, and as many of the first ones as a line has room for."""
    said = f"{len(params)}:"
    for at, param in enumerate(params):
        rest = " ..." if at + 1 < len(params) else ""
        if at and len(f"{said} {param.flag}{rest}") > room:
            return f"{said} ..."
        said = f"{said} {param.flag}"
    return said


def _examples(asked: Sequence[AnswerOption]) -> list[tuple[str, str]]:
    """Return what can be typed as it stands, made of the model's own flags."""
    asked = [param for param in asked if param.askable.asked.asked_of == "self"] or asked
    first, *others = [param for param in asked if param.denial] or asked
    denied = min((param.denial for param in others if param.denial), key=len, default="")
    given = first.flag if first.denial else f"{first.flag} {_some_answer(first)}"
    word = next((word for param in asked for word in param.also_called), "pain")
    return [
        ("lbp-infer ask", "one question at a time"),
        (f"lbp-infer {given} {denied}".rstrip(), "urgency, causes, what to ask"),
        (f"lbp-infer --full {given}", "all causes, the whole plan"),
        (f"lbp-infer explain {given}", "what speaks for and against"),
        (f"lbp-infer flags {word}", f"the flags about '{word}'"),
    ]


def _some_answer(param: AnswerOption) -> str:
    answer = param.askable.answer
    return answer.states[0] if answer.states else f"{next(iter(answer.bands.values()))[0]:g}"


def _write_options(
    command: click.Command, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    rows = []
    if any(isinstance(param, GivenByIdOption) for param in command.params):
        rows.append(BY_ID)
    elsewhere = (AnswerOption, ScreenOption, GivenByIdOption)
    for param in command.get_params(ctx):
        record = None if isinstance(param, elsewhere) else param.get_help_record(ctx)
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
