"""`lbp-infer mcp`, spoken to by the SDK's own client: what a language model's program meets."""

import asyncio
import http.client
import json
import logging
import signal
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import pytest

pytest.importorskip("mcp")

from lbp_service.http.compute import Compute
from lbp_service.http.keys import digest
from lbp_service.mcp.running import PATH, application
from lbp_service.mcp.server import server
from lbp_service.tools.brevity import MOST_QUESTIONS
from lbp_service.tools.guidance import INTERVIEW
from lbp_service.tools.tools import TOOLS
from mcp.shared.exceptions import MCPError
from support.cli import COMMAND, child_environment, refused
from support.mcp_client import (
    MODES,
    SECONDS,
    called,
    in_process,
    interviewed,
    over_http,
    over_stdio,
    spoken,
    text,
)
from support.models import BEARING, GEARBOX_FILE, gearbox

MARK = "Zq7sentinel"
"""A word that comes up nowhere by itself."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server over HTTP, as a process; it ends in peace, and logs nothing that was said."""
    with over_http(tmp_path_factory.mktemp("mcp") / "log") as found:
        yield found


def answers_of(evidence):
    return {each["id"]: each["value"] for each in evidence}


def test_an_interview_over_both_transports_ends_in_the_command_line_s_report(address):
    ends = [
        spoken(where, lambda client: interviewed(client, BEARING), mode)
        for where, mode in ((over_stdio(), "auto"), (address, "auto"), (address, "legacy"))
    ]
    assert ends[0] == ends[1] == ends[2]
    report = ends[0]["report"]
    case = json.dumps(answers_of(report["evidence"]))
    command = [*COMMAND, "--json", "--case", "-"]
    environment = child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE))
    done = subprocess.run(
        command, input=case, capture_output=True, text=True, env=environment, timeout=SECONDS
    )
    whole = json.loads(done.stdout)
    assert report == {**whole, "questions": whole["questions"][:MOST_QUESTIONS]}


def test_tools_are_listed_with_schemas_and_as_reading_only():
    for mode in MODES:
        listed = spoken(in_process(), lambda client: client.list_tools(), mode).tools
        assert [each.name for each in listed] == list(TOOLS)
        for each in listed:
            assert each.input_schema == TOOLS[each.name].input_schema
            assert each.output_schema == TOOLS[each.name].output_schema
            assert each.annotations.read_only_hint
            assert each.annotations.open_world_hint is False


def test_an_answer_comes_as_words_and_as_data():
    result = called("assess_case", evidence=BEARING)
    assert not result.is_error
    assert text(result).startswith("URGENCY (")
    assert result.structured_content["disclaimer"] in text(result)
    # What is null in the report stays there.
    assert called("start_interview", evidence={"smoke": True}).structured_content[
        "next_question"
    ] is None  # fmt: skip


WRONG = {
    "unknown id": ({"evidence": {"wine": True}}, "whine"),
    "evidence as JSON in a string": ({"evidence": '{"whine": true}'}, "object"),
    "an argument more": ({"evidence": {}, "causes": []}, "argument"),
    "1,000 keys": ({"evidence": {f"x{n}": True for n in range(1000)}}, "x0"),
    "deep": ({"evidence": {"whine": [[[[[[[[[[1]]]]]]]]]]}}, "whine"),
}


