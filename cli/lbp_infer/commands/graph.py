"""Draw a model: `lbp-infer model graph`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from bayesnet.errors import EvidenceError
from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import (
    NAME_OR_PATH,
    evidence_options,
    model_option,
    source_options,
    stated,
)
from lbp_infer.commands.statements import evidence_from
from lbp_infer.files.replacing import replacing

SVG, HTML = ".svg", (".html", ".htm")


def graph_command(invocation: Invocation) -> click.Command:
    """Make the command `model graph` of an invocation.

    Which model it is stands among its arguments, so that the flags of the evidence are known only
    after these have been read: they are read in a second step.
    """

    @click.pass_context
    def graph(ctx: click.Context, words: tuple[str, ...], out: str, around: str | None) -> None:
        first, *rest = words or ("",)
        named = bool(first) and not first.startswith("-")
        drawn = Invocation(first) if named else invocation
        answers = _answers(ctx, drawn, rest if named else words)
        text = _drawn(drawn, answers, Path(out), around)
        with replacing(out) as stream:
            stream.write(text.encode())

    return click.Command(
        "graph",
        params=[
            click.Argument(
                ["words"],
                nargs=-1,
                type=click.UNPROCESSED,
                metavar=f"[{NAME_OR_PATH}] [EVIDENCE]",
            ),
            click.Option(["-o", "--out"], required=True, metavar="FILE", help="In .svg or .html."),
            click.Option(
                ["--around"],
                metavar="ID",
                help="Only this cause, finding or risk factor and what it is tied to.",
            ),
            model_option(),
        ],
        callback=graph,
        context_settings={"ignore_unknown_options": True},
        help="Draw a model: risk factors, causes and findings, with lines as wide as they are "
        "tied. With evidence, the flags of `lbp-infer`, the answers and the probabilities are "
        "drawn in. A page (.html) shows the lines of what is pointed at.",
        short_help="Draw a model, or one cause and what it is tied to.",
    )


def _answers(ctx: click.Context, invocation: Invocation, flags: Sequence[str]) -> Mapping[str, Any]:
    """Read the evidence flags of a model; raises click.UsageError and EvidenceError."""
    if not flags:
        return {}
    words = invocation.vocabulary
    options = [*evidence_options(words), *source_options(words, invocation.model)]
    reader = click.Command("graph", params=options)
    inner = reader.make_context("graph", list(flags), parent=ctx.parent)
    return evidence_from(stated(inner), words)


def _drawn(
    invocation: Invocation, answers: Mapping[str, Any], out: Path, around: str | None
) -> str:
    from bayesnet.diagnosis.report.identity import identity_of
    from bayesnet.tuning.graph.case import case_of
    from bayesnet.tuning.graph.drawing import graph_svg
    from bayesnet.tuning.graph.of_model import graph_of_model
    from bayesnet.tuning.graph.page import graph_page
    from bayesnet.tuning.graph.parts import neighbourhood

    ending = out.suffix.lower()
    if ending not in (SVG, *HTML):
        raise EvidenceError(f"'{out}' is neither a drawing nor a page; end it in .svg or .html")
    model = invocation.model
    graph = graph_of_model(model)
    title = model.description.model.title
    if around is not None:
        name = around.replace("-", "_")
        graph = neighbourhood(graph, name)
        (label,) = (node.label for node in graph.nodes if node.id == name)
        title = f"{title}: {label}"
    identity = identity_of(model.compiled)
    signed = [line for line in (identity.name, identity.caution) if line]
    drawing = graph_svg(graph, title, signed, case_of(model, answers) if answers else None)
    return drawing if ending == SVG else graph_page(graph, title, drawing)
