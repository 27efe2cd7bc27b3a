"""Examples of pages that show requests as curl commands, sent to a service in this process."""

import re
import shlex
from itertools import pairwise
from typing import Any

from support.service import Caller, Reply

ADDRESS = "http://127.0.0.1:8000"


def examples(text: str) -> list[tuple[str, str]]:
    """Each command of a page with the JSON that stands below it."""
    return re.findall(r"```sh\n(curl .*?)\n```\n\n```json\n(.*?)```", text, re.DOTALL)


def sent(caller: Caller, command: str) -> Reply:
    """The answer to a command that posts."""
    words = shlex.split(command)
    headers, address, body = [], "", b""
    for name, value in pairwise(words):
        headers += [tuple(value.split(": ", 1))] if name == "-H" else []
        address = value.removeprefix(ADDRESS) if value.startswith(ADDRESS) else address
        body = value.encode() if name == "-d" else body
    assert words[:3] == ["curl", "-X", "POST"]
    return caller.send("POST", address, [body], [(name, value) for name, value in headers])


def shape(document: Any) -> Any:
    """A document with its numbers and words taken out, since a model's may change any day."""
    if isinstance(document, dict):
        return {name: shape(value) for name, value in document.items()}
    if isinstance(document, list):
        return [shape(each) for each in document]
    return type(document).__name__
