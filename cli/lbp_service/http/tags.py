"""Make ETags: the same tag stands for the same bytes, and is known before they are worked out."""

import hashlib
from collections.abc import Sequence
from typing import Any

from msgspec import json

import bayesnet
from lbp_service.answers.answering import Fields
from lbp_service.answers.evidence import as_read, evidence_of
from lbp_service.answers.requests import Case, ChangedCase, ExplainedCase


def tag_of_case(what: str, model: bayesnet.DiagnosticModel, case: Case, fields: Fields) -> str:
    """Return the tag of an answer to a case: of the version, the model, the evidence and the rest.

    what: which answer. Answers count as the model reads them, whatever their spelling and order.
    Raises UnknownNameError and EvidenceError as `diagnose`; computes nothing.
    """
    told: list[Any] = [what, case.audience, list(fields), _read(model, case.evidence)]
    if isinstance(case, ExplainedCase):
        told.append(case.causes)
    if isinstance(case, ChangedCase):
        told.append(_read(model, case.change))
    return tag_of(model.compiled.sha256.encode(), json.encode(told))


def tag_of(*parts: bytes) -> str:
    """Return a strong tag of these parts and of the program's version.

    >>> tag_of(b"a") == tag_of(b"a") != tag_of(b"b")
    True
    """
    held = json.encode([bayesnet.__version__, *(part.hex() for part in parts)])
    return f'"{hashlib.sha256(held).hexdigest()[:32]}"'


def matches(tag: str, wanted: Sequence[str], star: bool) -> bool:
    """Tell whether one of the tags of `If-None-Match` is this one; star: whether `*` is any.

    >>> matches('"a"', ['W/"b", "a"'], star=False), matches('"a"', ["*"], star=False)
    (True, False)
    """
    named = [each.strip().removeprefix("W/") for line in wanted for each in line.split(",")]
    return tag in named or (star and "*" in named)


def _read(model: bayesnet.DiagnosticModel, said: Any) -> list[tuple[str, Any]]:
    return list(as_read(model, evidence_of(model, said)).items())
