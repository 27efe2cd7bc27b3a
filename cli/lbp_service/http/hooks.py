"""The addresses of CDS Hooks: what is offered, a call of the hook, and what became of its cards."""

from functools import partial
from typing import Any

from lbp_fhir import FhirError
from msgspec import json
from starlette.routing import Route

from lbp_service.hooks.answer import cards
from lbp_service.hooks.call import Call, NotPrefetchedError, read_call
from lbp_service.hooks.discovery import SERVICE, services
from lbp_service.hooks.feedback import check_feedback
from lbp_service.http.body import parse, read_body
from lbp_service.http.cors import ANY_ORIGIN, called_from_anywhere
from lbp_service.http.doors import Door
from lbp_service.http.exchange import (
    JSON_TYPE,
    Receive,
    Scope,
    Send,
    disconnected,
    headers_of,
    parameters,
    respond,
)
from lbp_service.http.fhir import MOST_BYTES, Serving, address_of, present
from lbp_service.http.outcomes import refused, write_outcome
from lbp_service.http.tagged import respond_tagged

BASE = "/cds-services"
HOOKS = Door(BASE, JSON_TYPE, write_outcome, ANY_ORIGIN, BASE)
"""Errors are outcomes; pages of any origin may call, since nothing here is anybody's."""


class Discovery:
    """What is offered."""

    path = BASE

    def __init__(self, service: Serving) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        parameters(scope, ())
        models = tuple(self._service.standing.shelf.models.values())
        await respond_tagged(scope, send, json.encode(services(models)))


class Hook:
    """A call of the hook."""

    path = f"{BASE}/{SERVICE}"

    def __init__(self, service: Serving) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        parameters(scope, ())
        call = _call(parse(await read_body(headers_of(scope), receive, most=MOST_BYTES)))
        service, now = self._service, present()
        page = f"{address_of(scope, service.settings)}/" if service.settings.page else ""

        def work() -> bytes:
            return json.encode(cards(service.standing.shelf, call, now, page))

        told = await service.short.run(work, partial(disconnected, receive))
        headers = {"Content-Type": JSON_TYPE, "Cache-Control": "no-store"}
        await respond(send, 200, told, headers)


class Feedback:
    """What became of cards: accepted and forgotten."""

    path = f"{Hook.path}/feedback"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        parameters(scope, ())
        body = parse(await read_body(headers_of(scope), receive))
        try:
            check_feedback(body)
        except FhirError as error:
            raise refused("malformed-request", error.issues) from None
        headers = {"Content-Type": JSON_TYPE, "Cache-Control": "no-store"}
        await respond(send, 200, b"{}", headers)


def hook_routes(service: Serving) -> list[Route]:
    """Make the routes of the hook."""
    return [
        *called_from_anywhere(Discovery(service), "GET"),
        *called_from_anywhere(Hook(service), "POST"),
        *called_from_anywhere(Feedback(), "POST"),
    ]


def _call(body: Any) -> Call:
    try:
        return read_call(body)
    except NotPrefetchedError as error:
        raise refused("not-prefetched", error.issues) from None
    except FhirError as error:
        raise refused("malformed-request", error.issues) from None
