"""Stand around all addresses: who may ask, what is counted and logged, and every error worded.

Of a request the log and the counts hold the address as it is declared, the status and the time,
and the caller's own name for the interview: nothing that was said of a person, and no text of an
error, which could repeat it.
"""

import logging
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from msgspec import json
from starlette.exceptions import HTTPException

from bayesnet import BayesnetError
from lbp_service.http.compute import LeftError
from lbp_service.http.counts import Counts
from lbp_service.http.doors import Door, door_of
from lbp_service.http.exchange import (
    Message,
    Receive,
    Scope,
    Send,
    headers_of,
    interview_id,
    respond,
)
from lbp_service.http.keys import Gate
from lbp_service.http.problems import INTERNAL, ProblemError, problem_of

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
LOG = logging.getLogger("lbp_service")
ELSEWHERE = "other"
"""What stands for an address that is not declared: as it was sent, it could hold anything."""
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
LEFT = 499
"""The status that is noted where the one who asked left before the answer."""


class Observed:
    """An application with its keys, its log, its counts, and its errors in words.

    gate: who may ask; doors: addresses whose errors are no problem documents.
    """

    def __init__(
        self,
        inner: Application,
        counts: Counts,
        gate: Gate,
        doors: Sequence[Door] = (),
    ) -> None:
        self._inner, self._counts = inner, counts
        self._gate, self._doors = gate, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or carry the messages of the start and the end."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        began = time.perf_counter()
        seen = _Seen(scope, send, door_of(scope["path"], self._doors))
        try:
            await self._answer(scope, receive, seen)
        except LeftError:
            seen.status = LEFT
        seconds = time.perf_counter() - began
        route = getattr(scope.get("endpoint"), "path", ELSEWHERE)
        method = scope["method"] if scope["method"] in METHODS else ELSEWHERE
        self._counts.answered(method, route, seen.status, seconds)
        line = {
            "request": seen.id,
            "interview": seen.interview,
            "method": method,
            "route": route,
            "status": seen.status,
            "ms": round(1000 * seconds, 1),
        }
        LOG.info("%s", json.encode(line).decode())

    async def _answer(self, scope: Scope, receive: Receive, seen: "_Seen") -> None:
        try:
            headers = headers_of(scope)
            seen.interview = interview_id(headers)
            self._gate.check(scope["method"], scope["path"], headers.get("authorization", ""))
            # By this Starlette's routes raise what they refuse.
            scope["app"] = self
            await self._inner(scope, receive, seen.send)
        except ProblemError as problem:
            await seen.refuse(problem)
        except BayesnetError as error:
            await seen.refuse(problem_of(error))
        except HTTPException as error:
            await seen.refuse(_of_routes(error, seen.door))
        except LeftError:
            raise
        except Exception as error:
            LOG.log(
                logging.ERROR, "%s", json.encode({"request": seen.id, **trace_of(error)}).decode()
            )
            await seen.refuse(ProblemError("internal-error", INTERNAL))


class _Seen:
    """What was seen of one request and its answer."""

    def __init__(self, scope: Scope, send: Send, door: Door) -> None:
        self.id, self.interview, self.status = str(uuid.uuid4()), "", 0
        self._send, self._is_head, self.door = send, scope["method"] == "HEAD", door
        self._common = [(name.encode(), value.encode()) for name, value in door.headers.items()]

    async def send(self, message: Message) -> None:
        """Send on what the application answers, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            named = [(b"interview-id", self.interview.encode())] if self.interview else []
            fixed = [(b"x-content-type-options", b"nosniff"), *self._common, *named]
            message = {**message, "headers": [*message["headers"], *fixed]}
        elif self._is_head:
            message = {**message, "body": b""}
        await self._send(message)

    async def refuse(self, problem: ProblemError) -> None:
        """Answer with what is wrong, where no other answer has begun."""
        if self.status:
            return
        body, media_type = self.door.body(problem, self.id), self.door.media_type
        headers = {"Content-Type": media_type, "Cache-Control": "no-store", **problem.headers}
        await respond(self.send, problem.status, body, headers)


def _of_routes(error: HTTPException, door: Door) -> ProblemError:
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        said = f"use {allowed} here"
        return ProblemError("method-not-allowed", said, headers={"Allow": allowed})
    return ProblemError("not-found", f"there is nothing at this address; {door.index} lists all")


def trace_of(error: Exception) -> dict[str, Any]:
    """Say what went wrong and where in the code, without the error's text."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = [f"{each.filename.rpartition('/')[2]}:{each.lineno}" for each in frames]
    return {"error": type(error).__name__, "at": places}
