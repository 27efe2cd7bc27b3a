"""Answer by tasks of Spark: with the master that its configuration names, or in this machine."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

from bayesnet.errors import BayesnetError, MissingExtraError
from lbp_infer.engines.in_order import AHEAD, Answers, Evidence, believed, stopped, told

if TYPE_CHECKING:
    from bayesnet.diagnosis.cohort.mapper import CohortMapper
    from bayesnet.diagnosis.cohort.result import CohortResult

HERE = "local[*,4]"
"""A task for each processor of this machine, tried four times as on a cluster."""


@contextmanager
def on_spark(mapper: "CohortMapper") -> Iterator[Answers]:
    """Yield what answers for pieces of a table on Spark; raises BayesnetError where it gives up.

    The task of a killed worker is done again. Spark answers for a job as a whole, so that pieces go
    there in waves, some for each processor.
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkException
    except ImportError as error:
        raise MissingExtraError("the engine Spark", "spark", str(error)) from None
    context = None
    try:
        conf = SparkConf().setAppName("lbp-infer").setIfMissing("spark.master", HERE)
        conf.set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false")
        context = SparkContext(conf=conf)
        # Not the first python3 on the PATH, which need not have what this one has.
        context.pythonExec = os.environ.get("PYSPARK_PYTHON", sys.executable)
        context.setLogLevel("OFF")
        yield _in_waves(context, _teller(context.broadcast(mapper)))
    except (Py4JError, PySparkException) as error:
        if "JAVA_GATEWAY_EXITED" in str(error):
            raise BayesnetError(
                "Spark needs Java 17 or newer; install it (Debian: apt-get install "
                "openjdk-17-jre-headless), or set JAVA_HOME"
            ) from None
        raise stopped("Spark", error) from None
    finally:
        if context is not None:
            context.stop()


def _in_waves(context: Any, tell: Callable[[Evidence], Any]) -> Answers:
    """Return what sends pieces in waves and gives their results in order."""
    wave = AHEAD * context.defaultParallelism

    def answers(pieces: Iterable[Evidence]) -> "Iterator[CohortResult]":
        rest = iter(pieces)
        while some := list(islice(rest, wave)):
            yield from map(believed, context.parallelize(some, len(some)).map(tell).collect())

    return answers


def _teller(sent: Any) -> Callable[[Evidence], Any]:
    """Return what a worker calls: each has the model once, from a broadcast variable."""
    return lambda evidence: told(sent.value, evidence)
