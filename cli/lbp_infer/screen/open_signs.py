"""Name what has to be asked and is open or doubted, as flags to type, and how to deny red flags."""

from collections.abc import Mapping, Sequence

from bayesnet.diagnosis.answers.reading import is_yes, read_answer
from bayesnet.diagnosis.report.records import Report
from bayesnet.errors import counted
from lbp_infer.commands.statements import red_flags
from lbp_infer.commands.vocabulary import NO_RED_FLAGS, Vocabulary


def open_signs(report: Report, words: Vocabulary) -> list[str]:
    """List what is to be asked before anything is ruled out, in the model's order."""
    waiting = {each.id for each in report.questions if each.mandatory}
    return [name for name in words.askables if name in waiting]


def in_words(signs: Sequence[str], words: Vocabulary) -> str:
    """Say which are open, each as the flag that answers it; empty for none."""
    if not signs:
        return ""
    typed = " ".join(words.flags[name] for name in signs)
    denied = f" (none of them: {NO_RED_FLAGS})" if _are_red_flags(signs, words) else ""
    return f"Not asked yet{denied}: {typed}"


def doubted_signs(report: Report, words: Vocabulary) -> list[str]:
    """List those that were answered softly, no more likely yes than not."""
    soft = {each.id: each.value for each in report.evidence if isinstance(each.value, Mapping)}
    return [
        name
        for name, each in words.askables.items()
        if each.asked.mandatory and each.is_yes_no and name in soft
        if not is_yes(read_answer(name, each.answer, soft[name]))
    ]


def doubts(signs: Sequence[str], words: Vocabulary) -> str:
    """Say which are doubted, each as the flags that settle it; empty for none."""
    if not signs:
        return ""
    typed = ", ".join(f"{words.flags[name]} or {words.denials[name]}" for name in signs)
    return f"Not certain, and needed before anything is ruled out: {typed}"


def how_many(signs: Sequence[str], words: Vocabulary) -> str:
    """Say how many are open and what lists them, for where there is no space for all."""
    if _are_red_flags(signs, words):
        number = counted(len(signs), "red flag")
        return f"{number} not asked yet: --full lists them. None of them: {NO_RED_FLAGS}"
    return f"{counted(len(signs), 'needed question')} not asked yet: --full lists them."


def _are_red_flags(signs: Sequence[str], words: Vocabulary) -> bool:
    """Tell whether one flag denies all of them."""
    return set(signs) <= set(red_flags(words))
