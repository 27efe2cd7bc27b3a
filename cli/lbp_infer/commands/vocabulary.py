"""Say what can be answered about a person: every id of the model, its flag, and its answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bayesnet.diagnosis.answers.intake import Askable, askables
from bayesnet.errors import EvidenceError, nearest_names, quoted
from bayesnet.model.format.description import ModelDescription

Value = bool | str | int | None

RESERVED = (
    "help",
    "version",
    "model",
    "case",
    "audience",
    "json",
    "present",
    "absent",
    "unknown",
)
CLASH = "answer-"
"""Put before an id whose plain flag is taken by a general option or by another id."""


@dataclass(frozen=True)
class Vocabulary:
    """What can be answered and what to type for it.

    askables: {id: what can be asked}; flags: {id: '--coughing'}; denials, of yes/no questions: {id:
    '--no-coughing'}; inferred: ids of causes and shared findings, which are never given.
    """

    askables: Mapping[str, Askable]
    flags: Mapping[str, str]
    denials: Mapping[str, str]
    inferred: frozenset[str]

    def find(self, name: str, source: str) -> Askable:
        """Return the askable of that id (dashes allowed).

        source: where the id was given, for the message. Raises EvidenceError with the nearest ids.
        """
        folded = name if name in self.askables else name.replace("-", "_")
        if folded in self.askables:
            return self.askables[folded]
        if folded in self.inferred:
            raise EvidenceError(f"{source}: '{folded}' is inferred by the model, never given")
        nearest = nearest_names(name, self.askables)
        hint = f"did you mean {quoted(nearest)}?" if nearest else "see 'lbp-infer --help'"
        raise EvidenceError(f"{source}: unknown evidence '{name}'; {hint}")

    def typed(self, name: str, value: Value) -> str:
        """Return what to type on the command line to give this answer."""
        if value is None:
            return f"--unknown {name}"
        if isinstance(value, bool):
            return self.flags[name] if value else self.denials[name]
        return f"{self.flags[name]} {value}"


def vocabulary(description: ModelDescription) -> Vocabulary:
    """Build the vocabulary of a model."""
    found = askables(description)
    inferred = frozenset(description.causes) | frozenset(description.shared)
    taken = {f"--{name}" for name in RESERVED}
    flags = {name: _free(f"--{_spelt(name)}", "--", taken) for name in found}
    denials = {
        name: _free(f"--no-{_spelt(name)}", "--no-", taken)
        for name, askable in found.items()
        if askable.is_yes_no
    }
    return Vocabulary(found, flags, denials, inferred)


def number_range(askable: Askable) -> tuple[int, int]:
    """Return the least and the greatest number that can be answered."""
    ends = [end for band in askable.answer.bands.values() for end in band]
    return min(ends), max(ends)


def answer_in_text(askable: Askable, text: str, source: str) -> str | int:
    """Read a word from the command line as a state or a number; raises EvidenceError."""
    if askable.is_number:
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
            raise EvidenceError(f"{source}: '{text}' is not {_range_in_words(askable)}")
        return _in_range(askable, int(text), source)
    return _state(askable, text, source)


def answer_in_data(askable: Askable, value: Any, source: str) -> Value:
    """Read a value from a case file as an answer; raises EvidenceError."""
    if value is None:
        return None
    if askable.is_yes_no:
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("yes", "no"):
            return value.lower() == "yes"
    elif askable.is_number:
        if isinstance(value, str) and value in askable.answer.bands:
            return value
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if whole and not isinstance(value, bool):
            return _in_range(askable, int(value), source)
    elif isinstance(value, bool | int | str):
        # YAML reads a bare `yes` as true and `1` as a number.
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        if isinstance(value, str) or text in askable.answer.states:
            return _state(askable, text, source)
    raise EvidenceError(f"{source}: {_expected(askable)}")


def _spelt(name: str) -> str:
    return name.replace("_", "-").lower()


def _free(flag: str, prefix: str, taken: set[str]) -> str:
    """Return the flag, or the nearest one that nothing else has; it is taken from then on."""
    while flag in taken:
        flag = f"{prefix}{CLASH}{flag[len(prefix) :]}"
    taken.add(flag)
    return flag


def _state(askable: Askable, text: str, source: str) -> str:
    states = askable.answer.states
    if text in states:
        return text
    folded = text.lower().replace("-", "_")
    for state in states:
        if state.lower() == folded:
            return state
    nearest = nearest_names(text, states)
    hint = f"; did you mean {quoted(nearest)}?" if nearest else ""
    raise EvidenceError(f"{source}: '{text}' is not one of {', '.join(states)}{hint}")


def _in_range(askable: Askable, number: int, source: str) -> int:
    low, high = number_range(askable)
    if not low <= number <= high:
        raise EvidenceError(f"{source}: {number} is not {_range_in_words(askable)}")
    return number


def _range_in_words(askable: Askable) -> str:
    low, high = number_range(askable)
    unit = f" ({askable.answer.unit})" if askable.answer.unit else ""
    return f"a whole number from {low} to {high}{unit}"


def _expected(askable: Askable) -> str:
    if askable.is_yes_no:
        return "give true, false or null (asked and not known)"
    if askable.is_number:
        return f"give {_range_in_words(askable)} or null (asked and not known)"
    return f"give one of {', '.join(askable.answer.states)}, or null (asked and not known)"
