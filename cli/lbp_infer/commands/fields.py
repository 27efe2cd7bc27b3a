"""Choose parts of the JSON: the option `--fields`, and what was asked for by it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bayesnet.diagnosis.model import DiagnosticModel
    from bayesnet.diagnosis.report.chosen import Wanted

FIELDS = "lbp_infer.commands.fields"


def fields_option() -> click.Option:
    """Make `--fields`."""
    return click.Option(
        ["--fields"],
        metavar="A,B.C",
        multiple=True,
        expose_value=False,
        callback=_noted,
        help="Only these parts of it, as in triage,causes.id.",
    )


def parts_asked(context: click.Context, as_json: bool, document: str) -> "Wanted":
    """Return what `--fields` asks for, before or after a subcommand's name; empty for everything.

    document: one of SCHEMAS, whose names these are. Raises click.UsageError where no JSON is
    written, and EvidenceError for a name that is none.
    """
    names = fields_asked(context)
    if not names:
        return {}
    if not as_json:
        raise click.UsageError(f"'--fields {','.join(names)}' goes with '--json'; add it")
    from bayesnet.diagnosis.report.chosen import wanted
    from lbp_infer.files.documents import SCHEMAS

    return wanted(names, SCHEMAS[document]())


def report_data(
    model: "DiagnosticModel", evidence: Mapping[str, Any], audience: str, parts: "Wanted"
) -> dict[str, Any]:
    """Return the report on a person as plain data, or these parts of it and nothing else."""
    if not parts:
        return model.diagnose(evidence, audience).to_dict()
    from bayesnet.diagnosis.report.chosen import names_of

    return model.parts(evidence, list(names_of(parts)), audience)


def fields_asked(context: click.Context) -> list[str]:
    """Return the names given to `--fields` so far."""
    names: list[str] = context.meta.setdefault(FIELDS, [])
    return names


def _noted(context: click.Context, _: click.Parameter, given: Sequence[str]) -> None:
    fields_asked(context).extend(name for names in given for name in names.split(","))
