"""Say in words why it is urgent, what to leave until then, and what is still undecided."""

import re

from bayesnet.diagnosis.report.records import TriageReason, TriageResult
from bayesnet.diagnosis.report.wording import Wording

EMERGENCY = "emergency"


def why(reason: TriageReason, wording: Wording) -> str:
    """Say what raised the level, and which answers would lower it."""
    if not reason.would_fall_if:
        return wording.reason(reason)
    less = "; ".join(each.label for each in reason.would_fall_if)
    return f"{wording.reason(reason)} With other answers it would be less urgent: {less}."


def why_now(triage: TriageResult) -> list[str]:
    """Say why it is an emergency, with no number: what held, or what it may be; empty for none."""
    return [
        f"It may be: {' or '.join(each.label for each in reason.causes)}. "
        "Waiting could do lasting harm."
        if reason.causes
        else reason.reason
        for reason in triage.reasons
        if reason.level == EMERGENCY
    ]


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
