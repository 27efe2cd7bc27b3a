"""Run the MCP server: over stdio for the program that started it, or over streamable HTTP."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvicorn
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.transport_security import TransportSecuritySettings

from bayesnet import DiagnosticModel
from lbp_service.http.body import MOST_BYTES
from lbp_service.http.compute import Compute
from lbp_service.http.exchange import Receive, Scope, Send, headers_of, respond
from lbp_service.http.keys import check_key
from lbp_service.http.problems import MEDIA_TYPE, ProblemError
from lbp_service.http.serving import DRAIN_SECONDS, check_address
from lbp_service.mcp.server import server

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
PATH = "/mcp"
"""The path of the address over HTTP."""
QUEUE, SECONDS = 32, 60.0
"""Calls that may wait, and how long one may take."""
HOME = ("127.0.0.1", "localhost", "::1")
"""Hosts that nobody elsewhere reaches."""


def serve_stdio(model: DiagnosticModel) -> None:
    """Answer the program at the other end of stdin and stdout until it closes them."""
    _be_long_lived()
    # A thread waits for stdin, which Ctrl-C does not wake; nothing is kept that could be lost.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    compute = Compute(QUEUE, SECONDS)
    asyncio.run(_over_stdio(server(model, compute)))
    compute.close()


def serve_http(
    model: DiagnosticModel, host: str, port: int, key_digests: Sequence[bytes] = ()
) -> None:
    """Answer at http://HOST:PORT/mcp until SIGTERM or SIGINT; each request stands by itself.

    key_digests: SHA-256 of each key that is accepted; without any, none is asked for. Raises
    EvidenceError where the port is taken or the host is none.
    """
    check_address(host, port)
    _be_long_lived()
    # Once it has drained, uvicorn sends itself the signal again: that is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    compute = Compute(QUEUE, SECONDS)
    config = uvicorn.Config(
        application(server(model, compute), host, key_digests),
        host,
        port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    print(f"MCP at http://{host}:{port}{PATH}", file=sys.stderr, flush=True)
    uvicorn.Server(config).run()
    compute.close()


def application(made: Server[Any], host: str, key_digests: Sequence[bytes] = ()) -> Application:
    """Make the ASGI application; a local one answers only to its own name, whoever resolves it."""
    names = [*HOME[:2], f"[{HOME[2]}]"]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=host in HOME,
        allowed_hosts=[f"{name}:*" for name in names],
        allowed_origins=[f"http://{name}:*" for name in names],
    )
    inner = made.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=MOST_BYTES,
        transport_security=security,
    )
    return _Keyed(inner, key_digests) if key_digests else inner


class _Keyed:
    """An application that answers only with one of the keys."""

    def __init__(self, inner: Application, key_digests: Sequence[bytes]) -> None:
        self._inner, self._keys = inner, key_digests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            try:
                check_key(headers_of(scope).get("authorization", ""), self._keys)
            except ProblemError as problem:
                headers = {"Content-Type": MEDIA_TYPE, **problem.headers}
                await respond(send, problem.status, problem.body(""), headers)
                return
        await self._inner(scope, receive, send)


async def _over_stdio(made: Server[Any]) -> None:
    async with stdio_server() as (read, write):
        await made.run(read, write, made.create_initialization_options())


def _be_long_lived() -> None:
    """Collect garbage, which a command that ends soon does not; and log without what was said.

    The SDK's own log holds what it could not read, so it is shut.
    """
    gc.enable()
    for name in ("mcp", "uvicorn"):
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    ours = logging.getLogger("lbp_service")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False
