"""Measure what the compiled executor costs before its first answer."""

import json
import os
import subprocess
import sys
from tempfile import TemporaryDirectory

from lbp_validation.bench.timing import short
from lbp_validation.report.document import Grid, Section

SCRIPT = """
import json, time
import bayesnet
network = bayesnet.load_model("lbp-runner").network
ends = [time.perf_counter()]
engine = network.compile(executor="numba")
name = network.names[0]
for work in (
    lambda: [engine.marginals({name: network.variable(name).states[0]}) for _ in range(3)],
    lambda: engine.marginals_many({name: [network.states(name)[0]] * 256}),
):
    work()
    ends.append(time.perf_counter())
print(json.dumps([after - before for before, after in zip(ends, ends[1:])]))
"""
HEADERS = ("process", "first cases s", "then the first table s")


def numba_section() -> Section:
    """Time two processes in turn on a cache of compiled code that is empty at first."""
    with TemporaryDirectory() as folder:
        environment = {**os.environ, "NUMBA_CACHE_DIR": folder}
        rows = [
            (which, *_seconds(environment))
            for which in ("first on a machine: numba compiles", "every later one: it loads")
        ]
    words = (
        "From `compile()` on, numba's import and compilation included: the runner model, one case "
        "three times, which is when it is given to numba, and a table of 256. The numpy executor "
        "has no such pause."
    )
    grid = Grid(HEADERS, tuple(rows), frozenset(HEADERS[1:]))
    return Section("The compiled executor's first answers", (words, grid))


def _seconds(environment: dict[str, str]) -> tuple[str, ...]:
    command = (sys.executable, "-c", SCRIPT)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return tuple(short(each) for each in json.loads(done.stdout))
