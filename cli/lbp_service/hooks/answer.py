"""Answer a call of the hook: a call in, cards out."""

from datetime import datetime
from typing import Any

from lbp_fhir import Version

from lbp_service.fhir.assess import assess
from lbp_service.fhir.library import model_for
from lbp_service.fhir.places import placed
from lbp_service.fhir.subject import check_person
from lbp_service.hooks.call import Call
from lbp_service.hooks.cards import report_card, unanswered_card
from lbp_service.shelf.shelf import Shelf

VERSION: Version = "R4"
"""What a response is read as; a call does not say which version its resources have."""
CLINICIAN = "clinician"


def cards(shelf: Shelf, call: Call, now: datetime, page: str) -> dict[str, Any]:
    """Return the cards for a call.

    page: the absolute address of the page, empty where none is served. Raises FhirError for a
    response or a Patient that cannot be read, or is another person's.
    """
    if call.sent is None:
        return {"cards": [unanswered_card(shelf.model(None), page, call.instance)]}
    with placed(call.sent):
        check_person(call.sent, call.person)
        model = model_for(shelf, call.sent, VERSION)
        found = assess(model, call.sent, VERSION, now, CLINICIAN)
    return {"cards": [report_card(model, found, page, call.instance)]}
