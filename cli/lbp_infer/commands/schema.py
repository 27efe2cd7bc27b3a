"""`lbp-infer schema`: the JSON Schema of what the command writes and reads."""

import click

from lbp_infer.commands.invocation import Invocation
from lbp_infer.commands.options import model_option
from lbp_infer.screen.output import write_json

DOCUMENTS = (
    "report",
    "explain",
    "what-if",
    "case",
    "record",
    "check",
    "diff",
    "test",
    "fit",
    "openai-tools",
    "anthropic-tools",
)
TOOLS = "-tools"
"""How the names of documents end that hold definitions of functions."""


def schema_command(invocation: Invocation) -> click.Command:
    """Make the command `schema`."""

    def schema(document: str) -> None:
        from lbp_infer.files.documents import SCHEMAS, case_schema

        if document == "case":
            write_json(case_schema(invocation.vocabulary))
        elif document.endswith(TOOLS):
            from lbp_service.tools.definitions import DEFINITIONS

            write_json(DEFINITIONS[document.removesuffix(TOOLS)]())
        else:
            write_json(SCHEMAS[document]())

    return click.Command(
        "schema",
        params=[
            click.Argument(
                ["document"],
                required=False,
                default=DOCUMENTS[0],
                type=click.Choice(DOCUMENTS),
                metavar="[DOCUMENT]",
            ),
            model_option(),
        ],
        callback=schema,
        help="Write a JSON Schema. DOCUMENT: report (the default), what --json writes; explain, "
        "what-if, what these write with --json; case, a case file or kept interview with the "
        "model's ids and answers; record, a line of a record; check, diff, test and fit, what "
        "these commands of model write with --json; openai-tools and anthropic-tools, the "
        "tools of lbp-infer mcp as definitions of functions.",
        short_help="The JSON Schema of the report, and of the files.",
    )
