"""Measure the cold start of the command line against importing what it cannot do without."""

import json
import subprocess
import sys
from collections.abc import Sequence

from lbp_validation.bench.timing import Contender, interleaved, milliseconds, ratio
from lbp_validation.report.document import Grid, Section

ROUNDS = 15
"""Processes of each kind: each start is timed once only, so that the median needs many."""
FLAGS = (
    "--leaning-back",
    "--downhill-running",
    "--prolonged-standing",
    "--side-bending",
    "--spasm",
    "--one-sided",
    "--no-coughing",
    *("--referral", "buttock"),
    *("--age", "42"),
    *("--sex", "female"),
)
COMMAND = (sys.executable, "-m", "lbp_infer", "--json", *FLAGS)
BASELINE = (sys.executable, "-c", "import numpy, click")
TITLE = "Cold start of the command line"
HEADERS = ("command", "ms", "times the baseline (10-90 %)")


def cold_section() -> Section:
    """Time the command with ten answers as JSON, in a process of its own each time."""
    fault = fault_of(COMMAND)
    if fault:
        return Section(TITLE, (f"Left out: the command line does not answer ({fault}).",))
    seconds = interleaved([_process("ours", COMMAND), _process("baseline", BASELINE)], ROUNDS)
    rows = (
        (
            "python -m lbp_infer --json, ten answers",
            milliseconds(seconds["ours"]),
            str(ratio(seconds["ours"], seconds["baseline"])),
        ),
        ('python -c "import numpy, click"', milliseconds(seconds["baseline"]), "1"),
    )
    return Section(TITLE, (Grid(HEADERS, rows, frozenset(HEADERS[1:])),))


def fault_of(command: Sequence[str]) -> str:
    """Say why a command does not print JSON: its last words on stderr; empty when it does."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
    try:
        json.loads(done.stdout)
    except ValueError:
        return "what it prints is not JSON"
    return ""


def _process(name: str, command: Sequence[str]) -> Contender:
    return Contender(
        name, lambda: lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    )
