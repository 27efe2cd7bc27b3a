"""Say how urgent it is: title, reasons, what is left until then, and it all in one line."""

import re

from rich.text import Text

from bayesnet.diagnosis.report.records import Report, TriageReason, TriageResult
from lbp_infer.screen.wording import Wording

EMERGENCY = "emergency"
SET_APART = ("emergency", "urgent")
COLOURS = {"emergency": "red", "urgent": "yellow"}


def title(triage: TriageResult) -> str:
    """Return the level in capitals, with SO FAR while answers could still lower it."""
    so_far = " SO FAR" if triage.provisional else ""
    return f"{triage.label.upper()}{so_far}"


def style(triage: TriageResult) -> str:
    """Return the style of the title."""
    return f"bold {COLOURS.get(triage.level, '')}".strip()


def headline(triage: TriageResult) -> Text:
    """Return the title and the whole of what to do."""
    weight = "bold" if triage.level in SET_APART else ""
    return Text.assemble((title(triage), style(triage)), "  ", (triage.message, weight))


def in_one_line(report: Report) -> Text:
    """Return the title and the first sentence of what to do."""
    first = first_sentence(report.triage.message)
    if not first:
        return Text(title(report.triage), style(report.triage))
    return Text.assemble((title(report.triage), style(report.triage)), ": ", (first, "bold"))


def why(reason: TriageReason, wording: Wording) -> str:
    """Say what raised the level, and which answers would lower it."""
    if not reason.would_fall_if:
        return wording.reason(reason)
    less = "; ".join(each.label for each in reason.would_fall_if)
    return f"{wording.reason(reason)} Less with: {less}."


def until_seen(triage: TriageResult) -> str:
    """Say what to leave until it has been looked into; empty for nothing."""
    if not triage.forbids:
        return ""
    return f"No {', '.join(triage.forbids.values())} until this has been looked into."


def undecided(triage: TriageResult) -> str:
    """Say which answers the level hangs on; empty for none."""
    if not triage.ask_first:
        return ""
    asked = "; ".join(each.label for each in triage.ask_first)
    return f"Not decided yet, to be answered first: {asked}."


def first_sentence(text: str) -> str:
    """Return a text up to the end of its first sentence.

    >>> first_sentence("Stop now. Get out.")
    'Stop now.'
    """
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
