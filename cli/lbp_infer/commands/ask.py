"""`lbp-infer ask`: hold an interview, keep what was answered, go on with one that was kept."""

import io
import os
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from lbp_infer.commands.fields import parts_asked, report_data
from lbp_infer.commands.help_text import EvidenceCommand
from lbp_infer.commands.invocation import DEFAULT_MODEL, Invocation
from lbp_infer.commands.options import one_audience, output_options, stated
from lbp_infer.commands.statements import evidence_from, in_order
from lbp_infer.screen.output import stdout, write_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesnet.diagnosis.answers.reading import Value
    from bayesnet.diagnosis.interview.session import Session
    from bayesnet.diagnosis.report.chosen import Wanted
    from bayesnet.diagnosis.report.records import Report
    from lbp_infer.dialogue.conversation import Doors, Noted
    from lbp_infer.files.record import Kind


@dataclass(frozen=True)
class Wishes:
    """What the options ask for; None where they are not given."""

    audience: str | None
    policy: str | None
    most: int | None
    resume: str | None
    record: str | None
    answers: str | None
    as_json: bool
    parts: "Wanted"


def ask_command(invocation: Invocation, evidence: list[click.Parameter]) -> click.Command:
    """Make the command `ask`, which begins with the same evidence as `lbp-infer` takes."""

    @click.pass_context
    def ask(
        ctx: click.Context,
        as_json: bool,
        audiences: Sequence[str],
        policy: str | None,
        most: int | None,
        resume: str | None,
        record: str | None,
        answers: str | None,
    ) -> None:
        above = ctx.parent.params if ctx.parent else {}
        named = [*above.get("audiences", ()), *audiences]
        audience = one_audience(named) if named else None
        wants_json = as_json or bool(above.get("as_json"))
        given = evidence_from(stated(ctx), invocation.vocabulary)
        parts = parts_asked(ctx, wants_json, "report")
        wishes = Wishes(audience, policy, most, resume, record, answers, wants_json, parts)
        hold(invocation, given, wishes)

    return EvidenceCommand(
        "ask",
        params=[*evidence, *output_options(), *_options()],
        callback=ask,
        help="Ask one question at a time: who you are, what must not be missed, then what could "
        "change what is done. Each answer shows what it moves. What was answered is kept in a case "
        "file after every answer.",
        short_help="Hold an interview, one question at a time.",
    )


def _options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--policy"],
            metavar="POLICY",
            help="How questions are chosen: care (default), information, or confirm:CAUSE.",
        ),
        click.Option(
            ["--max", "most"], type=click.IntRange(1), metavar="N", help="Most questions answered."
        ),
        click.Option(
            ["--resume"], metavar="FILE", help="Go on with a kept interview, or with any case file."
        ),
        click.Option(
            ["--record"],
            metavar="FILE",
            help="Append a line of JSON for each answer and conclusion.",
        ),
        click.Option(
            ["--answers"],
            metavar="FILE",
            help="Take the answers from a file, a line each as it would be typed; - reads stdin.",
        ),
    ]


def hold(invocation: Invocation, given: "Mapping[str, Value]", wishes: Wishes) -> None:
    """Hold the interview and write its answer to stdout.

    given: answers to begin with. Raises EvidenceError for options, files and lines that are wrong.
    """
    from lbp_infer.dialogue.beginning import Beginning, begin
    from lbp_infer.dialogue.conversation import converse
    from lbp_infer.dialogue.keeping import kept, recording
    from lbp_infer.files.kept_interview import utc_now

    model, words = invocation.model, invocation.vocabulary
    with kept(wishes.resume, wishes.answers is None) as keeping:
        wanted = Beginning(given, wishes.audience, wishes.policy, wishes.most)
        begun = begin(model, words, wanted, wishes.resume, utc_now())
        record = recording(wishes.record, begun.session) if wishes.record is not None else None

        def noted(kind: "Kind", said: "dict[str, Value]", after: "Session") -> None:
            if keeping.keep is not None and kind != "conclusion":
                keeping.keep(after)
            if record is not None:
                record(kind, said, after)

        try:
            session = converse(begun, words, _doors(invocation, wishes, noted))
        except KeyboardInterrupt:
            # What is said next would stand behind the ^C that the terminal shows.
            click.echo(err=True)
            raise
        finally:
            _tell_where(keeping.path, invocation)
    if wishes.as_json:
        given = in_order(session.given, words.askables)
        write_json(report_data(model, given, session.audience, wishes.parts))


def _doors(invocation: Invocation, wishes: Wishes, noted: "Noted") -> "Doors":
    """Open the doors of the conversation; with --json stdout is left to the answer."""
    from rich.text import Text

    from lbp_infer.dialogue.beginning import AUDIENCE
    from lbp_infer.dialogue.conversation import Doors
    from lbp_infer.dialogue.line_input import lines_of_file, typed_lines
    from lbp_infer.screen.page import print_page
    from lbp_infer.screen.reader import Reader
    from lbp_infer.screen.render_brief import brief_page

    # Where stderr is closed what is said goes nowhere, and never between the JSON.
    stream = (sys.stderr or io.StringIO()) if wishes.as_json else stdout()
    quiet = wishes.as_json and wishes.answers is not None
    reader = Reader(
        invocation.model.description, invocation.vocabulary, wishes.audience or AUDIENCE
    )

    def show(parts: "Iterable[RenderableType]") -> None:
        if not quiet:
            print_page(parts, stream)

    def conclude(report: "Report") -> None:
        show([Text(), brief_page(report, reader)])

    if wishes.answers is not None:
        read = lines_of_file(wishes.answers, None if quiet else stream)
    else:
        read = typed_lines(stream)
    return Doors(read, show, conclude, noted)


def _tell_where(path: str, invocation: Invocation) -> None:
    """Say on stderr where the answers are kept, if any are."""
    if not path or not os.path.exists(path):
        return
    model = [] if invocation.reference == DEFAULT_MODEL else ["--model", invocation.reference]
    command = shlex.join(["lbp-infer", "ask", *model, "--resume", path])
    click.echo(f"Kept for you alone in {path}\nTo go on: {command}", err=True)
