"""Put the service together as an ASGI application: `application(settings)`."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import lru_cache, partial
from typing import Any

from msgspec import json
from starlette.routing import Route, Router

from bayesnet import DiagnosticModel, load_model
from bayesnet.diagnosis.report.json_text import json_text
from lbp_service.answers.reading import read_request
from lbp_service.http.body import parse, read_body
from lbp_service.http.compute import Compute
from lbp_service.http.counts import MEDIA_TYPE as COUNTS_TYPE
from lbp_service.http.counts import Counts
from lbp_service.http.endpoints import ANSWERED, SHOWN, Answered, Shown
from lbp_service.http.exchange import (
    JSON_TYPE,
    Receive,
    Scope,
    Send,
    disconnected,
    fields_of,
    headers_of,
    parameters,
    respond,
)
from lbp_service.http.fhir import FHIR, METADATA, fhir_routes
from lbp_service.http.hooks import HOOKS, hook_routes
from lbp_service.http.keys import Gate
from lbp_service.http.observed import LOG, Application, Observed
from lbp_service.http.openapi import openapi
from lbp_service.http.pages import no_page_routes, page_routes
from lbp_service.http.settings import Settings
from lbp_service.http.tagged import respond_tagged
from lbp_service.http.tags import matches, tag_of_case
from lbp_service.shelf.shelf import Load
from lbp_service.shelf.standing import Standing

LIVE, READY, METRICS, OPENAPI = "/v1/health/live", "/v1/health/ready", "/metrics", "/openapi.json"
REFRESH_SECONDS = 2.0
"""Time between two looks at the folder of models."""
LONG_SHARE = 8
"""Answers in the short queue for each in the one of those that take seconds."""


class Service:
    """What one process serves with: its models, the thread that works answers out, its counts."""

    def __init__(self, settings: Settings, load: Load) -> None:
        self.settings = settings
        self.standing = Standing(settings.default, settings.more, settings.folder, load)
        self.short = Compute(settings.queue, settings.seconds)
        self.long = Compute(max(1, settings.queue // LONG_SHARE), settings.seconds)
        self.counts = Counts(settings.metrics)

    @asynccontextmanager
    async def lifespan(self, _: Any) -> AsyncIterator[None]:
        """Keep the models as their files are, until the service ends."""
        gc.enable()
        watching = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            await asyncio.to_thread(self.short.close)
            await asyncio.to_thread(self.long.close)

    async def _watch(self) -> None:
        while self.settings.folder is not None:
            await asyncio.sleep(REFRESH_SECONDS)
            if await asyncio.to_thread(self.standing.refresh):
                problems = self.standing.shelf.problems
                told = {"models": len(self.standing.shelf.models), "problems": problems}
                LOG.log(
                    logging.WARNING if problems else logging.INFO, "%s", json.encode(told).decode()
                )


class Answering:
    """The address of a case: reads it, works out its answer beside the event loop, sends it."""

    def __init__(self, service: Service, answered: Answered) -> None:
        self._service, self._answered, self.path = service, answered, answered.path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        asked, headers = self._answered, headers_of(scope)
        fields = fields_of(scope)
        case = read_request(asked.body, parse(await read_body(headers, receive)))
        model = self._service.standing.shelf.model(case.model)
        told = {"Content-Type": JSON_TYPE, "Cache-Control": "no-store"}
        if asked.tagged:
            told["ETag"] = tag_of_case(asked.name, model, case, fields)
            if matches(told["ETag"], [headers.get("if-none-match", "")], star=False):
                await respond(send, 304, headers=told)
                return

        def work() -> bytes:
            return json_text(asked.answer(model, case, fields))

        compute = self._service.long if asked.long else self._service.short
        body = await compute.run(work, partial(disconnected, receive))
        await respond(send, 200, body, told)


class Showing:
    """An address that shows what stands for itself, with a tag of what it says."""

    def __init__(self, service: Service, shown: Shown) -> None:
        self._service, self._shown, self.path = service, shown, shown.path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        parameters(scope, ())
        found = self._shown.show(self._service.standing.shelf, scope["path_params"])
        await respond_tagged(scope, send, json_text(found))


class Health:
    """Whether the process runs, and with which models."""

    def __init__(self, service: Service, path: str) -> None:
        self._service, self.path = service, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        parameters(scope, ())
        shelf = self._service.standing.shelf
        told = {"status": "ok", "models": len(shelf.models), "broken": len(shelf.problems)}
        headers = {"Content-Type": JSON_TYPE, "Cache-Control": "no-store"}
        await respond(send, 200, json_text(told), headers)


class Metrics:
    """The counts, for Prometheus."""

    path = METRICS

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        parameters(scope, ())
        service = self._service
        waiting = service.short.waiting + service.long.waiting
        service.counts.state(waiting, len(service.standing.shelf.problems))
        body = await asyncio.to_thread(service.counts.text)
        await respond(send, 200, body, {"Content-Type": COUNTS_TYPE, "Cache-Control": "no-store"})


class Description:
    """The OpenAPI description, with examples of the default model."""

    path = OPENAPI

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        parameters(scope, ())
        shelf, keyed = self._service.standing.shelf, bool(self._service.settings.key_digests)
        body = await asyncio.to_thread(_described, shelf.model(None), keyed)
        await respond_tagged(scope, send, body)


@lru_cache(maxsize=1)
def _described(model: DiagnosticModel, keyed: bool) -> bytes:
    """Write the description, once for each model that stands as the default one."""
    return json_text(openapi(model, keyed))


def application(settings: Settings, load: Load | None = None) -> Application:
    """Make the service; load: what reads a model, from its file or its name.

    Raises what `read_shelf` raises.
    """
    service = Service(settings, load or partial(load_model, executor=settings.executor))
    _warm(service.standing.shelf.model(None))
    page = page_routes(service) if settings.page else no_page_routes()
    fhir = fhir_routes(service)
    open_routes = [
        *(Route(path, Health(service, path), methods=["GET"]) for path in (LIVE, READY)),
        Route(OPENAPI, Description(service), methods=["GET"]),
        *(each for each in fhir if each.path in METADATA),
        *page,
    ]
    routes = [
        *(Route(each.path, Answering(service, each), methods=["POST"]) for each in ANSWERED),
        *(Route(each.path, Showing(service, each), methods=["GET"]) for each in SHOWN),
        Route(METRICS, Metrics(service), methods=["GET"]),
        *open_routes,
        *(each for each in fhir if each.path not in METADATA),
        *hook_routes(service),
    ]
    router = Router(routes, redirect_slashes=False, lifespan=service.lifespan)
    gate = Gate(
        settings.key_digests,
        open_routes,
        preflights=(FHIR.prefix, HOOKS.prefix),
        hooks=HOOKS.prefix,
        clients=settings.clients,
        public=settings.public,
    )
    return Observed(router, service.counts, gate, (FHIR, HOOKS))


def _warm(model: DiagnosticModel) -> None:
    """Have the first person not wait for what every process makes once."""
    model.diagnose()
    # What a model holds stays: looking through it again and again takes time and shares no page.
    gc.collect()
    gc.freeze()
