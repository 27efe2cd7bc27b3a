"""`lbp-infer explain`: why a case is judged as it is, on the screen, as JSON or as a page."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from bayesnet.network.states import TRUTH
from lbp_infer.commands.fields import parts_asked
from lbp_infer.commands.help_text import EvidenceCommand
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import html_option, one_audience, output_options, stated
from lbp_infer.commands.statements import evidence_from
from lbp_infer.commands.vocabulary import too_many
from lbp_infer.screen.output import write_json

if TYPE_CHECKING:
    from bayesnet.diagnosis.report.chosen import Wanted
    from bayesnet.diagnosis.report.reasoning import Reasoning
    from bayesnet.diagnosis.report.records import Report


def explain_command(invocation: Invocation, evidence: list[click.Parameter]) -> click.Command:
    """Make the command `explain`, which takes the same evidence as `lbp-infer` itself."""

    @click.pass_context
    def explain(
        ctx: click.Context,
        as_json: bool,
        audiences: Sequence[str],
        html: str | None,
        causes: Sequence[str],
    ) -> None:
        above = ctx.parent.params if ctx.parent else {}
        audience = one_audience([*above.get("audiences", ()), *audiences])
        wants_json = as_json or bool(above.get("as_json"))
        parts = parts_asked(ctx, wants_json, "explain")
        named = _named(causes, html)
        given = evidence_from(stated(ctx), invocation.vocabulary)
        if html is not None:
            _write_page(invocation, given, audience, html)
        elif wants_json:
            _write_json(invocation, given, audience, named, parts)
        else:
            _print(invocation, given, audience, named)

    return EvidenceCommand(
        "explain",
        params=[*evidence, *output_options(), html_option(), _cause_argument(invocation)],
        callback=explain,
        help="Why: how urgent it is, what speaks for and against each leading cause or each CAUSE "
        "that is named, and which few answers would change it.",
        short_help="Why: what speaks for and against, and what would change it.",
    )


def _cause_argument(invocation: Invocation) -> click.Argument:
    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
        causes = invocation.model.description.causes
        return [CompletionItem(name) for name in causes if name.startswith(incomplete)]

    return click.Argument(
        ["causes"], nargs=-1, required=False, metavar="[CAUSE]...", shell_complete=complete
    )


def _named(causes: Sequence[str], html: str | None) -> list[str]:
    """Return the ids of the causes that are named, `-` for `_`; raises click.UsageError."""
    for word in causes:
        if word.lower() in TRUTH:
            raise click.UsageError(too_many(word))
    if causes and html is not None:
        raise click.UsageError(f"'--html' writes all causes on one page; leave out '{causes[0]}'")
    return list(dict.fromkeys(cause.replace("-", "_") for cause in causes))


def _reasoned(
    invocation: Invocation, given: Mapping[str, Any], report: "Report", named: Sequence[str]
) -> "Reasoning":
    """Account for the causes that are named, or else for the leading ones."""
    from bayesnet.diagnosis.report.reasoning import about

    leading = [each.id for each in report.leading]
    told = invocation.model.reasoning(given, list(dict.fromkeys([*named, *leading])))
    return about(told, named) if named else told


def _write_page(invocation: Invocation, given: Mapping[str, Any], audience: str, html: str) -> None:
    from lbp_infer.files.replacing import replacing

    report = invocation.model.diagnose(given, audience=audience)
    page = report.to_html(invocation.model.pivotal_answers(given, audience)).encode("utf-8")
    with replacing(html) as file:
        file.write(page)


def _write_json(
    invocation: Invocation,
    given: Mapping[str, Any],
    audience: str,
    named: Sequence[str],
    parts: "Wanted",
) -> None:
    import msgspec
    from lbp_service.answers.documents import EXPLAINED

    from bayesnet.diagnosis.report.chosen import chosen

    report = invocation.model.diagnose(given, audience=audience)
    whole = report.to_dict()
    told = {name: whole[name] for name in EXPLAINED}
    told["reasoning"] = msgspec.to_builtins(_reasoned(invocation, given, report, named))
    if not parts or "pivotal_answers" in parts:
        pivotal = invocation.model.pivotal_answers(given, audience)
        told["pivotal_answers"] = msgspec.to_builtins(pivotal)
    write_json(chosen(told, parts))


def _print(
    invocation: Invocation, given: Mapping[str, Any], audience: str, named: Sequence[str]
) -> None:
    from lbp_infer.screen.page import page_through
    from lbp_infer.screen.reader import Reader
    from lbp_infer.screen.render_explanation import explanation_page

    report = invocation.model.diagnose(given, audience=audience)
    reasoning = _reasoned(invocation, given, report, named)
    pivotal = invocation.model.pivotal_answers(given, audience)
    reader = Reader(invocation.model.description, invocation.vocabulary, audience)
    page_through(explanation_page(report, reasoning, pivotal, reader))
