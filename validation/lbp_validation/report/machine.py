"""Say what a measurement was made with: versions, machine, commit."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lbp_validation.paths import ROOT
from lbp_validation.report.document import Grid, Section

PACKAGES = (
    "lbp-infer",
    "numpy",
    "numba",
    "granian",
    "networkx",
    "pyagrum",
    "pgmpy",
    "pyarrow",
)


def machine_section() -> Section:
    """Tabulate what was used."""
    rows = (
        ("commit", commit()),
        ("processor", f"{processor()}, {os.cpu_count()} cores"),
        ("load at the end", load()),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("python", platform.python_version()),
        *((name, installed(name)) for name in PACKAGES),
    )
    return Section("Measured with", (Grid(("what", "which"), rows),))


def processor() -> str:
    """Return the processor's model as Linux names it, else what Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or "unknown"


def load() -> str:
    """Return how many processes wanted a core in the last minute.

    Over the number of cores, times are longer than on a quiet machine.
    """
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def installed(package: str) -> str:
    """Return the version of an installed package."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed (run from the checkout)"


def commit() -> str:
    """Return the short hash of the checkout's commit, and whether files were changed since."""
    head = _git("rev-parse", "--short", "HEAD")
    if not head:
        return "unknown"
    return f"{head} and uncommitted changes" if _git("status", "--porcelain") else head


def _git(*arguments: str) -> str:
    command = ("git", "-C", str(ROOT), *arguments)
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
