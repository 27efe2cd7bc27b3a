"""Check the key of a request, where a service asks for one."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bayesnet import EvidenceError
from lbp_service.http.clients import Client, check_token
from lbp_service.http.problems import ProblemError

if TYPE_CHECKING:
    from starlette.routing import Route

SCHEME = "bearer"
LEAST = 16
"""Characters of a key: fewer could be guessed."""


@dataclass(frozen=True)
class Gate:
    """Who may ask: all, or where there are digests of keys, those who have one of them.

    open_routes: those for which no key is asked; preflights: how addresses begin of which a
    browser may ask, without a key, whether a page of another origin may call them. clients: CDS
    clients; where there are any, their tokens are asked for in place of a key, for `public` and the
    path, by addresses that begin with hooks.
    """

    digests: Sequence[bytes] = ()
    open_routes: "Sequence[Route]" = ()
    preflights: tuple[str, ...] = ()
    hooks: str = ""
    clients: Sequence[Client] = ()
    public: str = ""

    def check(self, method: str, path: str, authorization: str) -> None:
        """Check one request; raises ProblemError where it may not be answered."""
        if method == "OPTIONS" and path.startswith(self.preflights):
            return
        is_open = any(route.path_regex.match(path) for route in self.open_routes)
        if self.clients and path.startswith(self.hooks):
            check_token(authorization, f"{self.public}{path}", self.clients)
        elif self.digests and not is_open:
            check_key(authorization, self.digests)


def digest(key: str) -> bytes:
    """Return what is kept of a key."""
    return hashlib.sha256(key.encode()).digest()


def read_keys(path: Path) -> tuple[bytes, ...]:
    """Read a file of keys, one on a line, `#` before a comment, as their digests.

    Raises EvidenceError where it cannot be read, holds no key, or one that is too short.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError(f"the file of keys '{path}' cannot be read: {error}") from None
    keys = [each for line in lines if (each := line.strip()) and not each.startswith("#")]
    if not keys:
        raise EvidenceError(f"'{path}' holds no key; write one on a line")
    for at, key in enumerate(keys, 1):
        if len(key) < LEAST or not key.isascii() or " " in key:
            raise EvidenceError(
                f"key {at} of '{path}' is no key: give {LEAST} or more ASCII characters, no blanks"
            )
    return tuple(digest(key) for key in keys)


def check_key(given: str, digests: Sequence[bytes]) -> None:
    """Check the header `Authorization`; raises ProblemError where it holds none of the keys.

    All digests are compared, each in constant time, so that the time taken tells nothing.
    """
    scheme, _, key = given.partition(" ")
    mine = digest(key.strip())
    known = [hmac.compare_digest(mine, each) for each in digests]
    if scheme.lower() != SCHEME or not any(known):
        said = "send a key of this service as 'Authorization: Bearer KEY'"
        raise ProblemError("unauthorized", said, headers={"WWW-Authenticate": "Bearer"})
