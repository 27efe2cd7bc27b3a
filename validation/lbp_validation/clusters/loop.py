"""Answer for a table in one process, batch by batch: what engines are measured by."""

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from bayesnet import CohortMapper
from lbp_validation.clusters.engines import BATCH_ROWS, WARM_ROWS, parts_of


def looped(mapper: CohortMapper, people: Any) -> tuple[Any, float]:
    """Return the answers as a table, and the seconds.

    In a process of its own, as new to these people as a worker is.
    """
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        return alone.submit(_timed, mapper, people).result()


def _timed(mapper: CohortMapper, people: Any) -> tuple[Any, float]:
    import pyarrow

    mapper.table(people.slice(0, WARM_ROWS))
    parts = parts_of(people, -(-people.num_rows // BATCH_ROWS))
    start = time.perf_counter()
    found = [mapper.table(part) for part in parts]
    return pyarrow.concat_tables(found), time.perf_counter() - start
