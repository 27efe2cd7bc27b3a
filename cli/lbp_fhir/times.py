"""Check the dateTimes of a resource; what the time is comes from whoever asks."""

import re
from datetime import UTC, datetime, timedelta

from lbp_fhir.issues import refusal

DATE_TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?)?)?")
SLACK = timedelta(days=1)
"""How far clocks and time zones may differ before a time counts as to come."""


def check_time(value: object, expression: str, now: str) -> None:
    """Check a dateTime of FHIR: its form, its zone, and that it is not still to come.

    now: a dateTime with its zone; empty where it is not known. Raises FhirError.
    """
    if not isinstance(value, str) or not DATE_TIME.fullmatch(value):
        raise refusal(
            "value", f"{value!r:.60} is no dateTime such as 2026-02-03T09:00:00Z", expression
        )
    if "T" in value and not re.search(r"(Z|[+-]\d\d:\d\d)$", value):
        raise refusal(
            "value", f"'{value}' has a time and no time zone; add Z or +01:00", expression
        )
    if now and _earliest(value, expression) > _earliest(now, "authored") + SLACK:
        raise refusal("value", f"'{value}' is still to come (it is {now}); correct it", expression)


def _earliest(value: str, expression: str) -> datetime:
    """Return the first moment that a dateTime can mean."""
    whole = value + "-01-01"[len(value) - 4 :] if len(value) < len("2026-02-03") else value
    try:
        found = datetime.fromisoformat(whole)
    except ValueError:
        raise refusal("value", f"'{value}' is no date of the calendar", expression) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
