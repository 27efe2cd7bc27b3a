"""Compare two models: `lbp-infer model diff`."""

from typing import TYPE_CHECKING

import click

from lbp_infer.commands.options import NAME_OR_PATH

if TYPE_CHECKING:
    from bayesnet.model.format.description import ModelDescription
    from bayesnet.tuning.comparison import Comparison

PEOPLE, MOST_PEOPLE = 100, 4096
"""How many people are drawn; all of them come from one draw."""
LOWERED = 1
"""Exit code where `--fail-on triage` finds an urgency lowered, or somebody not compared."""


def diff_command() -> click.Command:
    """Make the command `model diff`."""

    @click.pass_context
    def diff(
        ctx: click.Context, before: str, after: str, as_json: bool, fail_on: str | None, people: int
    ) -> None:
        import bayesnet
        from bayesnet.tuning.comparison import compare
        from bayesnet.tuning.published_cases import published_cases
        from lbp_infer.screen.progress import progress

        one, other = bayesnet.load_model(before), bayesnet.load_model(after)
        cases = published_cases((*one.compiled.origin, *other.compiled.origin))
        with progress() as tell:
            found = compare(one, other, tell, cases, people)
        if as_json:
            _write_json(found)
        else:
            _write(found, one.description, other.description)
        if fail_on and (found.counts.urgency_lowered or found.counts.not_compared):
            ctx.exit(LOWERED)

    return click.Command(
        "diff",
        params=[
            click.Argument(["before"], metavar=NAME_OR_PATH),
            click.Argument(["after"], metavar=NAME_OR_PATH),
            click.Option(["--json", "as_json"], is_flag=True, help="All of it as JSON, to stdout."),
            click.Option(
                ["--people"],
                type=click.IntRange(0, MOST_PEOPLE),
                default=PEOPLE,
                show_default=True,
                metavar="N",
                help="People who are drawn from the model before; more find more, and take longer.",
            ),
            click.Option(
                ["--fail-on"],
                type=click.Choice(["triage"]),
                default=None,
                help="triage: exit code 1 where somebody's urgency is lowered, or somebody cannot "
                "be compared.",
            ),
        ],
        callback=diff,
        help="Compare two models, the one before and the one after: the numbers that differ, with "
        "the sources of both; what that does to the textbook presentations, to published cases "
        "and to people drawn from the one before; what is asked first; and a verdict in one line.",
        short_help="Compare two models: numbers, and what they do to people.",
    )


def _write(found: "Comparison", before: "ModelDescription", after: "ModelDescription") -> None:
    from lbp_infer.screen.page import print_page
    from lbp_infer.screen.render_diff import diff_page

    print_page(diff_page(found, before, after))


def _write_json(found: "Comparison") -> None:
    from msgspec import to_builtins

    from lbp_infer.screen.output import write_json

    write_json(to_builtins(found))
