"""The service in this process, spoken to by ASGI: no socket, no thread but its own, raw bytes."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from lbp_service.http.app import application
from lbp_service.http.observed import Application
from lbp_service.http.settings import Settings

from bayesnet import DiagnosticModel, load_model
from support.models import GEARBOX_FILE, gearbox, runner

JSON = {"Content-Type": "application/json"}
KNOWN = {str(GEARBOX_FILE): gearbox, "lbp-runner": runner}
"""Models that the tests have read already."""


@dataclass(frozen=True)
class Reply:
    """What came back; headers by name in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Caller:
    """Someone who calls a service."""

    app: Application

    def get(self, address: str, **headers: str) -> Reply:
        """GET an address; of headers `_` stands for `-`."""
        return self.send("GET", address, headers=named(headers))

    def post(self, address: str, body: Any, **headers: str) -> Reply:
        """POST plain data as JSON."""
        content = json.dumps(body).encode()
        return self.send("POST", address, [content], {**JSON, **named(headers)})

    def refused(self, status: int, kind: str, address: str, body: Any, **headers: str) -> Any:
        """The problem document of what is refused."""
        return problem(self.post(address, body, **headers), status, kind)

    def send(
        self,
        method: str,
        address: str,
        chunks: Iterable[bytes] = (b"",),
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        ends: bool = True,
    ) -> Reply:
        """Send a request whose body comes in these chunks; ends: whether the last one says so."""
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        return asyncio.run(_exchange(self.app, method, address, list(chunks), pairs, ends))


def named(headers: Mapping[str, str]) -> dict[str, str]:
    """Write the names of headers as HTTP has them."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


def problem(reply: Reply, status: int, kind: str) -> Any:
    """The problem document of a reply, which is one in every part."""
    told = reply.json
    assert (reply.status, told["status"], told["type"]) == (
        status,
        status,
        f"urn:lbp-infer:problem:{kind}",
    ), told
    assert reply.headers["content-type"] == "application/problem+json"
    assert {"title", "detail", "instance", "nearest"} <= set(told)
    assert "Traceback" not in told["detail"]
    return told


def service(default: str = str(GEARBOX_FILE), **settings: Any) -> Caller:
    """A service whose default model the tests know; see `Settings`."""
    return Caller(application(Settings(default, **settings), known))


def known(source: str) -> DiagnosticModel:
    """Read a model, or take the one that was read before."""
    return KNOWN[source]() if source in KNOWN else load_model(source)


async def _exchange(
    app: Application,
    method: str,
    address: str,
    chunks: list[bytes],
    headers: Iterable[tuple[str, str]],
    ends: bool,
) -> Reply:
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in headers],
    }
    waiting, sent = list(chunks), []

    async def receive() -> dict[str, Any]:
        if waiting:
            chunk = waiting.pop(0)
            more = bool(waiting) or not ends
            return {"type": "http.request", "body": chunk, "more_body": more}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    found = {k.decode(): v.decode("latin-1") for k, v in sent[0]["headers"]}
    return Reply(sent[0]["status"], found, b"".join(each["body"] for each in sent[1:]))
