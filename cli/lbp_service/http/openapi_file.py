"""Write the committed OpenAPI description: `python -m lbp_service.http.openapi_file`."""

import json
import sys
from pathlib import Path

from bayesnet import EvidenceError
from bayesnet.diagnosis.report.json_text import json_text
from lbp_service.http.openapi import API_VERSION, openapi

COMMITTED = Path(__file__).parents[3] / "docs" / "openapi.json"
"""The description that callers have been given, without examples, which are the model's."""


def write(path: Path = COMMITTED) -> None:
    """Write the description; raises EvidenceError where it changed and its version did not."""
    now = openapi()
    if path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        if before != now and before["info"]["version"] == API_VERSION:
            raise EvidenceError(
                f"the addresses or documents changed: raise API_VERSION from {API_VERSION} in "
                "openapi.py, the second number for what callers need not know, else the first"
            )
    path.write_bytes(json_text(now))


if __name__ == "__main__":
    try:
        write()
    except EvidenceError as error:
        sys.exit(str(error))
