"""Read what surrounds a request's body, and send answers: the smallest words of ASGI."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from bayesnet import UnknownNameError
from lbp_service.http.problems import ProblemError

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

INTERVIEW_ID = re.compile(r"[A-Za-z0-9._~-]{1,64}")
MOST_PARAMETERS = 50
FIELDS = "fields"
JSON_TYPE = "application/json"


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers by name in lower case, repeated ones joined by commas."""
    found: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode("latin-1").lower(), value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


def interview_id(headers: Mapping[str, str]) -> str:
    """Return the caller's name for an interview, empty without one; ProblemError for no name.

    It is echoed and logged, so it must be a plain word, which can neither break a line nor pretend
    to be a header.
    """
    given = headers.get("interview-id")
    if given is None:
        return ""
    if not INTERVIEW_ID.fullmatch(given):
        said = "'Interview-Id' is one word of up to 64 letters, digits, '.', '_', '~' or '-'"
        raise ProblemError("malformed-request", said)
    return given


def fields_of(scope: Scope) -> list[str]:
    """Return the names in `fields`, which may be repeated or hold several with commas.

    Raises UnknownNameError for any other parameter: nothing about a person belongs in an address.
    """
    named = parameters(scope, (FIELDS,))
    return [name for _, value in named for name in value.split(",")]


def parameters(scope: Scope, known: Sequence[str]) -> list[tuple[str, str]]:
    """Return the parameters of the address; raises UnknownNameError for one that is not known."""
    text = scope.get("query_string", b"").decode("latin-1")
    try:
        found = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise ProblemError("malformed-request", "the address has too many parameters") from None
    for name, _ in found:
        if name not in known:
            own = f"it takes {', '.join(known)}; " if known else ""
            remedy = f"{own}answers are posted in the body and never stand in the address"
            raise UnknownNameError("parameter", name, known, remedy=remedy)
    return found


async def disconnected(receive: Receive) -> None:
    """Return once the one who asked has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def respond(
    send: Send, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> None:
    """Send a whole answer."""
    told: Iterable[tuple[str, str]] = (headers or {}).items()
    length = [] if status == 304 else [(b"content-length", str(len(body)).encode())]
    sent = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in told]
    await send({"type": "http.response.start", "status": status, "headers": [*sent, *length]})
    await send({"type": "http.response.body", "body": body})
