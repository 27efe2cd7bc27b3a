"""The examples of docs/service.md: each is answered with what stands below it."""

import json
import re
import shlex
from itertools import pairwise
from typing import Any

import pytest
from lbp_service.http.endpoints import ANSWERED, SHOWN
from lbp_service.http.problems import KINDS
from support.paths import ROOT
from support.service import Caller, service

TEXT = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```sh\n(curl .*?)\n```\n\n```json\n(.*?)```", TEXT, re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def caller() -> Caller:
    return service("lbp-runner")


def shape(document: Any) -> Any:
    """A document with its numbers and words taken out, since a model's may change any day."""
    if isinstance(document, dict):
        return {name: shape(value) for name, value in document.items()}
    if isinstance(document, list):
        return [shape(each) for each in document]
    return type(document).__name__


@pytest.mark.parametrize(("command", "answer"), EXAMPLES)
def test_an_example_is_answered_as_it_says(caller, command, answer):
    words = shlex.split(command)
    headers, address, body = [], "", b""
    for name, value in pairwise(words):
        headers += [tuple(value.split(": ", 1))] if name == "-H" else []
        address = value.removeprefix(ADDRESS) if value.startswith(ADDRESS) else address
        body = value.encode() if name == "-d" else body
    assert words[:3] == ["curl", "-X", "POST"]
    reply = caller.send("POST", address, [body], headers)
    shown = json.loads(answer)
    assert shape(reply.json) == shape(shown)
    if reply.status != 200:
        for name in ("type", "title", "status", "detail", "nearest"):
            assert reply.json[name] == shown[name]


def test_there_are_examples():
    assert len(EXAMPLES) == TEXT.count("curl ") >= 4


def test_every_address_and_status_is_on_the_page():
    for each in (*ANSWERED, *SHOWN):
        assert f"{each.path}`" in TEXT
    for status, _ in KINDS.values():
        assert status == 500 or str(status) in TEXT
