"""Read the body of a request as JSON: small, soon, and one thing only."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
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
    headers: Mapping[str, str], receive: Receive, media_type: str = JSON_TYPE
) -> bytes:
    """Read the whole body; raises ProblemError for another type, and one too large or too slow."""
    _check_headers(headers, media_type)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _all(receive)
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


def _check_headers(headers: Mapping[str, str], wanted: str) -> None:
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise ProblemError("unsupported-media-type", "the body is compressed; send it as it is")
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().replace('"', "")
    if media_type.strip().lower() != wanted or charset not in ("", "charset=utf-8"):
        raise ProblemError("unsupported-media-type", f"send 'Content-Type: {wanted}', in UTF-8")
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length[:20]) > MOST_BYTES:
        raise _too_large()


async def _all(receive: Receive) -> bytes:
    content = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ProblemError("malformed-request", "the body ended before its end")
        content += message.get("body", b"")
        if len(content) > MOST_BYTES:
            raise _too_large()
        if not message.get("more_body"):
            return bytes(content)


def _too_large() -> ProblemError:
    said = f"the body is over {MOST_BYTES // 1024} KiB; no case is that large"
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
