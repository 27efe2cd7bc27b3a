"""The addresses of FHIR: /fhir/R4 and /fhir/R5, with resources in JSON and errors as outcomes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol

from lbp_fhir import Version
from msgspec import json
from starlette.routing import Route

from bayesnet import UnknownNameError
from lbp_service.fhir import operations
from lbp_service.fhir.capability import OPERATION, capability, operation_definition
from lbp_service.fhir.library import CODE_SYSTEM, QUESTIONNAIRE, SOUGHT, read, searched
from lbp_service.http.body import parse, read_body
from lbp_service.http.compute import Compute
from lbp_service.http.cors import ANY_ORIGIN, called_from_anywhere
from lbp_service.http.doors import Door
from lbp_service.http.exchange import (
    Receive,
    Scope,
    Send,
    disconnected,
    headers_of,
    parameters,
    respond,
)
from lbp_service.http.negotiation import MEDIA_TYPES, check_sent_form, form_wanted
from lbp_service.http.outcomes import MEDIA_TYPE, write_outcome
from lbp_service.http.problems import ProblemError
from lbp_service.http.settings import Settings
from lbp_service.http.tagged import respond_tagged
from lbp_service.shelf.shelf import Shelf
from lbp_service.shelf.standing import Standing

BASE = "/fhir"
VERSIONS: tuple[Version, ...] = ("R4", "R5")
METADATA = tuple(f"{BASE}/{version}/metadata" for version in VERSIONS)
FORMAT = "_format"
WITHOUT_EFFECT = ("_pretty", "_summary", "_elements", "mode")
"""Parameters by which a client asks for less or for another layout, which FHIR lets a server pass
over: what is shown is whole, and small."""
MOST_BYTES = 256 * 1024
"""Bytes of a body: a response carries all that was asked so far, half a kilobyte a question."""
FHIR = Door(BASE, MEDIA_TYPE, write_outcome, ANY_ORIGIN, " or ".join(METADATA))

Shown = Callable[[Shelf, dict[str, list[str]], dict[str, str], str], dict[str, Any]]
"""Shows what stands for itself: the shelf, what is sought, names in the address, the base."""
Operation = Callable[[Shelf, Any, Version, datetime], dict[str, Any]]


class Serving(Protocol):
    """What resources are answered with."""

    settings: Settings
    standing: Standing
    short: Compute


def present() -> datetime:
    """Return the present, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def address_of(scope: Scope, settings: Settings) -> str:
    """Return the address at which the caller reaches the service, without a slash at its end."""
    host = headers_of(scope).get("host", "localhost")
    return settings.public or f"{scope.get('scheme', 'http')}://{host}"


class Resource:
    """An address that shows what stands for itself, with a tag of what it says."""

    def __init__(
        self,
        service: Serving,
        version: Version,
        below: str,
        show: Shown,
        takes: tuple[str, ...] = (),
    ) -> None:
        self._service, self._version, self._show, self._takes = service, version, show, takes
        self.path = f"{BASE}/{version}/{below}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        named = parameters(scope, (*self._takes, FORMAT, *WITHOUT_EFFECT))
        accept = headers_of(scope).get("accept", "")
        formats = [value for name, value in named if name == FORMAT]
        media_type = form_wanted(accept, formats, self._version)
        sought = {
            name: [value for other, text in named if other == name for value in text.split(",")]
            for name, _ in named
            if name in self._takes
        }
        shelf = self._service.standing.shelf
        base = f"{address_of(scope, self._service.settings)}{BASE}/{self._version}"

        def work() -> bytes:
            return json.encode(self._show(shelf, sought, scope["path_params"], base))

        body = await self._service.short.run(work, partial(disconnected, receive))
        await respond_tagged(scope, send, body, media_type)


class Operating:
    """An operation: a response is posted, and what follows from it is answered."""

    def __init__(self, service: Serving, version: Version, below: str, do: Operation) -> None:
        self._service, self._version, self._do = service, version, do
        self.path = f"{BASE}/{version}/{below}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = headers_of(scope)
        named = parameters(scope, (FORMAT, *WITHOUT_EFFECT))
        formats = [value for name, value in named if name == FORMAT]
        media_type = form_wanted(headers.get("accept", ""), formats, self._version)
        content = await read_body(headers, receive, MEDIA_TYPES, MOST_BYTES)
        check_sent_form(headers["content-type"], self._version)
        body, shelf, now = parse(content), self._service.standing.shelf, present()

        def work() -> bytes:
            return json.encode(self._do(shelf, body, self._version, now))

        answer = await self._service.short.run(work, partial(disconnected, receive))
        told = {"Content-Type": media_type, "Cache-Control": "no-store"}
        await respond(send, 200, answer, told)


class NoOperation:
    """Addresses of operations that nobody offers, and of those that are offered to be posted."""

    def __init__(self, version: Version, kind: str, offered: str) -> None:
        self._kind, self._offered = kind, offered
        self.path = f"{BASE}/{version}/{kind}/${{operation}}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say what is offered."""
        asked = scope["path_params"]["operation"]
        if asked == self._offered:
            said = "use POST for operations"
            raise ProblemError("method-not-allowed", said, headers={"Allow": "POST"})
        said = f"{self._kind} has no operation '${asked:.40}'; it has '${self._offered}'"
        raise ProblemError("not-found", said, (self._offered,))


def fhir_routes(service: Serving) -> list[Route]:
    """Make the routes of both versions."""
    return [route for version in VERSIONS for route in _routes(service, version)]


def _routes(service: Serving, version: Version) -> Iterator[Route]:
    # Operations come first: their addresses look like that of a resource with an id.
    for kind, name, do in (
        (QUESTIONNAIRE, operations.NEXT_QUESTION, operations.ask_next),
        ("QuestionnaireResponse", operations.ASSESS_RISK, operations.assess_risk),
    ):
        operating = Operating(service, version, f"{kind}/${name}", do)
        yield from called_from_anywhere(operating, "POST")
        other = NoOperation(version, kind, name)
        yield Route(other.path, other)
    for below, show, takes in (
        ("metadata", lambda *told: capability(version, told[-1]), ()),
        *_shown(QUESTIONNAIRE, version),
        *_shown(CODE_SYSTEM, version),
        (f"{OPERATION}/{operations.ASSESS_RISK}", lambda *_: operation_definition(), ()),
    ):
        resource = Resource(service, version, below, show, takes)
        yield from called_from_anywhere(resource, "GET")


def _shown(kind: str, version: Version) -> Iterator[tuple[str, Shown, tuple[str, ...]]]:
    """Yield what a kind of resource is shown by: a search, and each by its id."""
    yield kind, lambda shelf, sought, _, base: searched(shelf, kind, version, sought, base), SOUGHT
    yield f"{kind}/{{id}}", lambda shelf, _, named, __: _read(shelf, kind, version, named["id"]), ()


def _read(shelf: Shelf, kind: str, version: Version, name: str) -> dict[str, Any]:
    try:
        return read(shelf, kind, version, name)
    except UnknownNameError as error:
        raise ProblemError("not-found", str(error), error.nearest) from None
