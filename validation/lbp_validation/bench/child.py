"""A job in a process of its own: for cold starts, peak memory, and work that may not end.

The jobs are in `jobs.py`, which is the program that runs there.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lbp_validation.bench.timing import short

MEGABYTE, GIGABYTE = 1e6, 1e9


@dataclass(frozen=True)
class Ran:
    """What a job answered, and the peak of its process's memory in MB; or why it has no answer.

    stopped: it ran out of patience.
    """

    answer: dict[str, Any] = field(default_factory=dict)
    peak: float = 0.0
    why_not: str = ""
    stopped: bool = False


def run(job: str, *arguments: object) -> Ran:
    """Run a job to its end, or until it is out of patience with itself."""
    done = subprocess.run(command(job, *arguments), capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    if done.returncode == -signal.SIGPROF and lines:
        return Ran(why_not=f"over {short(json.loads(lines[-1]))} s, then stopped", stopped=True)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return Ran(why_not=last)
    found = json.loads(lines[-1])
    return Ran(found["answer"], found["peak"])


def command(job: str, *arguments: object) -> list[str]:
    """Say how to run a job."""
    return [sys.executable, "-m", "lbp_validation.bench.jobs", job, *map(str, arguments)]


@contextmanager
def patience(seconds: float) -> Iterator[None]:
    """End this process if what follows takes the processor longer.

    By a signal without a handler, for Python would wait with its own until compiled code returns.
    """
    sys.stdout.write(f"{seconds}\n")
    sys.stdout.flush()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)


@contextmanager
def memory(gigabytes: float) -> Iterator[None]:
    """End this process, and say so, if what follows wants more memory than that in all.

    Linux holds a process to it; elsewhere nothing may.
    """
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * GIGABYTE), before[1]))
    try:
        yield
    except Exception as error:
        # What compiled code runs out of comes as an error of no kind of its own.
        if not isinstance(error, MemoryError) and "bad_alloc" not in str(error):
            raise
        raise SystemExit(f"out of memory, over {short(gigabytes)} GB") from error
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def peak_memory() -> float:
    """Return the most memory that this process has held so far, in MB.

    Linux says it for the process alone; elsewhere that of its parent at the start may count.
    """
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / MEGABYTE
    except (OSError, StopIteration):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
