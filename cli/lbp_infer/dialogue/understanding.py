"""Understand what was typed: an answer to what is asked, one to something else, or a command."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bayesnet.diagnosis.answers.reading import Value, number_range, read_answer
from bayesnet.errors import EvidenceError
from lbp_infer.commands.vocabulary import Vocabulary, answer_at
from lbp_infer.dialogue.asked import NONE, Asked, Gate, Option, Question, Stopped, how_to_answer
from lbp_infer.screen.notices import printable

SHOWN = 40
"""Characters of what was typed that a message repeats."""
LONGEST_STATED = 200
"""Characters of ID=ANSWER; no id with an answer is nearly as long."""
COMMANDS: Mapping[str, str] = {
    **{word: word for word in ("why", "back", "so far", "what if", "more", "stop", "help")},
    **{"go back": "back", "sofar": "so far", "quit": "stop", "exit": "stop"},
}
"""{what may be typed, also after a /: the command}."""
NOT_KNOWN = ("?", "unknown", "not known", "not sure", "don't know", "dont know")
OPENING = ("y", "yes", "some", *NOT_KNOWN)
"""What opens a gate, so that its lines are asked one by one."""
NONE_OF_THESE = ("0", "n", "no", NONE, "none of these", "none of them")

NONE_OF_THE_REST = (NONE, "none of these", "none of the rest")
"""What denies the lines of an opened gate that are still open."""


@dataclass(frozen=True)
class Answered:
    """Answers to what is asked or to anything else: (id, value), in order."""

    answers: tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Opened:
    """The lines of this gate are to be asked one by one."""

    gate: str


@dataclass(frozen=True)
class Command:
    """A word of the dialogue, one of COMMANDS, with what stood after it."""

    word: str
    about: str = ""


@dataclass(frozen=True)
class Unclear:
    """What was typed is no answer; message: why, and what can be typed."""

    message: str


Understood = Answered | Opened | Command | Unclear


def understand(typed: str, asked: Asked, words: Vocabulary) -> Understood:
    """Understand a line; never raises.

    words: the model's ids and answers, for ID=ANSWER.
    """
    text = _tidy(typed)
    command = _command(text)
    if text.startswith("/") or (command is not None and command.about):
        return command or Unclear(_no_answer(text, asked))
    try:
        answer = _answer(text, asked, words)
    except EvidenceError as error:
        return Unclear(printable(str(error)))
    if command is not None and answer is not None:
        return Unclear(
            f"'{text}' answers the question and is also a command; type the key of the answer, "
            f"or /{command.word}"
        )
    return command or answer or Unclear(_no_answer(text, asked))


def _tidy(typed: str) -> str:
    """Write a line with usual digits and letters and with single blanks."""
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def folded(typed: str) -> str:
    """Write a line as answers and commands are compared, in lower case.

    >>> folded("  Ｙes, ４２ ")
    'yes, 42'
    """
    return _tidy(typed).casefold()


def _command(text: str) -> Command | None:
    """Find the command that a line gives, with what stands after `what if`."""
    word = text.casefold().removeprefix("/")
    if word.startswith("what if "):
        return Command("what if", text[-len(word.removeprefix("what if ")) :].rstrip("?").strip())
    return Command(COMMANDS[word]) if word in COMMANDS else None


def _answer(text: str, asked: Asked, words: Vocabulary) -> Answered | Opened | None:
    """Read a line as an answer; None where it is none. Raises EvidenceError for what is near."""
    if "=" in text:
        return Answered((stated(text, words),))
    if isinstance(asked, Gate):
        return _of_gate(text.casefold(), asked)
    return _of_question(text.casefold(), asked) if isinstance(asked, Question) else None


def stated(text: str, words: Vocabulary) -> tuple[str, Value]:
    """Read ID=ANSWER; raises EvidenceError for an unknown id and for what is no answer."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not name or not value or len(text) > LONGEST_STATED:
        raise EvidenceError(
            f"'{printable(text[:SHOWN])}': give ID=ANSWER, such as {_example(words)}"
        )
    askable = words.find(name, f"'{printable(text[:SHOWN])}'")
    return askable.id, answer_at(name, askable, None if value.casefold() in NOT_KNOWN else value)


def _of_gate(text: str, gate: Gate) -> Answered | Opened | None:
    if text in NONE_OF_THESE:
        return Answered(((gate.id, NONE),))
    if text in OPENING:
        return Opened(gate.id)
    if re.fullmatch(r"[0-9]+(( and |[ ,;]+)[0-9]+)*", text):
        chosen = re.findall(r"[0-9]+", text)
        lines = {option.key: str(option.value) for option in gate.options}
        if all(key in lines for key in chosen):
            return Answered(tuple((lines[key], True) for key in dict.fromkeys(chosen)))
        return None
    found = _spelt(text, gate.options)
    return None if found is None else Answered(((str(found.value), True),))


def _of_question(text: str, question: Question) -> Answered | None:
    name = question.askable.id
    if question.gate and text in NONE_OF_THE_REST:
        return Answered(((question.gate, NONE),))
    if text in NOT_KNOWN:
        return Answered(((name, None),))
    found = _spelt(text, question.options)
    if found is not None:
        return Answered(((name, found.value),))
    if not text:
        return None
    try:
        return Answered(((name, read_answer(name, question.askable.answer, text)),))
    except EvidenceError:
        return None


def _spelt(text: str, options: Sequence[Option]) -> Option | None:
    """Find the option of this key, else of this wording or value, else the only one begun so.

    Raises EvidenceError where several begin so.
    """
    for spelt in ((each.key for each in options), (folded(each.label) for each in options)):
        exact = [each for each, spelling in zip(options, spelt, strict=True) if spelling == text]
        if len(exact) == 1:
            return exact[0]
    exact = [each for each in options if folded(str(each.value)) == text]
    begun = exact or [each for each in options if text and folded(each.label).startswith(text)]
    if len(begun) > 1:
        listed = " or ".join(f"{each.key} {each.label}" for each in begun)
        raise EvidenceError(f"'{printable(text[:SHOWN])}' could be {listed}; type its key")
    return begun[0] if begun else None


def _no_answer(text: str, asked: Asked) -> str:
    how = how_to_answer(asked)
    if not text:
        return how
    cut = f"{text[:SHOWN]}..." if len(text) > SHOWN else text
    if isinstance(asked, Stopped):
        return f"'{printable(cut)}': the questions have stopped; {how}"
    return f"'{printable(cut)}' is no answer here; {how}"


def _example(words: Vocabulary) -> str:
    """Write an answer to the model's first question, as an example."""
    askable = next(iter(words.askables.values()))
    if askable.is_number:
        return f"{askable.id}={number_range(askable.answer)[0]}"
    return f"{askable.id}={'yes' if askable.is_yes_no else askable.answer.states[0]}"
