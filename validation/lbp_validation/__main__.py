"""`python -m lbp_validation`: print the validation and write it to validation/report.md."""

import sys

import bayesnet
from bayesnet.errors import BayesnetError
from lbp_validation.cases import load_cases
from lbp_validation.document import publish
from lbp_validation.paths import output_folder
from lbp_validation.validation_report import validation_document

MODEL = "lbp-runner"


def main() -> int:
    """Exit code 0 when everything ran, whatever came out; the error's own code otherwise."""
    try:
        document = validation_document(bayesnet.load_model(MODEL), load_cases())
    except BayesnetError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    publish(document, output_folder() / "report.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
