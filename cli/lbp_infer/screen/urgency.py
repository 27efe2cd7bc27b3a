"""Say how urgent it is: title, reasons, what is left until then, and it all in one line."""

import re

from rich.text import Text

from bayesnet.diagnosis.report.records import Report, TriageReason, TriageResult
from lbp_infer.screen.wording import Wording

EMERGENCY = "emergency"
COLOURS = {"emergency": "red", "urgent": "yellow"}


def title(report: Report) -> Text:
    """Return the urgency in capitals."""
    return Text(report.urgency.upper(), style=f"bold {COLOURS.get(report.triage.level, '')}")


def headline(report: Report) -> Text:
    """Return the title and the whole of what to do."""
    weight = "bold" if report.triage.level in COLOURS else ""
    return Text.assemble(title(report), "  ", (report.triage.message, weight))


def in_one_line(report: Report) -> Text:
    """Return the title and the first sentence of what to do."""
    first = first_sentence(report.triage.message)
    if not first:
        return title(report)
    return Text.assemble(title(report), ": ", (first, "bold"))


def why(reason: TriageReason, wording: Wording) -> str:
    """Say what raised the level, and which answers would lower it."""
    if not reason.would_fall_if:
        return wording.reason(reason)
    less = "; ".join(each.label for each in reason.would_fall_if)
    return f"{wording.reason(reason)} With other answers it would be less urgent: {less}."


def until_seen(triage: TriageResult) -> str:
    """Say what to leave until it has been looked into; empty for nothing."""
    if not triage.forbids:
        return ""
    return f"Until this has been looked into: no {'; no '.join(triage.forbids.values())}."


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
