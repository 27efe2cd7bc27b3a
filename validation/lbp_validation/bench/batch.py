"""Measure `lbp-infer batch` on a Parquet file: rows a second of the process, peak memory."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.network.evidence import Observed
from lbp_validation.bench.timing import short
from lbp_validation.report.document import Grid, Section

ROWS, LIMIT = 20_000, 45.0
"""Rows of the file, and seconds after which the process is stopped."""
MOST_MEGABYTES, MEGABYTE, SHARE = 500, 1e6, 0.5
"""Goals: peak memory, and rows a second as a share of the executor's own."""
TITLE = "`lbp-infer batch`"
HEADERS = ("rows", "s", "rows a second", "of the executor's", "peak memory MB")
# In a process between, for a child's peak counts from that of the process that starts it.
SCRIPT = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[2:], check=True, timeout=float(sys.argv[1]), stdout=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
print(json.dumps([time.perf_counter() - start, peak]))
"""


@dataclass(frozen=True)
class Run:
    """Seconds and peak bytes of a process; or why it did not end."""

    seconds: float = 0.0
    peak: float = 0.0
    why_not: str = ""


def batch_section(
    model: DiagnosticModel, observed: Observed, executor: float | None
) -> tuple[Section, tuple[str, ...]]:
    """Measure one table, and give the row for the figures to reach.

    observed: cases to take rows from; executor: cases a second that it does of these by itself, if
    its answers were found right.
    """
    asked = (
        "`batch`, Parquet: at least half of the executor's cases a second, under "
        f"{MOST_MEGABYTES} MB"
    )
    with TemporaryDirectory() as folder:
        table, out = Path(folder, "cohort.parquet"), Path(folder, "answers.parquet")
        _write(_columns(model, observed), table)
        run = measured(
            [sys.executable, "-m", "lbp_infer", "batch", str(table), "-o", str(out)], LIMIT
        )
    if run.why_not:
        row = (asked, "whole process", "-", run.why_not, "-", "not met")
        return Section(TITLE, (f"No figures: {run.why_not}.",)), row
    rate, peak = ROWS / run.seconds, run.peak / MEGABYTE
    share = f"{rate / executor:.0%}" if executor else "-"
    words = (
        "The whole process, from its start to the file renamed into place: posteriors of the "
        f"causes, triage, next question and pathway of each row. {ROWS:,} rows of the first fixed "
        "questionnaire, not the million of the goal, which would take too long here. The "
        "executor's own rate is that of all posteriors."
    )
    grid = Grid(
        HEADERS,
        ((f"{ROWS:,}", short(run.seconds), short(rate), share, short(peak)),),
        frozenset(HEADERS),
    )
    met = executor is not None and rate >= SHARE * executor and peak < MOST_MEGABYTES
    row = (asked, "whole process", f"{SHARE:.0%}", share, "-", "met" if met else "not met")
    return Section(TITLE, (words, grid)), row


def measured(command: list[str], limit: float) -> Run:
    """Run a command to its end, or for as long as the limit in seconds."""
    between = [sys.executable, "-c", SCRIPT, str(limit), *command]
    done = subprocess.run(between, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return Run(*json.loads(done.stdout))
    if "TimeoutExpired" in done.stderr:
        return Run(why_not=f"not done after {short(limit)} s")
    return Run(why_not=(done.stderr.strip().splitlines() or ["it failed"])[-1])


def _columns(model: DiagnosticModel, observed: Observed) -> Mapping[str, list[str]]:
    """Return {question: its answers by the names of their states}."""
    network = model.network
    return {
        network.names[v]: [network.variables[v].states[code] for code in observed.codes[v, :ROWS]]
        for v in observed.columns
    }


def _write(columns: Mapping[str, list[str]], path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    parquet.write_table(pyarrow.table(dict(columns)), path)
