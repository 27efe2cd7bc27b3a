"""A session as plain data, the form in which interviews are kept."""

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct, ValidationError, convert

from bayesnet.diagnosis.answers.reading import PlainValue
from bayesnet.errors import EvidenceError


class PlainModel(Struct, frozen=True):
    """The model that a session asks; sha256: of its files."""

    id: str
    version: str = ""
    sha256: str = ""


class PlainSession(Struct, frozen=True):
    """An interview as it stands: what was known at its beginning, and each answer since.

    most: questions after which it pauses; on: whether it goes on where it would stop.
    """

    model: PlainModel
    audience: str
    policy: str
    most: Annotated[int, Meta(ge=1)] | None
    on: bool
    begun: tuple[tuple[str, PlainValue], ...]
    steps: tuple[tuple[str, PlainValue], ...]


def read_plain(data: Mapping[str, Any]) -> PlainSession:
    """Read plain data as a session; raises EvidenceError where it is none."""
    try:
        return convert(data, PlainSession)
    except ValidationError as error:
        raise EvidenceError(f"this is no session as `to_dict` writes it: {error}") from None
