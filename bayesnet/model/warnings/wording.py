"""Warn of words to the person that are hard to read, and of causes that nobody can tell apart."""

import re
from collections.abc import Iterator

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.problems import ModelWarning

LONGEST_SENTENCE = 30
"""Words; GOV.UK's content guide wants 25 at most."""
LONGEST_WORD = 15
"""Letters; `physiotherapist` has 15. Words in brackets explain others and may be longer."""
HARDEST = 60.0
"""LIX from which a text counts as very hard (Björnsson 1968): words in a sentence, plus the share
of words over six letters in per cent. It needs no word list and holds for many languages.
"""
FEWEST_WORDS = 8
"""Words from which such a share means anything."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?:;](?:\s+|$)|\n")
_IN_BRACKETS = re.compile(r"\([^)]*\)")


def warn_of_wording(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each text for the person that is too hard to read."""
    for path, text in _to_the_person(description):
        if reason := hard_to_read(text):
            yield ModelWarning(
                path,
                f"{reason}, which many people will not follow",
                "use shorter sentences and everyday words",
            )


def warn_of_labels(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each cause, finding or pathway that is called as another one is."""
    for section in ("causes", "risk_factors", "findings", "derived", "pathways"):
        first: dict[str, str] = {}
        for name, entry in getattr(description, section).items():
            if (other := first.setdefault(entry.label, name)) != name:
                yield ModelWarning(
                    (section, name, "label"),
                    f"'{name}' is called '{entry.label}', as '{other}' is, so that a report does "
                    "not tell them apart",
                    "rename one of them",
                )


def hard_to_read(text: str) -> str:
    """Say why a text is hard to read; empty where it is not.

    >>> hard_to_read("Does it hurt to cough?")
    ''
    >>> hard_to_read("Have you had radiculopathological symptoms?")
    "'radiculopathological' has 20 letters"
    """
    longest = max((len(_WORD.findall(each)) for each in _SENTENCE.split(text)), default=0)
    if longest > LONGEST_SENTENCE:
        return f"a sentence of {longest} words"
    words = _WORD.findall(_IN_BRACKETS.sub("", text))
    for word in words:
        if len(word) > LONGEST_WORD:
            return f"'{word}' has {len(word)} letters"
    sentences = sum(bool(_WORD.search(each)) for each in _SENTENCE.split(text))
    if len(words) < FEWEST_WORDS:
        return ""
    lix = len(words) / sentences + 100.0 * sum(len(each) > 6 for each in words) / len(words)
    return f"long sentences of long words (LIX {lix:.0f})" if lix > HARDEST else ""


def _to_the_person(description: ModelDescription) -> Iterator[tuple[KeyPath, str]]:
    """Yield what the person reads: questions, answers, screens, triage and what causes are."""
    yield from _questions(description)
    for name, gate in description.interview.gates.items():
        yield ("interview", "gates", name, "question"), gate.question
    for name, cause in description.causes.items():
        yield ("causes", name, "about"), cause.about
    if description.triage is not None:
        for level, message in description.triage.messages.items():
            yield ("triage", "messages", level), message
        for name, rule in description.triage.rules.items():
            yield ("triage", "rules", name, "reason"), rule.reason
            yield ("triage", "rules", name, "message"), rule.message


def _questions(description: ModelDescription) -> Iterator[tuple[KeyPath, str]]:
    for section in ("risk_factors", "findings", "derived"):
        for name, entry in getattr(description, section).items():
            if entry.asked.asked_of != "self":
                continue
            yield (section, name, "asked", "question"), entry.asked.question
            for state, label in () if section == "derived" else entry.answer.labels.items():
                yield (section, name, "answer", "labels", state), label
