"""Say errors in the form that an address speaks: problem documents, or a form of its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lbp_service.http.problems import MEDIA_TYPE, ProblemError


@dataclass(frozen=True)
class Door:
    """The addresses that begin with `prefix`, and what all their answers have in common.

    media_type: of an error; body: writes one, with the id of the request; headers: of every answer;
    index: where it stands what there is.
    """

    prefix: str
    media_type: str
    body: Callable[[ProblemError, str], bytes]
    headers: Mapping[str, str] = field(default_factory=dict)
    index: str = "/openapi.json"


PROBLEMS = Door("", MEDIA_TYPE, lambda problem, request: problem.body(f"urn:uuid:{request}"))
"""The form of all other addresses."""


def door_of(path: str, doors: Sequence[Door]) -> Door:
    """Return the door of an address: the first whose prefix it has.

    >>> door_of("/v1/models", [Door("/fhir/", "a/b", lambda *_: b"")]).media_type
    'application/problem+json'
    """
    return next((each for each in doors if path.startswith(each.prefix)), PROBLEMS)
