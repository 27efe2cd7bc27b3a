"""The formats that tables of cases are kept in, by the ending of the file's name."""

import os

from bayesnet.errors import EvidenceError

ENDINGS = {
    ".csv": "csv",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
    ".pq": "parquet",
}


def format_of(path: str) -> str:
    """csv, ndjson or parquet; raises EvidenceError for another ending."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in ENDINGS:
        raise EvidenceError(
            f"'{path}': the ending tells the format; use .csv, .ndjson (.jsonl) or .parquet (.pq)"
        )
    return ENDINGS[ending]
