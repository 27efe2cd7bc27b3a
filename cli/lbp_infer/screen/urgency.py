"""Show how urgent it is: its title, with what to do, and in one line."""

from rich.text import Text

from bayesnet.diagnosis.report.records import Report
from bayesnet.diagnosis.report.urgency_words import first_sentence

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
