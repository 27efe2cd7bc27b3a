"""The report as one page to print: what `Report.to_html` writes, and leave for its own style."""

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from bayesnet import EvidenceError, ImpossibleEvidenceError, UnknownNameError
from lbp_service.shelf.shelf import Shelf
from lbp_service.web.fields import Fields
from lbp_service.web.interview import answer
from lbp_service.web.pages import Page
from lbp_service.web.state import session_of, state_of


@dataclass(frozen=True)
class Printed:
    """A page to print; style: the hash of its own style sheet, as a content policy names it."""

    text: str
    style: str


def printed(shelf: Shelf, fields: Fields) -> Printed | Page:
    """Write the report of a form's interview; a page that says why where there is none."""
    state = state_of(fields)
    try:
        model = shelf.model(state.model or None)
        session = session_of(model, state)
    except (UnknownNameError, EvidenceError, ImpossibleEvidenceError):
        return answer(shelf, fields)
    pivotal = model.pivotal_answers(session.given, session.audience)
    text = session.report.to_html(pivotal)
    return Printed(
        text, " ".join(map(_hashed, re.findall(r"<style>(.*?)</style>", text, re.DOTALL)))
    )


def _hashed(style: str) -> str:
    """Write the source expression that allows one style sheet (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"