@pytest.mark.parametrize(("given", "hint"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_a_tool_error_that_helps(given, hint):
    result = called("assess_case", **given)
    assert result.is_error
    assert result.structured_content is None
    assert hint in text(result)
    assert "Traceback" not in text(result)


def test_what_is_not_there_is_an_error_of_the_protocol_with_the_nearest():
    async def talk(client):
        for ask, near in (
            (client.call_tool("asses_case", {}), "assess_case"),
            (client.read_resource("model://gearbox/causes/worn_baring"), "worn_bearing"),
            (client.get_prompt("hold_intervew"), INTERVIEW),
            (client.get_prompt(INTERVIEW, {"who": "me"}), "no arguments"),
        ):
            with pytest.raises(MCPError, match=near):
                await ask

    for mode in MODES:
        spoken(in_process(), talk, mode)


def test_resources_and_the_prompt_are_given():
    async def talk(client):
        listed = (await client.list_resources()).resources
        held = await client.read_resource(listed[-1].uri)
        templates = (await client.list_resource_templates()).resource_templates
        (prompt,) = (await client.list_prompts()).prompts
        (message,) = (await client.get_prompt(prompt.name)).messages
        return json.loads(held.contents[0].text), templates, message.content.text

    told, templates, words = spoken(in_process(), talk)
    assert told["numbers"]
    assert all(each.uri_template.startswith("model://gearbox/") for each in templates)
    assert gearbox().description.model.disclaimer in words
    assert {name for name in TOOLS if name in words} >= {"start_interview", "answer_question"}


def test_a_cancelled_call_hinders_no_other():
    begun, go_on = threading.Event(), threading.Event()

    class Held(Compute):
        async def run(self, work, gone):
            def slowly():
                begun.set()
                assert go_on.wait(SECONDS)
                return work()

            return await super().run(work if begun.is_set() else slowly, gone)

    async def talk(client):
        call = asyncio.ensure_future(client.call_tool("assess_case", {}))
        while not begun.is_set():
            await asyncio.sleep(0.01)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        go_on.set()
        return await client.call_tool("assess_case", {"evidence": {"whine": True}})

    for mode in MODES:
        begun.clear()
        go_on.clear()
        result = spoken(server(gearbox(), Held(4, SECONDS)), talk, mode)
        assert not result.is_error


def test_a_full_queue_is_said():
    result = called("assess_case", server(gearbox(), Compute(0, SECONDS)))
    assert result.is_error
    assert "try again" in text(result)


def test_a_fault_is_owned_and_neither_sent_nor_logged(caplog, monkeypatch):
    def broken(*_):
        raise RuntimeError(MARK)

    monkeypatch.setattr("lbp_service.mcp.server.call", broken)
    with caplog.at_level(logging.DEBUG):
        result = called("assess_case", evidence={"whine": True})
    assert result.is_error
    assert MARK not in text(result)
    assert "RuntimeError" in caplog.text
    assert MARK not in caplog.text


LINES = {
    "no JSON": "{",
    "no protocol": '{"a": 1}',
    "bytes": "\udcff\udcfe",
    "unknown version": json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {
                "protocolVersion": "1999-01-01",
                "capabilities": {},
                "clientInfo": {"name": MARK, "version": "0"},
            },
        }
    ),
    "initialized": '{"jsonrpc": "2.0", "method": "notifications/initialized"}',
    "a method that is none": json.dumps({"jsonrpc": "2.0", "id": 2, "method": MARK}),
    "arguments as text": json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 3,
            "method": "tools/call",
            "params": {"name": "assess_case", "arguments": f'{{"{MARK}": 1}}'},
        }
    ),
    "an answer that is none": json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 4,
            "method": "tools/call",
            "params": {"name": "assess_case", "arguments": {"evidence": {MARK: MARK}}},
        }
    ),
    "a call": json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 5,
            "method": "tools/call",
            "params": {"name": "assess_case", "arguments": {}},
        }
    ),
}


def test_stdout_carries_the_protocol_alone_whatever_comes_in():
    environment = child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE))
    process = subprocess.Popen(
        [*COMMAND, "mcp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    sent = "".join(f"{line}\n" for line in LINES.values())
    process.stdin.write(sent.encode("utf-8", "surrogateescape"))
    process.stdin.flush()
    found = {}
    while 5 not in found:
        line = json.loads(process.stdout.readline())
        assert line["jsonrpc"] == "2.0"
        found[line.get("id")] = line
    out, log = process.communicate(timeout=SECONDS)
    assert out == b""
    assert process.returncode == 0
    # As the protocol has it, a version that is not known is answered with one that is.
    assert found[1]["result"]["protocolVersion"] >= "2025-11-25"
    assert found[2]["error"]["code"] == -32601
    assert "error" in found[3]
    assert found[4]["result"]["isError"]
    assert not found[5]["result"].get("isError")
    assert MARK not in log.decode()
    assert '"tool":"assess_case"' in log.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
def test_an_interrupt_ends_it_at_once():
    environment = child_environment(LBP_INFER_MODEL=str(GEARBOX_FILE))
    pipe = subprocess.PIPE
    command = [*COMMAND, "mcp"]
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment
    ) as process:
        process.stdin.write(LINES["unknown version"].encode() + b"\n")
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == -signal.SIGINT


def test_what_http_refuses(address):

    def post(content=b"{}", **headers):
        place = urlsplit(address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=SECONDS)
        try:
            told = {
                "Content-Type": "application/json",
                "Accept": "application/json, text/event-stream",
            }
            connection.request("POST", PATH, content, {**told, **headers})
            return connection.getresponse().status
        finally:
            connection.close()

    assert post(Host="evil.test") == 421
    assert post(Origin="http://evil.test") == 403
    assert post(b"{") == 400
    assert post(b"a" * 70_000) == 413
    listing = b'{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}'
    assert post(listing, **{"MCP-Protocol-Version": "1999-01-01"}) == 400


def test_a_key_is_asked_for_where_there_is_one():
    app = application(in_process(), "127.0.0.1", [digest("k" * 20)])
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    for given in (b"", b"Bearer wrong", b"Basic " + b"k" * 20):
        scope = {"type": "http", "method": "POST", "path": PATH}
        asyncio.run(app({**scope, "headers": [(b"authorization", given)]}, receive, send))
        assert sent.pop(0)["status"] == 401
        sent.clear()


def test_options_of_http_go_with_it():
    assert "--http" in refused("mcp", "--port", "8001")
