"""Read the body of a request as JSON: small, soon, and one thing only."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from itertools import accumulate
from typing import Any

import msgspec

from lbp_service.http.problems import ProblemError

MOST_BYTES = 64 * 1024
"""Bytes of a body; a full history is under 8 KiB, a session of all questions under 16."""
DEEPEST = 20
"""Levels of nested lists and objects."""
BODY_SECONDS = 10.0
"""Time for a body to arrive."""
JSON_TYPE = "application/json"
STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"')
BRACKETS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
BOM = b"\xef\xbb\xbf"

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


async def read_body(
    headers: Mapping[str, str],
    receive: Receive,
    media_types: Sequence[str] = (JSON_TYPE,),
    most: int = MOST_BYTES,
) -> bytes:
    """Read the whole body; raises ProblemError for another type, and one too large or too slow."""
    _check_headers(headers, media_types, most)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _all(receive, most)
    except TimeoutError:
        said = f"the body did not arrive within {BODY_SECONDS:g} seconds; send it whole"
        raise ProblemError("slow-request", said, headers={"Connection": "close"}) from None


def parse(content: bytes) -> Any:
    """Parse a body as JSON; raises ProblemError where it is broken, ambiguous or nested too deeply.

    >>> parse(b'{"evidence": {"age": 42}}')
    {'evidence': {'age': 42}}
    """
    if content.startswith(BOM):
        raise ProblemError(
            "malformed-request", "the body begins with a byte order mark; leave it out"
        )
    if not content.strip():
        raise ProblemError(
            "malformed-request", "the body is empty; send a JSON object, {} at least"
        )
    if _depth(content) > DEEPEST:
        raise ProblemError("invalid-request", f"the body is nested over {DEEPEST} levels deep")
    try:
        found = msgspec.json.decode(content)
        json.loads(content, object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise ProblemError("malformed-request", "the body is not UTF-8; send it as UTF-8") from None
    except msgspec.MsgspecError as error:
        raise ProblemError("malformed-request", f"the body is no JSON: {_said(error)}") from None
    except ValueError:
        raise ProblemError("malformed-request", "the body is no JSON: broken text") from None
    return found


def media_type_of(text: str) -> tuple[str, dict[str, str]]:
    """Return a media type in lower case, and its parameters, {name in lower case: value}.

    >>> media_type_of('Application/JSON; Charset="utf-8"')
    ('application/json', {'charset': 'utf-8'})
    """
    media_type, *rest = (each.strip() for each in text.split(";"))
    named = (each.partition("=") for each in rest)
    parameters = {name.strip().lower(): value.strip().strip('"') for name, _, value in named}
    return media_type.lower(), parameters


def _check_headers(headers: Mapping[str, str], wanted: Sequence[str], most: int) -> None:
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise ProblemError("unsupported-media-type", "the body is compressed; send it as it is")
    media_type, parameters = media_type_of(headers.get("content-type", ""))
    if media_type not in wanted or parameters.get("charset", "utf-8").lower() != "utf-8":
        raise ProblemError("unsupported-media-type", f"send 'Content-Type: {wanted[0]}', in UTF-8")
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > most:
        raise _too_large(most)


async def _all(receive: Receive, most: int) -> bytes:
    content = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ProblemError("malformed-request", "the body ended before its end")
        content += message.get("body", b"")
        if len(content) > most:
            raise _too_large(most)
        if not message.get("more_body"):
            return bytes(content)


def _too_large(most: int) -> ProblemError:
    said = f"the body is over {most // 1024} KiB; no case is that large"
    return ProblemError("too-large", said, headers={"Connection": "close"})


def _depth(content: bytes) -> int:
    """Return how deeply lists and objects are nested, text in quotes left out."""
    brackets = (BRACKETS[each] for each in STRINGS.sub(b"", content) if each in BRACKETS)
    return max(accumulate(brackets), default=0)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a dict of pairs; ProblemError for a key that comes twice: one would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ProblemError("malformed-request", f"'{twice}' stands twice in one object; keep one")
    return found


def _said(error: Exception) -> str:
    return str(error).removeprefix("JSON is malformed: ")
