"""Say what is wrong with a request as a problem document (RFC 9457)."""

from collections.abc import Mapping, Sequence
from typing import Any

from lbp_fhir import FhirError, operation_outcome
from msgspec import Struct, json

from bayesnet import (
    BayesnetError,
    EvidenceError,
    ImpossibleEvidenceError,
    TooLargeError,
    UnknownNameError,
)

MEDIA_TYPE = "application/problem+json"
URN = "urn:lbp-infer:problem:"
KINDS: Mapping[str, tuple[int, str]] = {
    "malformed-request": (400, "The request is not well formed"),
    "unauthorized": (401, "A key is needed"),
    "not-found": (404, "There is nothing here"),
    "unknown-model": (404, "There is no such model"),
    "method-not-allowed": (405, "This method is not for this address"),
    "not-acceptable": (406, "It is not written in that form"),
    "slow-request": (408, "The request took too long to arrive"),
    "impossible-evidence": (409, "These answers cannot all be true"),
    "not-prefetched": (412, "Something that is needed did not come along"),
    "too-large": (413, "The request is too large"),
    "unsupported-media-type": (415, "Only JSON in UTF-8 is read"),
    "unknown-name": (422, "A name is not known"),
    "invalid-request": (422, "The request cannot be answered as it is"),
    "too-costly": (422, "These answers would cost too much to work out"),
    "internal-error": (500, "This is a fault of the service"),
    "busy": (503, "The service is busy"),
    "too-slow": (503, "The answer took too long"),
}
"""{kind: (status, title)}; the type of a problem is URN and its kind."""


class ProblemDocument(Struct, frozen=True):
    """What is wrong with a request, as RFC 9457 has it.

    type, title: the kind of problem; detail: this one, and what to do; instance: of this request,
    which the service's log names too; nearest: the known names that come nearest to an unknown one;
    conflicting: the fewest answers that cannot hold together.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    nearest: tuple[str, ...] = ()
    conflicting: tuple[str, ...] = ()


class ProblemError(Exception):
    """A request that is not answered.

    kind: one of KINDS; headers: to send beside it; issues: of the resource that was sent, as FHIR
    writes them.
    """

    def __init__(
        self,
        kind: str,
        detail: str,
        nearest: Sequence[str] = (),
        conflicting: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        issues: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail
        self.nearest = tuple(nearest)
        self.conflicting = tuple(conflicting)
        self.headers = headers or {}
        self.issues = tuple(issues)

    @property
    def status(self) -> int:
        """The status of the answer."""
        return KINDS[self.kind][0]

    def body(self, instance: str) -> bytes:
        """Write the problem document.

        >>> ProblemError("busy", "try again").body("urn:uuid:0")[:42]
        b'{"type":"urn:lbp-infer:problem:busy","titl'
        """
        status, title = KINDS[self.kind]
        return json.encode(
            ProblemDocument(
                URN + self.kind,
                title,
                status,
                self.detail,
                instance,
                self.nearest,
                self.conflicting,
            )
        )


def problem_of(error: BayesnetError) -> ProblemError:
    """Return the problem that an error of the engine is for the one who sent the request."""
    said: dict[str, Any] = {"detail": str(error)}
    if isinstance(error, FhirError):
        issues = operation_outcome(error.issues)["issue"]
        return ProblemError("invalid-request", issues=issues, **said)
    if isinstance(error, UnknownNameError):
        return ProblemError("unknown-name", nearest=error.nearest, **said)
    if isinstance(error, ImpossibleEvidenceError):
        return ProblemError("impossible-evidence", conflicting=error.conflicting, **said)
    if isinstance(error, EvidenceError):
        return ProblemError("invalid-request", **said)
    if isinstance(error, TooLargeError):
        return ProblemError("too-costly", **said)
    return ProblemError("internal-error", INTERNAL)


INTERNAL = "it is not your request's; the log has more under the id that this answer has"
"""What is said of an unexpected error: nothing of it, since it may name answers."""
