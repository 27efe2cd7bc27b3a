"""Diagnose: `lbp-infer` by itself and `lbp-infer explain`, from what was stated to an answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from lbp_infer.commands.help_text import EvidenceCommand
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import LEADING, one_audience, output_options, stated
from lbp_infer.commands.statements import Statement, evidence_from
from lbp_infer.screen.output import write_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesnet.diagnosis.report.records import Report

EXPLAINED = ("schema_version", "model", "evidence", "causes", "explanation", "disclaimer")


def diagnose(
    invocation: Invocation,
    statements: Sequence[Statement],
    audience: str,
    as_json: bool,
    sensitivity_of: str | None,
) -> None:
    """Write the whole answer to stdout, with what moves it most where that is asked for.

    sensitivity_of: None, a cause, or LEADING. Raises EvidenceError, UnknownNameError and
    ImpossibleEvidenceError.
    """
    evidence = evidence_from(statements, invocation.vocabulary)
    report = invocation.model.diagnose(evidence, audience=audience)
    found = [
        invocation.model.sensitivity(evidence, cause)
        for cause in _asked_about(report, sensitivity_of)
    ]
    if as_json:
        import msgspec

        asked = {} if sensitivity_of is None else {"sensitivity": msgspec.to_builtins(found)}
        write_json({**report.to_dict(), **asked})
        return
    from lbp_infer.screen.page import can_draw_blocks, print_page
    from lbp_infer.screen.render_report import report_page

    moving: list[RenderableType] = []
    if found:
        from lbp_infer.screen.render_sensitivity import sensitivity_sections

        moving = sensitivity_sections(found, can_draw_blocks())
    print_page(report_page(report, invocation.vocabulary, invocation.figures, moving))


def _asked_about(report: "Report", sensitivity_of: str | None) -> list[str]:
    """List the ids of the causes whose sensitivity is asked for."""
    if sensitivity_of is None:
        return []
    if sensitivity_of != LEADING:
        return [sensitivity_of.replace("-", "_")]
    return list(dict.fromkeys([report.causes[0].id, *(each.id for each in report.must_not_miss)]))


def explain_command(invocation: Invocation, evidence: list[click.Parameter]) -> click.Command:
    """Make the command `explain`, which takes the same evidence as `lbp-infer` itself."""

    @click.pass_context
    def explain(ctx: click.Context, as_json: bool = False, audiences: Sequence[str] = ()) -> None:
        above = ctx.parent.params if ctx.parent else {}
        audience = one_audience([*above.get("audiences", ()), *audiences])
        report = _report(invocation, stated(ctx), audience)
        if as_json or above.get("as_json"):
            whole = report.to_dict()
            write_json({name: whole[name] for name in EXPLAINED})
            return
        from lbp_infer.screen.page import print_page
        from lbp_infer.screen.render_explanation import explanation_page

        print_page(explanation_page(report, invocation.figures))

    return EvidenceCommand(
        "explain",
        params=[*evidence, *output_options()],
        callback=explain,
        help="What speaks for and against each leading cause: decibans, with sources.",
    )


def _report(invocation: Invocation, statements: Sequence[Statement], audience: str) -> "Report":
    evidence = evidence_from(statements, invocation.vocabulary)
    return invocation.model.diagnose(evidence, audience=audience)
