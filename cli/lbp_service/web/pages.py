"""What every page is made of: a template and what fills it, and the visit that it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bayesnet import DiagnosticModel, Session
from bayesnet.diagnosis.report.audience_words import WORDING
from bayesnet.diagnosis.report.wording import Wording
from lbp_service.answers.catalogue import identity
from lbp_service.web.fields import Fields
from lbp_service.web.state import State, with_session


@dataclass(frozen=True)
class Page:
    """A page before it is written; template: its file; title: what the window is called."""

    template: str
    title: str
    holds: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True)
class Visit:
    """One step of an interview on the page.

    state: what the form carried; session: read from it; fields: all of the form; telephone: the
    number to call in an emergency, empty for none; notices: what to say above the page.
    """

    model: DiagnosticModel
    state: State
    session: Session
    fields: Fields
    telephone: str = ""
    notices: tuple[str, ...] = ()

    @property
    def wording(self) -> Wording:
        """The words for whoever reads."""
        return WORDING[self.session.audience]

    def after(self, session: Session, opened: str = "") -> "Visit":
        """Return the visit in which the session has gone on; opened: a screen, as in the state."""
        state = replace(with_session(self.state, session), opened=opened)
        return replace(self, session=session, state=state)

    def noting(self, notice: str) -> "Visit":
        """Return the visit with one more thing to say above the page."""
        return replace(self, notices=(*self.notices, notice))

    def page(self, template: str, title: str, status: int = 200, **holds: Any) -> Page:
        """Make a page of this visit; holds: what the template is filled with beside the rest."""
        common = {
            "state": self.state,
            "model": identity(self.model),
            "expert": self.model.description.model.expert,
            "audience": self.session.audience,
            "wording": self.wording,
            "notices": self.notices,
            "telephone": self.telephone,
        }
        return Page(template, title, {**common, **holds}, status)
