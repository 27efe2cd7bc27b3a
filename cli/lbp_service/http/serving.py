"""Run the service: worker processes on one port, which drain when they are told to stop."""

import os
import socket
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bayesnet import BayesnetError, EvidenceError, MissingExtraError, load_model
from lbp_service.http.settings import Settings

HEADER_MILLISECONDS = 10_000
"""Time for the head of a request to arrive."""
HEADER_BYTES = 32 * 1024
DRAIN_SECONDS = 10
"""Time that requests in flight have once the service is told to stop."""
RESPAWN_SECONDS = 0.2
METRICS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
LOGGING: Mapping[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "logging.Formatter",
            "fmt": "%(asctime)s %(levelname)s %(message)s",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "_granian": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "lbp_service": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
"""Everything to stderr, a line for each request; the server's own log of requests stays off."""


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until SIGTERM or SIGINT; each worker is a process with models of its own.

    Raises MissingExtraError without lbp-infer[service], EvidenceError where the port is taken or
    the host is none, what `read_shelf` raises for the models, and BayesnetError where the workers
    end by themselves.
    """
    granian = require_granian()
    check_address(host, port)
    _check_models(settings)
    with tempfile.TemporaryDirectory(prefix="lbp-infer-") as folder:
        os.environ[METRICS_VARIABLE] = folder
        together = replace(settings, metrics=Path(folder))
        server = granian.Granian(
            "lbp_service",
            host,
            port,
            interface="asgi",
            http="1",
            websockets=False,
            workers=workers,
            respawn_failed_workers=True,
            respawn_interval=RESPAWN_SECONDS,
            workers_kill_timeout=DRAIN_SECONDS,
            http1_settings=granian.http.HTTP1Settings(
                header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=HEADER_BYTES
            ),
            log_dictconfig=dict(LOGGING),
        )
        try:
            server.serve(target_loader=partial(_load, together), wrap_loader=False)
        except SystemExit as ended:
            if ended.code:
                raise BayesnetError("the workers ended by themselves; the log says why") from None


def require_granian() -> Any:
    """Return the module of the server; raises MissingExtraError without the extra."""
    try:
        import granian.http
    except ImportError as error:
        raise MissingExtraError("the service", "service", str(error)) from None
    # The counts may not be imported before their folder is named.
    for name in ("prometheus_client", "starlette"):
        if find_spec(name) is None:
            raise MissingExtraError("the service", "service", f"there is no module '{name}'")
    return granian


def _load(settings: Settings) -> Any:
    """Make the application in a worker."""
    from lbp_service.http.app import application

    return application(settings)


def _check_models(settings: Settings) -> None:
    """Read all models once, so that what is wrong is said before anything is served."""
    from lbp_service.shelf.shelf import read_shelf

    load = partial(load_model, executor=settings.executor)
    shelf = read_shelf(settings.default, settings.more, settings.folder, load=load)
    if settings.executor != "numpy":
        # Compiled here once and kept on disk, where each worker finds it.
        shelf.model(None).diagnose()


def check_address(host: str, port: int) -> None:
    """Say plainly what is wrong with an address; the server would start and end again."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        said = error.strerror or str(error)
        raise EvidenceError(f"cannot listen on {host}, port {port}: {said}") from None
