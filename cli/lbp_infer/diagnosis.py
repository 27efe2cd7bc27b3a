"""`lbp-infer` by itself and `lbp-infer explain`: from what was stated to an answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lbp_infer.options import one_audience, output_options, stated
from lbp_infer.output import write_json
from lbp_infer.session import Session
from lbp_infer.statements import Statement, evidence_from

if TYPE_CHECKING:
    from bayesnet.diagnosis.report import Report

EXPLAINED = ("schema_version", "model", "evidence", "causes", "explanation", "disclaimer")


def diagnose(
    session: Session, statements: Sequence[Statement], audience: str, as_json: bool
) -> None:
    """Write the whole answer to stdout."""
    report = _report(session, statements, audience)
    if as_json:
        write_json(report.to_dict())
        return
    from lbp_infer.page import print_page
    from lbp_infer.render_report import report_page

    print_page(report_page(report, session.vocabulary, session.figures))


def explain_command(session: Session, evidence: list[click.Parameter]) -> click.Command:
    """The command `explain`; it takes the same evidence as `lbp-infer` itself."""

    @click.pass_context
    def explain(ctx: click.Context, as_json: bool = False, audiences: Sequence[str] = ()) -> None:
        above = ctx.parent.params if ctx.parent else {}
        audience = one_audience([*above.get("audiences", ()), *audiences])
        report = _report(session, stated(ctx), audience)
        if as_json or above.get("as_json"):
            whole = report.to_dict()
            write_json({name: whole[name] for name in EXPLAINED})
            return
        from lbp_infer.page import print_page
        from lbp_infer.render_explanation import explanation_page

        print_page(explanation_page(report, session.figures))

    return _Explain(
        "explain",
        params=[*evidence, *output_options()],
        callback=explain,
        help="What speaks for and against each leading cause: decibans, with sources.",
    )


class _Explain(click.Command):
    """Its help points to the flags instead of listing them a second time."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Usage, purpose, and the options that are not evidence flags."""
        from lbp_infer.help_text import write_short_help

        write_short_help(self, ctx, formatter)


def _report(session: Session, statements: Sequence[Statement], audience: str) -> "Report":
    evidence = evidence_from(statements, session.vocabulary)
    return session.model.diagnose(evidence, audience=audience)
