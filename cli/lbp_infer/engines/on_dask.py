"""Answer on the workers of Dask: those that its configuration names, or processes of its own."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from bayesnet.errors import MissingExtraError
from lbp_infer.engines.in_order import AHEAD, Answers, believed, in_order, stopped, told

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort.mapper import CohortMapper


@contextmanager
def on_dask(mapper: "CohortMapper") -> Iterator[Answers]:
    """Yield what answers for pieces of a table on Dask; raises BayesnetError where Dask gives up.

    The scheduler is the one of DASK_SCHEDULER_ADDRESS or of Dask's configuration; without, a
    process for each processor is started here. What a killed worker had is done by another one.
    """
    try:
        import dask
        import distributed
    except ImportError as error:
        raise MissingExtraError("the engine Dask", "dask", str(error)) from None
    # What Dask raises itself; the rest of the run raises errors of ours.
    gives_up = (distributed.KilledWorker, distributed.CancelledError, OSError)
    with ExitStack() as opened:
        try:
            client = opened.enter_context(_client(dask, distributed, opened))
            threads = sum(client.nthreads().values())
            submit = partial(client.submit, told, mapper, pure=False)
            yield lambda pieces: (
                believed(found)
                for found in in_order(submit, _result, pieces, AHEAD * max(1, threads))
            )
        except gives_up as error:
            raise stopped("Dask", error) from None


def _client(dask: Any, distributed: Any, opened: ExitStack) -> Any:
    address = dask.config.get("scheduler-address", None)
    if address is not None:
        return distributed.Client(address)
    # Any free port: Dask's own, 8787, may be another cluster's, and even `None` takes it.
    cluster = distributed.LocalCluster(
        n_workers=os.cpu_count() or 1, threads_per_worker=1, dashboard_address=":0"
    )
    return distributed.Client(opened.enter_context(cluster))


def _result(future: Any) -> Any:
    return future.result()
