"""Start the service and a plain echo on the same server, and read what their workers use."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bayesnet import BayesnetError
from lbp_validation.load.client import HOST

START_SECONDS = 120.0
TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
PAGE_KILOBYTES = 4


@dataclass(frozen=True)
class Server:
    """A server that runs here; pid: of the process whose children answer."""

    port: int
    pid: int

    def workers(self) -> list[int]:
        """List the processes that answer."""
        found = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        return [int(each) for each in found.split()]

    def kill_one(self) -> None:
        """Kill a worker as nothing can be prepared for."""
        os.kill(self.workers()[0], signal.SIGKILL)

    def processor_seconds(self) -> float:
        """Return what the workers have used of the processor."""
        fields = (Path(f"/proc/{each}/stat").read_text().split() for each in self.workers())
        return sum(int(each[13]) + int(each[14]) for each in fields) / TICK

    def megabytes(self) -> float:
        """Return what the largest worker holds in memory."""
        pages = (Path(f"/proc/{each}/statm").read_text().split()[1] for each in self.workers())
        return max(int(each) for each in pages) * PAGE_KILOBYTES / 1024


@contextmanager
def service(workers: int, executor: str) -> Iterator[Server]:
    """Serve the default model as `lbp-infer serve` does."""
    options = ("--workers", str(workers), "--seconds", "120", "--executor", executor)
    with _running("-m", "lbp_infer", "serve", *options, check="/v1/health/ready") as server:
        yield server


@contextmanager
def echo(workers: int) -> Iterator[Server]:
    """Serve what gives a request's body back, and nothing else."""
    with _running("-m", "lbp_validation.load.servers", "--workers", str(workers)) as server:
        yield server


@contextmanager
def _running(*command: str, check: str = "/") -> Iterator[Server]:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    path = os.pathsep.join(each for each in sys.path if each)
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, *command, "--port", str(port)],
            stderr=log,
            stdout=log,
            env={**os.environ, "PYTHONPATH": path},
        )
        try:
            _wait(f"http://{HOST}:{port}{check}", process)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait(60)


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise BayesnetError(f"no server answered at {address}")


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": body})


def _load_echo() -> Any:
    return _echo


def _serve_echo(port: int, workers: int) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces

    server = Granian(
        "echo",
        HOST,
        port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
    )
    server.serve(target_loader=_load_echo, wrap_loader=False)


if __name__ == "__main__":
    told = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    _serve_echo(int(told["--port"]), int(told["--workers"]))
