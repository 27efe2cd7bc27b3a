"""Say in a sentence which answers would change a conclusion, or that none was found."""

from collections.abc import Callable

from bayesnet.diagnosis.report.pivotal_records import PivotalAnswers

SUBJECTS = {
    "first_cause": "The first cause ({now})",
    "pathway": "What to do first ({now})",
    "urgency": "How urgent it is ({now})",
}


def pivotal_sentences(found: PivotalAnswers, chance: Callable[[float], str]) -> str:
    """Write it for people; chance: writes a probability as this reader is told it.

    >>> from bayesnet.diagnosis.report.evidence_item import EvidenceItem
    >>> answer = EvidenceItem("fever", True, "Fever: yes")
    >>> now = ("urgency", "soon", "soon")
    >>> found = PivotalAnswers(*now, (answer,), 0.02, "urgent", "urgent", 90, False)
    >>> pivotal_sentences(found, "{:.0%}".format)
    "How urgent it is (soon): 'Fever: yes' would make it urgent (2% would answer so)."
    """
    subject = SUBJECTS[found.conclusion].format(now=found.now_label or "nothing yet")
    ruled_out = "no one answer would change it" if found.singles_ruled_out else ""
    if not found.answers:
        sets = f"none of the {found.tried:,} sets of answers that were tried would change it"
        return f"{subject}: {', and '.join(filter(None, [ruled_out, sets]))}."
    answers = " with ".join(f"'{each.label}'" for each in found.answers)
    made = f"{answers} would make it {found.becomes_label or 'none of them'}"
    said = "; ".join(filter(None, [ruled_out, made]))
    return f"{subject}: {said} ({chance(found.chance)} would answer so)."
