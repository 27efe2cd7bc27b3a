"""The SDK's own client of the MCP server: in this process, over stdio, or over HTTP."""

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lbp_service.http.compute import Compute
from lbp_service.mcp.server import server
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import CallToolResult, TextContent

from support.cli import COMMAND, child_environment
from support.models import GEARBOX_FILE, gearbox
from support.served import until

SECONDS = 60
MODES = ("auto", "legacy")
"""The protocol with all in each request, and the one that begins with `initialize`."""


def over_stdio() -> StdioServerParameters:
    """How a program starts `lbp-infer mcp` about the gearbox."""
    environment = child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE))
    program, *words = COMMAND
    return StdioServerParameters(
        command=program, args=[*words, "mcp"], env={**os.environ, **environment}
    )


def in_process() -> Any:
    """A server of the gearbox in this process."""
    return server(gearbox(), Compute(4, SECONDS))


def spoken(where: Any, talk: Callable[[Client], Awaitable[Any]], mode: str = "auto") -> Any:
    """What a talk with a server comes to."""

    async def hold() -> Any:
        async with asyncio.timeout(SECONDS), Client(where, mode=mode) as client:
            return await talk(client)

    return asyncio.run(hold())


def called(name: str, where: Any = None, **arguments: Any) -> CallToolResult:
    """What a call comes to, by default in this process."""
    target = in_process() if where is None else where
    result: CallToolResult = spoken(target, lambda client: client.call_tool(name, arguments))
    return result


def text(result: CallToolResult) -> str:
    """The one text of a result."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    words: str = content.text
    return words


async def interviewed(client: Client, answers: dict[str, Any]) -> dict[str, Any]:
    """Hold an interview to its end; what is not among the answers is not known."""
    turn: dict[str, Any] = (await client.call_tool("start_interview", {})).structured_content
    while (question := turn["next_question"]) is not None:
        lines = [each["id"] for each in question["items"]] or [question["id"]]
        said = {name: answers.get(name) for name in lines}
        step = {"session": turn["session"], "answers": said}
        turn = (await client.call_tool("answer_question", step)).structured_content
    return turn


@contextmanager
def over_http(log: Path) -> Iterator[str]:
    """The address of a process that serves the gearbox; it is told to end, and ends well."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*COMMAND, "mcp", "--http", "--port", str(port)]
    environment = child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE))
    with log.open("wb") as written:
        process = subprocess.Popen(command, stderr=written, env=environment)
    try:
        until(lambda: _listens(process, port))
        yield f"http://127.0.0.1:{port}/mcp"
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.wait()


def _listens(process: "subprocess.Popen[bytes]", port: int) -> bool:
    assert process.poll() is None
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
