"""Say what can be answered about a person: every id of the model, its flag, and its answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bayesnet.diagnosis.answers.intake import Askable, askables
from bayesnet.diagnosis.answers.reading import UNKNOWN, Value, read_answer
from bayesnet.diagnosis.answers.soft import SoftAnswer
from bayesnet.errors import EvidenceError, nearest_names, quoted
from bayesnet.model.format.description import ModelDescription
from bayesnet.network.states import TRUTH

RESERVED = (
    "help",
    "version",
    "model",
    "case",
    "audience",
    "json",
    "fields",
    "present",
    "absent",
    "unknown",
    "likely",
    "sensitivity",
    "full",
    "html",
    "no-red-flags",
    "policy",
    "max",
    "resume",
    "record",
    "answers",
    "change",
)
NO_RED_FLAGS = "--no-red-flags"
"""Answers no to every red flag that has to be asked and was not answered otherwise."""
CLASH = "answer-"
"""Put before an id whose plain flag is taken by a general option or by another id."""


@dataclass(frozen=True)
class Vocabulary:
    """What can be answered and what to type for it.

    askables: {id: what can be asked}; flags: {id: '--coughing'}; denials, of yes/no questions and
    of screens: {id: '--no-coughing'}; inferred: ids of causes and shared findings, which are never
    given; synonyms: {a word that people use: ids it is about}; screens: {id: ids of its lines}.
    """

    askables: Mapping[str, Askable]
    flags: Mapping[str, str]
    denials: Mapping[str, str]
    inferred: frozenset[str]
    synonyms: Mapping[str, tuple[str, ...]]
    screens: Mapping[str, tuple[str, ...]]

    def find(self, name: str, source: str) -> Askable:
        """Return the askable of that id (dashes allowed).

        source: where the id was given, for the message. Raises EvidenceError with the nearest ids.
        """
        folded = name if name in self.askables else name.replace("-", "_")
        if folded in self.askables:
            return self.askables[folded]
        if folded in self.inferred:
            raise EvidenceError(f"{source}: '{folded}' is inferred by the model, never given")
        nearest = self.meant_by(name) or nearest_names(name, self.askables)
        raise EvidenceError(f"{source}: unknown evidence '{name}'; {hint(nearest)}")

    def meant_by(self, word: str) -> tuple[str, ...]:
        """Return the ids that a word people use is about; none where no such word is known."""
        return self.synonyms.get(word.lower().replace("-", "_").replace(" ", "_"), ())

    def spelled_out(self, arguments: Sequence[str]) -> list[str]:
        """Return arguments in which a yes or no behind a flag is part of the flag.

        `--coughing no`, `--coughing=no` and `--no-coughing` are the same, and so are `--coughing
        present` and `--coughing`.
        """
        named = {self.flags[name]: name for name in self.askables if name in self.denials}
        words, found = list(arguments), list[str]()
        while words:
            word = words.pop(0)
            if word == "--":
                return [*found, word, *words]
            flag, equals, value = word.partition("=")
            name = named.get(flag.replace("_", "-"))
            if name is None:
                found.append(word)
                continue
            if not equals and words and words[0].lower() in (*TRUTH, UNKNOWN):
                value = words.pop(0)
            if not (equals or value):
                found.append(word)
                continue
            found += self.typed(name, answer_at(flag, self.askables[name], value)).split()
        return found

    def typed(self, name: str, value: Value) -> str:
        """Return what to type on the command line to give this answer."""
        if value is None:
            return f"--unknown {name}"
        if isinstance(value, bool):
            return self.flags[name] if value else self.denials[name]
        if isinstance(value, SoftAnswer):
            return f"--likely {name}={value.as_text()}"
        return f"{self.flags[name]} {value}"


def hint(nearest: Sequence[str]) -> str:
    """Say what may have been meant, or where to look for it."""
    if nearest:
        return f"did you mean {quoted(nearest)}?"
    return "'lbp-infer flags' lists all, 'lbp-infer flags WORD' searches them"


def too_many(word: str) -> str:
    """Say what to do with a yes or no that stands behind a flag."""
    return f"'{word}' is one word too many: a flag by itself says yes, --no-... says no"


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
    gates = description.interview.gates
    denials |= {name: _free(f"--no-{_spelt(name)}", "--no-", taken) for name in gates}
    screens = {name: gate.lines for name, gate in gates.items()}
    return Vocabulary(found, flags, denials, inferred, description.synonyms, screens)


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
