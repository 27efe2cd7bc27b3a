"""Name the red flags that are open, as flags to type, and how to deny them together."""

from collections.abc import Sequence

from bayesnet.diagnosis.report.records import Report
from lbp_infer.commands.vocabulary import NO_RED_FLAGS, Vocabulary


def open_signs(report: Report) -> list[str]:
    """List the ids of the red flags that have to be asked before anything is ruled out."""
    return [each.id for each in report.questions if each.mandatory]


def in_words(signs: Sequence[str], words: Vocabulary) -> str:
    """Say which are open, each as the flag that answers yes; empty for none."""
    if not signs:
        return ""
    typed = " ".join(words.flags[name] for name in signs)
    return f"Not asked yet (none of them: {NO_RED_FLAGS}): {typed}"
