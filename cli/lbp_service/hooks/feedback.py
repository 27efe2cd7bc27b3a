"""Read what became of cards. It is accepted and forgotten: nothing about a person is kept."""

from collections.abc import Mapping
from typing import Any

from lbp_fhir.issues import refusal

OUTCOMES = ("accepted", "overridden")


def check_feedback(body: Any) -> None:
    """Check that this is feedback; raises FhirError where it is none.

    >>> check_feedback({"feedback": [{"card": "4e0a3a1e", "outcome": "overridden"}]})
    """
    told = body.get("feedback") if isinstance(body, Mapping) else None
    if not isinstance(told, list) or not told:
        raise refusal("structure", "send {'feedback': [...]}, one entry at least", "feedback")
    for at, each in enumerate(told):
        if not isinstance(each, Mapping) or not isinstance(each.get("card"), str):
            raise refusal("required", "'card' is the uuid of a card", f"feedback[{at}].card")
        if each.get("outcome") not in OUTCOMES:
            said = f"'outcome' is one of {', '.join(OUTCOMES)}"
            raise refusal("value", said, f"feedback[{at}].outcome")
