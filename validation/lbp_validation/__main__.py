"""Run `python -m lbp_validation`: validate a model, write report.html and report.md."""

import os
import sys
import time
from pathlib import Path

import click

import bayesnet
from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.errors import BayesnetError
from bayesnet.tuning.published_cases import load_cases
from lbp_validation.extras import DRAWS, require
from lbp_validation.paths import CASES, FURTHER_CASES, output_folder
from lbp_validation.report.document import Document, Section, as_markdown, as_text
from lbp_validation.report.goals import goals_grid
from lbp_validation.report.page import as_html
from lbp_validation.report.progress import Progress
from lbp_validation.report.validation_report import FULL, Run, validate

MODEL = "lbp-runner"


@click.command()
@click.option(
    "--model", "name", default=MODEL, show_default=True, metavar="NAME|PATH", help="What to test."
)
@click.option(
    "-o",
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Where report.html and report.md are written. [the checkout's validation, of another "
    "model than lbp-runner validation-ID]",
)
@click.option("--processes", default=2, show_default=True, help="Parts worked on at a time.")
def main(name: str, out: Path | None, processes: int) -> None:
    """Validate a model, an overlay or a copy, as lbp-runner is validated.

    What needs published figures, cases or words of which the model holds nothing is left out by
    name. Exit code 0 when everything ran, whatever came out, else the error's own code.
    """
    progress = Progress(time.time())
    try:
        require(*DRAWS)
        model, cases = bayesnet.load_model(name), load_cases(CASES)
        folder = _made(out or (output_folder() if name == MODEL else _folder_of(model)))
        further = load_cases(FURTHER_CASES)
        found = validate(Run(model, cases, further, FULL, progress), processes)
    except BayesnetError as error:
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    page, brief = folder / "report.html", folder / "report.md"
    page.write_text(as_html(found.document), encoding="utf-8")
    brief.write_text(as_markdown(found.document), encoding="utf-8")
    summary = Section("Figures to reach", (goals_grid(found.goals),))
    click.echo(as_text(Document(found.document.title, (summary,))))
    click.echo(f"Written to {page}\nand {brief}")


def _made(folder: Path) -> Path:
    """Return a folder that can be written, made if need be; raises BayesnetError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BayesnetError(f"cannot write '{folder}': {error.strerror}; name another") from None
    if not os.access(folder, os.W_OK):
        raise BayesnetError(f"cannot write '{folder}': it is write-protected; name another")
    return folder


def _folder_of(model: DiagnosticModel) -> Path:
    """Return a folder for the report of a model of one's own, below the working directory."""
    layers = [each.id for each in model.compiled.origin] or [model.description.model.id]
    return Path(f"validation-{layers[-1]}")


if __name__ == "__main__":
    main()
