"""Run `python -m lbp_validation`: validate the model, write report.html and report.md."""

import sys
import time

import bayesnet
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
PROCESSES = 2


def main() -> int:
    """Validate; exit code 0 when everything ran, whatever came out, else the error's own code."""
    progress = Progress(time.time())
    try:
        require(*DRAWS)
        model, cases, further = (
            bayesnet.load_model(MODEL),
            load_cases(CASES),
            load_cases(FURTHER_CASES),
        )
        found = validate(Run(model, cases, further, FULL, progress), PROCESSES)
    except BayesnetError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    page, brief = output_folder() / "report.html", output_folder() / "report.md"
    page.write_text(as_html(found.document), encoding="utf-8")
    brief.write_text(as_markdown(found.document), encoding="utf-8")
    summary = Section("Figures to reach", (goals_grid(found.goals),))
    sys.stdout.write(as_text(Document(found.document.title, (summary,))))
    sys.stdout.write(f"\nWritten to {page}\nand {brief}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
