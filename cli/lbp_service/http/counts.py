"""Count requests for Prometheus: by address and status, never by what was asked."""

import os
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds of a request, from a few numbers to everything answered."""


class Counts:
    """What one process has counted; with a folder, all processes of the service together.

    folder: the one that PROMETHEUS_MULTIPROC_DIR names, which each process writes its counts to.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "lbp_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "lbp_request_seconds",
            "Seconds from a request to the end of its answer.",
            ("route",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._waiting = Gauge(
            "lbp_answers_waiting",
            "Answers that are being worked out or wait for it.",
            multiprocess_mode="livesum",
            registry=self._registry,
        )
        self._broken = Gauge(
            "lbp_models_broken",
            "Model files that cannot be read as they are now.",
            multiprocess_mode="max",
            registry=self._registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; route: the address as it is declared, with no name in it."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def state(self, waiting: int, broken: int) -> None:
        """Note how it stands: answers that wait, model files that are broken."""
        self._waiting.set(waiting)
        self._broken.set(broken)

    def text(self) -> bytes:
        """Write all counts in the text format of Prometheus."""
        if self._folder is None:
            return bytes(generate_latest(self._registry))
        from prometheus_client.multiprocess import MultiProcessCollector

        _forget_dead(self._folder)
        together = CollectorRegistry()
        MultiProcessCollector(together, path=str(self._folder))  # type: ignore[no-untyped-call]
        return bytes(generate_latest(together))


def _forget_dead(folder: Path) -> None:
    """Leave out what processes said of themselves that have been killed since."""
    from prometheus_client.multiprocess import mark_process_dead

    for each in folder.glob("gauge_live*.db"):
        process = int(each.stem.rpartition("_")[2])
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            mark_process_dead(process, str(folder))  # type: ignore[no-untyped-call]
        except OSError:
            continue
