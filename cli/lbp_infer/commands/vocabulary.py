"""Say what can be answered about a person: every id of the model, its flag, and its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bayesnet.diagnosis.answers.intake import Askable, askables
from bayesnet.diagnosis.answers.reading import Value, read_answer
from bayesnet.errors import EvidenceError, nearest_names, quoted
from bayesnet.model.format.description import ModelDescription

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
    "sensitivity",
    "policy",
    "max",
    "resume",
    "record",
    "answers",
    "change",
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


def answer_at(source: str, askable: Askable, value: Any) -> Value:
    """Read an answer of a flag or a file, which messages name; raises EvidenceError."""
    try:
        return read_answer(askable.id, askable.answer, value)
    except EvidenceError as error:
        raise EvidenceError(f"{source}: {error}") from None


def _spelt(name: str) -> str:
    return name.replace("_", "-").lower()


def _free(flag: str, prefix: str, taken: set[str]) -> str:
    """Return the flag, or the nearest one that nothing else has; it is taken from then on."""
    while flag in taken:
        flag = f"{prefix}{CLASH}{flag[len(prefix) :]}"
    taken.add(flag)
    return flag
