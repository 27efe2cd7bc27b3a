"""`lbp-infer serve` as processes of its own on a free port, for tests that need sockets."""

import http.client
import json
import re
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from support.cli import COMMAND, child_environment
from support.models import GEARBOX_FILE
from support.service import JSON

SECONDS = 60
"""How long anything may take; nothing here waits that long unless it fails."""


class Served:
    """A service that runs, of the gearbox model."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._log = folder / "log"
        command = [*COMMAND, "serve", *options, "--port", str(self.port)]
        environment = child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE))
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(command, stderr=log, env=environment)
        until(self.is_up)

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return self._log.read_text(encoding="utf-8")

    def workers(self) -> list[int]:
        """The ids of the worker processes so far, in the order of their start."""
        return [int(each) for each in re.findall(r"Spawning worker-\d+ with PID: (\d+)", self.log)]

    def is_up(self) -> bool:
        """Whether it answers."""
        assert self.process.poll() is None, self.log
        try:
            return self.ask("GET", "/v1/health/ready")[0] == 200
        except OSError:
            return False

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """Ask on a connection of its own; returns the status and the body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        content = None if body is None else json.dumps(body)
        with closing(connection):
            connection.request(method, path, content, JSON if body is not None else {})
            reply = connection.getresponse()
            return reply.status, reply.read()

    def say(self, raw: bytes) -> bytes:
        """Send bytes and return all that comes until the other side closes or rests."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(raw)
            found = b""
            try:
                while chunk := connection.recv(65536):
                    found += chunk
            except (TimeoutError, ConnectionResetError):
                pass
            return found


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fails after SECONDS."""
    end = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
