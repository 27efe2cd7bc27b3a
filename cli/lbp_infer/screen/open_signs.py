"""Name the red flags that are open, as flags to type, and how to deny them together."""

from collections.abc import Sequence

from bayesnet.diagnosis.report.records import Report
from bayesnet.errors import counted
from lbp_infer.commands.vocabulary import NO_RED_FLAGS, Vocabulary


def open_signs(report: Report, words: Vocabulary) -> list[str]:
    """List the red flags to be asked before anything is ruled out, in the model's order."""
    waiting = {each.id for each in report.questions if each.mandatory}
    return [name for name in words.askables if name in waiting]


def in_words(signs: Sequence[str], words: Vocabulary) -> str:
    """Say which are open, each as the flag that answers yes; empty for none."""
    if not signs:
        return ""
    typed = " ".join(words.flags[name] for name in signs)
    return f"Not asked yet (none of them: {NO_RED_FLAGS}): {typed}"


def how_many(signs: Sequence[str]) -> str:
    """Say how many are open and what lists them, for where there is no space for all."""
    number = counted(len(signs), "red flag")
    return f"{number} not asked yet: --full lists them. None of them: {NO_RED_FLAGS}"
