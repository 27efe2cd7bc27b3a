"""Read plain data as a request, and say what is wrong with it in the sender's words."""

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import Struct, ValidationError, convert

from bayesnet import EvidenceError, UnknownNameError

Request = TypeVar("Request", bound=Struct)
ANSWERS = ("evidence", "change", "answers")
"""Parts of requests that hold answers."""
WEIGHTS = '{"yes": 0.7, "no": 0.3}'
SHOWN = 60
"""Characters of something wrong that a message repeats."""


def read_request(kind: type[Request], data: Any, part: str = "part of the body") -> Request:
    """Read plain data, as JSON gives it, as a request of this kind.

    part: what one of its parts is called. Raises UnknownNameError for one that it does not have,
    with the nearest that it has, and EvidenceError for anything else that it cannot be.

        >>> from lbp_service.answers.requests import Case
        >>> read_request(Case, {"evidence": {"age": 42}}).audience
        'self'
        >>> read_request(Case, {"evidence": {"age": [42]}})
        Traceback (most recent call last):
        bayesnet.errors.EvidenceError: 'age' holds a list; give a single answer
    """
    if not isinstance(data, Mapping):
        raise EvidenceError(
            f"the body is {_kind_of(data)}; give an object such as {{'evidence': {{}}}}"
        )
    known = kind.__struct_fields__
    for name in data:
        if name not in known:
            raise UnknownNameError(part, name, known)
    for held in ANSWERS:
        said = data.get(held)
        if isinstance(said, str):
            raise EvidenceError(
                f"'{held}' is text; give an object such as {{'age': 42}}, not text that holds one"
            )
        for name, answer in said.items() if isinstance(said, Mapping) else ():
            _check_shape(name, answer)
    try:
        return convert(data, kind)
    except ValidationError as error:
        raise EvidenceError(_said(error)) from None


def _check_shape(name: str, answer: Any) -> None:
    """Check that an answer is a single one, or weights; raises EvidenceError that names it."""
    if isinstance(answer, list):
        told = "" if len(answer) < 2 else f"; weights are given as {WEIGHTS}"
        raise EvidenceError(f"'{name}' holds a list; give a single answer{told}")
    for choice, weight in answer.items() if isinstance(answer, Mapping) else ():
        if not isinstance(weight, int | float) or isinstance(weight, bool):
            held = _kind_of(weight) if isinstance(weight, Mapping | list) else repr(weight)[:SHOWN]
            raise EvidenceError(
                f"'{name}' holds an object in which '{choice}' is {held}; give a single answer, or "
                "the weight of each choice as a number"
            )


def _said(error: ValidationError) -> str:
    """Word what is wrong: msgspec's own words, which name kinds and places but no values."""
    problem, _, place = str(error).partition(" - at ")
    where = place.strip("`").removeprefix("$").removeprefix(".")
    return f"{where}: {problem[:1].lower()}{problem[1:]}" if where else problem


def _kind_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "an object"
    return "a list" if isinstance(value, list) else "a single value"
