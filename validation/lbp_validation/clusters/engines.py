"""A table answered by each engine, in the way that docs/clusters.md shows."""

import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lbp_validation.clusters.carried import Carried, Nothing

BATCH_ROWS = 10_000
"""Rows that a mapper is called with at the most."""
WARM_ROWS = 200
Call = Carried | Nothing


@dataclass(frozen=True, eq=False)
class Ran:
    """What an engine gave: the rows in its own order, seconds to start and to answer."""

    table: Any
    starting: float
    seconds: float


Run = Callable[[Call, Any, int, int], Ran]
"""Answers for a pyarrow.Table, in so many partitions, by so many workers."""


def on_dask(call: Call, table: Any, partitions: int, workers: int) -> Ran:
    """Run on a LocalCluster: a task for each partition; a killed worker's tasks are done again."""
    import pyarrow
    from distributed import Client, LocalCluster

    start = time.perf_counter()
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as cluster,
        Client(cluster) as client,
    ):
        client.run(call.warm().table, table.slice(0, WARM_ROWS))
        ready = time.perf_counter()
        found = client.gather(client.map(call.table, parts_of(table, partitions), pure=False))
        done = time.perf_counter()
    return Ran(pyarrow.concat_tables(found), ready - start, done - ready)


def on_ray(call: Call, table: Any, partitions: int, workers: int) -> Ran:
    """Run by `ray.data`: a block for each partition; a killed worker's tasks are done again."""
    import pyarrow
    import ray

    start = time.perf_counter()
    ray.init(
        num_cpus=workers, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR
    )
    try:
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        warm = parts_of(table.slice(0, WARM_ROWS), 2 * workers)
        ray.data.from_arrow(warm).map_batches(
            call.warm().table, batch_format="pyarrow", batch_size=None
        ).materialize()
        ready = time.perf_counter()
        answered = ray.data.from_arrow(parts_of(table, partitions)).map_batches(
            call.table, batch_format="pyarrow", batch_size=None
        )
        found = ray.get(answered.to_arrow_refs())
        done = time.perf_counter()
    finally:
        ray.shutdown()
    return Ran(pyarrow.concat_tables(found), ready - start, done - ready)


def on_spark(call: Call, table: Any, partitions: int, workers: int) -> Ran:
    """Run on a `local-cluster` from and to Parquet; Spark's own commit makes the output visible."""
    from pyarrow import parquet
    from pyspark.sql import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    folder = Path(tempfile.mkdtemp())
    parquet.write_table(table, folder / "people.parquet")
    parquet.write_table(table.slice(0, WARM_ROWS), folder / "warm.parquet")
    start = time.perf_counter()
    builder = SparkSession.builder.master(f"local-cluster[{workers},1,1024]")
    builder = builder.config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", BATCH_ROWS)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    try:

        def run(sent: Call, name: str, parts: int) -> None:
            people = spark.read.parquet(f"{folder}/{name}.parquet")
            wanted = _schema(sent, to_arrow_schema(people.schema))
            answered = people.repartition(parts).mapInArrow(sent, from_arrow_schema(wanted))
            answered.write.parquet(f"{folder}/{name}-answers")

        run(call.warm(), "warm", 2 * workers)
        ready = time.perf_counter()
        run(call, "people", partitions)
        done = time.perf_counter()
        return Ran(parquet.read_table(folder / "people-answers"), ready - start, done - ready)
    finally:
        spark.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _schema(call: Call, given: Any) -> Any:
    if isinstance(call, Carried):
        return call.mapper.output_schema(given)
    return call.table(given.empty_table()).schema


def parts_of(table: Any, partitions: int) -> Sequence[Any]:
    """Cut a table into partitions of nearly one size, in order, without sharing memory."""
    rows, found = table.num_rows, []
    for place in range(partitions):
        start, end = rows * place // partitions, rows * (place + 1) // partitions
        found.append(table.take(range_of(start, end)))
    return found


def range_of(start: int, end: int) -> Any:
    """Return the positions from start to before end, as Arrow takes them."""
    import numpy as np

    return np.arange(start, end)


ENGINES: Mapping[str, Run] = {"dask": on_dask, "ray": on_ray, "spark": on_spark}
