"""The addresses of the page: forms posted and answered as HTML, and the files that pages refer to.

Whatever goes wrong is a page too, which keeps what was said; nothing that was said stands in an
address, a header or a log.
"""

import gzip
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from msgspec import json
from starlette.routing import Route

from bayesnet import BayesnetError
from lbp_service.http.body import read_body
from lbp_service.http.compute import Compute, LeftError
from lbp_service.http.exchange import (
    Receive,
    Scope,
    Send,
    disconnected,
    headers_of,
    respond,
)
from lbp_service.http.observed import LOG, trace_of
from lbp_service.http.problems import ProblemError, problem_of
from lbp_service.http.settings import Settings
from lbp_service.shelf.standing import Standing
from lbp_service.web import assets
from lbp_service.web.fields import FORM_TYPE, Fields, read_fields
from lbp_service.web.interview import answer
from lbp_service.web.model_page import page_of
from lbp_service.web.pages import Page
from lbp_service.web.print_page import printed
from lbp_service.web.refused import unwell_page
from lbp_service.web.start_page import start_page
from lbp_service.web.state import State, state_of
from lbp_service.web.writing import written

HTML_TYPE = "text/html; charset=utf-8"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may do: load from here alone, run nothing that stands in it, be framed by nobody."""
HEADERS: Mapping[str, str] = {
    "Content-Type": HTML_TYPE,
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FOR_EVER = "public, max-age=31536000, immutable"
FAULT = "this is a fault of the service, and none of your answers; its log says more"
SMALLEST = 1000
"""Bytes from which an answer is compressed."""


class Serving(Protocol):
    """What pages are answered with."""

    settings: Settings
    standing: Standing
    short: Compute
    long: Compute


Written = tuple[int, bytes, Mapping[str, str]]
"""Status, body and headers of an answer."""


class FormPage:
    """The page at `/`: where an interview begins, and what each of its forms is answered with."""

    path = "/"

    def __init__(self, service: Serving) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        service, shelf = self._service, self._service.standing.shelf
        if scope["method"] != "POST":
            await _respond(scope, send, _written(start_page(shelf)))
            return

        def work(fields: Fields) -> Written:
            return _written(answer(shelf, fields, service.settings.telephone))

        await _respond(scope, send, await _of_form(service.short, work, scope, receive))


class PrintPage:
    """The report as one page to print or to file, with what would change it."""

    path = "/print"

    def __init__(self, service: Serving) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        shelf = self._service.standing.shelf

        def work(fields: Fields) -> Written:
            found = printed(shelf, fields)
            if isinstance(found, Page):
                return _written(found)
            policy = POLICY.replace("style-src 'self'", f"style-src {found.style}")
            return 200, found.text.encode(), {**HEADERS, "Content-Security-Policy": policy}

        await _respond(scope, send, await _of_form(self._service.long, work, scope, receive))


class ModelPage:
    """A model, or one entry of it: drawn, with every number and its source."""

    def __init__(self, service: Serving, path: str) -> None:
        self._service, self.path = service, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        shelf, named = self._service.standing.shelf, scope["path_params"]

        def work() -> Written:
            return _written(page_of(shelf, named["name"], named.get("id")))

        told = await _told(self._service.short, work, State(), receive)
        await _respond(scope, send, told)


class Asset:
    """A file that pages refer to."""

    path = f"{assets.FOLDER}/{{name}}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        name = scope["path_params"].get("name", assets.ICON)
        if name not in assets.TYPES:
            raise ProblemError("not-found", "there is no such file")
        headers = {**HEADERS, "Content-Type": assets.TYPES[name], "Cache-Control": FOR_EVER}
        await _respond(scope, send, (200, assets.content(name), headers))


class NoPage:
    """What stands at `/` where the page is not served: a line for whoever comes by a browser."""

    path = "/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await _respond(scope, send, _written(Page("no_page.html.jinja", "No page here", {}, 404)))


MODEL_PATHS = ("/model/{name}", "/model/{name}/{id}")


def page_routes(service: Serving) -> list[Route]:
    """Make the routes of the page."""
    return [
        Route(FormPage.path, FormPage(service), methods=["GET", "POST"]),
        Route(PrintPage.path, PrintPage(service), methods=["POST"]),
        *(Route(path, ModelPage(service, path), methods=["GET"]) for path in MODEL_PATHS),
        Route(Asset.path, Asset(), methods=["GET"]),
        Route("/favicon.ico", Asset(), methods=["GET"]),
    ]


def no_page_routes() -> list[Route]:
    """Make the routes of a service that answers programs alone."""
    return [Route(NoPage.path, NoPage(), methods=["GET"])]


def _written(page: Page) -> Written:
    return page.status, written(page), HEADERS


async def _of_form(
    compute: Compute, work: Callable[[Fields], Written], scope: Scope, receive: Receive
) -> Written:
    """Read a form and answer it; what goes wrong is a page that keeps what was said."""
    try:
        fields = read_fields(await read_body(headers_of(scope), receive, (FORM_TYPE,)))
    except (ProblemError, BayesnetError) as error:
        return _refusal(State(), error)
    return await _told(compute, lambda: work(fields), state_of(fields), receive)


async def _told(
    compute: Compute, work: Callable[[], Written], state: State, receive: Receive
) -> Written:
    """Return what the work returns, or the page that says why there is no answer."""
    try:
        return await compute.run(work, partial(disconnected, receive))
    except LeftError:
        raise
    except Exception as error:
        return _refusal(state, error)


def _refusal(state: State, error: Exception) -> Written:
    if isinstance(error, ProblemError | BayesnetError):
        problem = problem_of(error) if isinstance(error, BayesnetError) else error
    else:
        LOG.log(logging.ERROR, "%s", json.encode(trace_of(error)).decode())
        problem = ProblemError("internal-error", FAULT)
    page = unwell_page(state, problem.status, f"{problem.detail[:1].upper()}{problem.detail[1:]}.")
    return page.status, written(page), {**HEADERS, **problem.headers}


async def _respond(scope: Scope, send: Send, told: Written) -> None:
    status, body, headers = told
    sent = {**headers, "Vary": "Accept-Encoding"}
    if "gzip" in headers_of(scope).get("accept-encoding", "") and len(body) >= SMALLEST:
        body, sent = gzip.compress(body, 6, mtime=0), {**sent, "Content-Encoding": "gzip"}
    await respond(send, status, body, sent)
