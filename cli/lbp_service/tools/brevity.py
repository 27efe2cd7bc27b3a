"""Cut reports to what a model of language can use: few questions, and in an emergency no more."""

from collections.abc import Mapping
from typing import Any

MOST_QUESTIONS = 5
"""Open questions that a report holds; all of them are most of its length."""
ALWAYS = ("schema_version", "model", "triage", "evidence", "disclaimer")
"""Parts of a report that are always there: in an emergency there are no others."""
EMERGENCY = "emergency"

Document = Mapping[str, Any]


def is_emergency(report: Document) -> bool:
    """Tell whether a report says that care is needed now.

    >>> is_emergency({"triage": {"level": "soon"}})
    False
    """
    level: str = report["triage"]["level"]
    return level == EMERGENCY


def brief(report: Document) -> dict[str, Any]:
    """Return a report with its triage first and its few best questions; less in an emergency.

    >>> report = {"causes": [], "questions": [1, 2, 3, 4, 5, 6], "triage": {"level": "soon"}}
    >>> brief(report)
    {'triage': {'level': 'soon'}, 'causes': [], 'questions': [1, 2, 3, 4, 5]}
    >>> brief({**report, "triage": {"level": "emergency", "reasons": []}, "disclaimer": "..."})
    {'triage': {'level': 'emergency', 'reasons': []}, 'disclaimer': '...'}
    """
    told = only_urgency(report) if is_emergency(report) else dict(report)
    if "questions" in told:
        told["questions"] = told["questions"][:MOST_QUESTIONS]
    return {"triage": told["triage"], **told}


def only_urgency(report: Document) -> dict[str, Any]:
    """Return what a report says of the urgency, with the reasons for its level alone.

    What a reason would fall with is left out: nobody is to be talked out of going.

    >>> reasons = [{"rule": "a", "level": "emergency"}, {"rule": "b", "level": "soon"}]
    >>> only_urgency({"triage": {"level": "emergency", "reasons": reasons}})["triage"]["reasons"]
    [{'rule': 'a', 'level': 'emergency', 'would_fall_if': []}]
    """
    triage = report["triage"]
    reasons = [
        {**each, "would_fall_if": []}
        for each in triage["reasons"]
        if each["level"] == triage["level"]
    ]
    kept = {name: report[name] for name in ALWAYS if name in report}
    return {**kept, "triage": {**triage, "reasons": reasons}}
