"""`lbp-infer replay`: diagnose a record's lines again, and say where anything differs."""

import click

from bayesnet.errors import EvidenceError
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import model_option

DIFFERENT = 1
NOT_ALL_COMPARED = 5


def replay_command(invocation: Invocation) -> click.Command:
    """Make the command `replay`."""

    @click.pass_context
    def replay_record(ctx: click.Context, record: str) -> None:
        import bayesnet
        from lbp_infer.files.record import read_record
        from lbp_infer.files.replaying import replay
        from lbp_infer.screen.notices import printable

        read = read_record(record)
        if not read.lines:
            first = next(iter(read.damaged.values()), f"'{record}' has no line")
            raise EvidenceError(f"{first}; give a file that 'ask --record' wrote")
        found = replay(read, invocation.model, bayesnet.__version__)
        said = {
            number: f"{record}:{number}: differs: {of}" for number, of in found.differing.items()
        }
        said |= {
            number: f"{record}:{number}: not compared: it is {of}"
            for number, of in found.other.items()
        }
        for _, line in sorted({**said, **read.damaged}.items()):
            click.echo(printable(line))
        click.echo(
            f"{len(found.same)} the same, {len(found.differing)} different, "
            f"{len(found.other)} not compared, {len(read.damaged)} not readable"
        )
        if found.differing:
            ctx.exit(DIFFERENT)
        if found.other or read.damaged:
            ctx.exit(NOT_ALL_COMPARED)

    return click.Command(
        "replay",
        params=[click.Argument(["record"], metavar="FILE"), model_option()],
        callback=replay_record,
        help="Diagnose the lines of a record (ask --record) again. With the same model and program "
        "every probability has the same bits; each line that differs, is of another model or "
        "cannot be read is named. Exit code: 0 all the same, 1 some differ, 5 none differs but "
        "some could not be compared.",
        short_help="Diagnose a record again, and compare bit by bit.",
    )
