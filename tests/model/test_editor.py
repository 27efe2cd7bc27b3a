"""What an editor shows in a model file: completion, hover and mistakes, by yaml-language-server.

Left out where it is not installed: `npm install --global yaml-language-server`.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from support.paths import MODELS

MOST_SECONDS = 60
SERVER = shutil.which("yaml-language-server")
TEXT = """\
# yaml-language-server: $schema=model.schema.json
causes:
  worn_bearing:
    label: Worn bearing
    serious: maybe
    preva
"""

pytestmark = pytest.mark.skipif(SERVER is None, reason="yaml-language-server is not installed")


class Editor:
    """The editor's side of the language server protocol, over stdin and stdout."""

    def __init__(self, process: "subprocess.Popen[bytes]", document: str) -> None:
        self._process = process
        self._document = {"uri": document}
        self.found: list[dict[str, Any]] = []
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self._send(method="initialized", params={})
        opened = {**self._document, "languageId": "yaml", "version": 1, "text": TEXT}
        self._send(method="textDocument/didOpen", params={"textDocument": opened})

    def at(self, method: str, line: int, character: int) -> Any:
        """Ask about a place of the document; line and character count from 0."""
        position = {"line": line, "character": character}
        return self.ask(method, {"textDocument": self._document, "position": position})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        self._send(id=method, method=method, params=params)
        while True:
            message = self.received()
            if message.get("id") == method:
                return message["result"]

    def received(self) -> dict[str, Any]:
        """Read a message, and answer what the server asks: all settings as they come."""
        stdout = self._process.stdout
        assert stdout is not None
        length = 0
        while header := stdout.readline().strip():
            if header.lower().startswith(b"content-length:"):
                length = int(header.partition(b":")[2])
        message: dict[str, Any] = json.loads(stdout.read(length))
        if message.get("method") == "workspace/configuration":
            on = {"validate": True, "hover": True, "completion": True}
            rest: list[dict[str, Any]] = [{} for _ in message["params"]["items"][1:]]
            self._send(id=message["id"], result=[on, *rest])
        if message.get("method") == "textDocument/publishDiagnostics":
            self.found = message["params"]["diagnostics"]
        return message

    def _send(self, **message: Any) -> None:
        assert self._process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    shutil.copy(MODELS / "model.schema.json", tmp_path)
    command = [str(SERVER), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        # A server that says nothing more must not hold the tests up.
        end = Timer(MOST_SECONDS, process.kill)
        end.start()
        yield Editor(process, (tmp_path / "m.yaml").as_uri())
        end.cancel()
        process.kill()


def test_an_editor_completes_explains_and_checks(editor: Editor) -> None:
    offered = {
        each["label"]: each.get("documentation")
        for each in editor.at("textDocument/completion", 5, 9)["items"]
    }
    assert offered["prevalence"] == "Of the people that this setting sees, how many have it."
    assert "label" not in offered
    shown = editor.at("textDocument/hover", 3, 6)["contents"]["value"]
    assert "A few words for lists and reports." in shown
    while not any('"boolean"' in each["message"] for each in editor.found):
        editor.received()
