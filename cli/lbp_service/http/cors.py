"""Let pages of any origin call what is nobody's: no cookie counts here and nothing is kept."""

from collections.abc import Mapping
from typing import Protocol

from starlette.routing import Route

from lbp_service.http.exchange import Receive, Scope, Send, respond

ANY_ORIGIN: Mapping[str, str] = {"access-control-allow-origin": "*"}
"""What every answer has that such a page may read."""
DAY = "86400"


class Address(Protocol):
    """What answers at a path."""

    path: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""


class Preflight:
    """An address at which a browser asks whether a page of another origin may send something.

    method: what may be sent there.
    """

    def __init__(self, path: str, method: str) -> None:
        self.path, self._method = path, method

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell it that it may."""
        headers = {
            "Access-Control-Allow-Methods": self._method,
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Access-Control-Max-Age": DAY,
        }
        await respond(send, 204, headers=headers)


def called_from_anywhere(address: Address, method: str) -> tuple[Route, Route]:
    """Make the routes of an address that pages of any origin may call by this method."""
    asked_first = Preflight(address.path, method)
    return (
        Route(address.path, address, methods=[method]),
        Route(address.path, asked_first, methods=["OPTIONS"]),
    )
