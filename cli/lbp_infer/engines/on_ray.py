"""Answer by tasks of Ray: on the cluster that RAY_ADDRESS names, or on processes of its own."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bayesnet.errors import MissingExtraError
from lbp_infer.engines.in_order import AHEAD, Answers, Evidence, believed, in_order, stopped, told

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort.mapper import CohortMapper


@contextmanager
def on_ray(mapper: "CohortMapper") -> Iterator[Answers]:
    """Yield what answers for pieces of a table on Ray; raises BayesnetError where Ray gives up.

    The task of a killed worker is done again by another one.
    """
    try:
        import ray
    except ImportError as error:
        raise MissingExtraError("the engine Ray", "ray", str(error)) from None
    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR, include_dashboard=False)
        task, sent = ray.remote(told), ray.put(mapper)
        processors = int(ray.cluster_resources().get("CPU", 1))

        def submit(piece: Evidence) -> Any:
            return task.remote(sent, piece)

        yield lambda pieces: (
            believed(found)
            for found in in_order(submit, ray.get, pieces, AHEAD * max(1, processors))
        )
    except (ray.exceptions.RayError, OSError) as error:
        raise stopped("Ray", error) from None
    finally:
        ray.shutdown()
