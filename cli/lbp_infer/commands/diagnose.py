"""Diagnose: `lbp-infer` by itself, from what was stated to an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lbp_infer.commands.fields import report_data
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import LEADING
from lbp_infer.commands.statements import Statement, evidence_from, given_way
from lbp_infer.screen.output import write_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bayesnet.diagnosis.report.chosen import Wanted
    from bayesnet.diagnosis.report.records import Report


@dataclass(frozen=True)
class Asked:
    """What a command line asks for beside the evidence.

    sensitivity_of: None, a cause, or LEADING; parts: of the JSON, empty for all of it.
    """

    audience: str
    as_json: bool
    full: bool
    sensitivity_of: str | None
    parts: "Wanted"


def diagnose(invocation: Invocation, statements: Sequence[Statement], asked: Asked) -> None:
    """Write the answer to stdout, with what moves it most where that is asked for.

    Raises EvidenceError, UnknownNameError and ImpossibleEvidenceError.
    """
    words = invocation.vocabulary
    evidence = evidence_from(statements, words)
    if asked.as_json and asked.sensitivity_of is None:
        write_json(report_data(invocation.model, evidence, asked.audience, asked.parts))
        return
    report = invocation.model.diagnose(evidence, audience=asked.audience)
    found = [
        invocation.model.sensitivity(evidence, cause)
        for cause in _asked_about(report, asked.sensitivity_of)
    ]
    if asked.as_json:
        import msgspec

        from bayesnet.diagnosis.report.chosen import chosen

        whole = {**report.to_dict(), "sensitivity": msgspec.to_builtins(found)}
        write_json(chosen(whole, asked.parts))
        return
    from rich.text import Text

    from lbp_infer.screen.page import can_draw_blocks, page_through, print_page
    from lbp_infer.screen.reader import Reader
    from lbp_infer.screen.render_brief import brief_page
    from lbp_infer.screen.urgency import in_one_line

    moving: list[RenderableType] = []
    if found:
        from lbp_infer.screen.render_sensitivity import sensitivity_sections

        moving = sensitivity_sections(found, can_draw_blocks())
    reader = Reader(invocation.model.description, words, asked.audience)
    if asked.full:
        from lbp_infer.screen.render_report import report_page

        page_through(report_page(report, reader, moving))
    else:
        brief = brief_page(report, reader, given_way(statements))
        print_page([brief, *moving, *([Text(), in_one_line(report)] if moving else [])])


def _asked_about(report: "Report", sensitivity_of: str | None) -> list[str]:
    """List the ids of the causes whose sensitivity is asked for."""
    if sensitivity_of is None:
        return []
    if sensitivity_of != LEADING:
        return [sensitivity_of.replace("-", "_")]
    return list(dict.fromkeys([report.causes[0].id, *(each.id for each in report.must_not_miss)]))
