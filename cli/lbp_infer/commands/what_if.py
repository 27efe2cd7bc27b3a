"""`lbp-infer what-if`: a diagnosis, and the one that other answers would give."""

from collections.abc import Sequence
from typing import Any

import click

from bayesnet.diagnosis.answers.reading import Value, plain
from lbp_infer.commands.fields import parts_asked, report_data
from lbp_infer.commands.help_text import EvidenceCommand
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import one_audience, output_options, stated
from lbp_infer.commands.statements import Statement, evidence_from, in_order
from lbp_infer.commands.vocabulary import Vocabulary
from lbp_infer.screen.output import write_json


def what_if_command(invocation: Invocation, evidence: list[click.Parameter]) -> click.Command:
    """Make the command `what-if`, which takes the same evidence as `lbp-infer` itself."""

    @click.pass_context
    def what_if(
        ctx: click.Context, as_json: bool, audiences: Sequence[str], changes: Sequence[str]
    ) -> None:
        above = ctx.parent.params if ctx.parent else {}
        audience = one_audience([*above.get("audiences", ()), *audiences])
        wants_json = as_json or bool(above.get("as_json"))
        parts = parts_asked(ctx, wants_json, "what-if")
        words = invocation.vocabulary
        given = evidence_from(stated(ctx), words)
        changed = _changed(changes, words)
        other = in_order({**given, **changed}, words.askables)
        if wants_json:
            from bayesnet.diagnosis.report.chosen import chosen

            said = [
                {"id": name, "before": plain(given.get(name)), "after": plain(changed[name])}
                for name in changed
            ]
            both: dict[str, Any] = {"changes": said}
            for side, evidence in (("before", given), ("after", other)):
                if not parts or side in parts:
                    own = parts.get(side, {})
                    both[side] = report_data(invocation.model, evidence, audience, own)
            write_json(chosen(both, parts))
            return
        from lbp_infer.screen.page import print_page
        from lbp_infer.screen.render_what_if import what_if_lines

        before = invocation.model.diagnose(given, audience=audience)
        after = invocation.model.diagnose(other, audience=audience)
        print_page(what_if_lines(before, after, changed))

    change = click.Option(
        ["--change", "changes"],
        metavar="ID=ANSWER",
        multiple=True,
        required=True,
        help="An answer to put in place of the one given, or beside them; may be repeated.",
    )
    return EvidenceCommand(
        "what-if",
        params=[*evidence, *output_options(), change],
        callback=what_if,
        help="Urgency, causes, pathway and next question with the answers as they are, and with "
        "some of them changed.",
        short_help="What other answers would change.",
    )


def _changed(changes: Sequence[str], words: Vocabulary) -> dict[str, Value]:
    """Read the changes in the model's order; raises EvidenceError, also where two contradict."""
    from lbp_infer.dialogue.understanding import stated as read_stated

    read = [(*read_stated(text, words), f"'--change {text}'") for text in changes]
    return dict(evidence_from((Statement(*each) for each in read), words))
