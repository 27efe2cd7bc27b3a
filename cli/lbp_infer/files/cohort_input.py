"""Open tables of people for reading, by the ending of the file's name."""

import os
from collections.abc import Callable, Mapping

from bayesnet.errors import EvidenceError
from lbp_infer.files.cohort_batch import CohortFile, readable
from lbp_infer.files.cohort_csv import open_csv
from lbp_infer.files.cohort_formats import format_of
from lbp_infer.files.cohort_ndjson import open_ndjson
from lbp_infer.files.cohort_parquet import open_parquet

OPENERS: Mapping[str, Callable[[str], CohortFile]] = {
    "csv": open_csv,
    "ndjson": open_ndjson,
    "parquet": open_parquet,
}


def open_cohort(path: str) -> CohortFile:
    """Open the cohort in a file, in the format of its ending.

    Raises EvidenceError for an unknown ending, a file that cannot be read, or a repeated column.
    """
    kind = format_of(path)
    if os.path.exists(path) and not os.path.isfile(path):
        raise EvidenceError(f"cannot read the cohort '{path}': it is not a file")
    with readable(path):
        found = OPENERS[kind](path)
        names = found.schema.names
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise EvidenceError(f"'{path}' has more than one column '{twice}'; keep one")
    return found
