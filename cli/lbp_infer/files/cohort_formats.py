"""Tell the format of a file of a table of cases by its ending."""

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
    """Return csv, ndjson or parquet; raises EvidenceError for another ending.

    >>> format_of("people.jsonl")
    'ndjson'
    """
    ending = os.path.splitext(path)[1].lower()
    if ending not in ENDINGS:
        raise EvidenceError(
            f"'{path}': the ending tells the format; use .csv, .ndjson (.jsonl) or .parquet (.pq)"
        )
    return ENDINGS[ending]
