"""The engine that `--engine` names; without, this process."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from lbp_infer.engines.in_order import Answers
from lbp_infer.engines.on_dask import on_dask
from lbp_infer.engines.on_ray import on_ray
from lbp_infer.engines.on_spark import on_spark

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort.mapper import CohortMapper

ENGINES: Mapping[str, "Callable[[CohortMapper], AbstractContextManager[Answers]]"] = {
    "dask": on_dask,
    "ray": on_ray,
    "spark": on_spark,
}
"""{name: what opens it for a model}; each is imported when it is opened."""
PIECE_ROWS = 8192
"""Rows that a worker takes at a time; results do not depend on it."""
