"""Say what stands at the prompt: a question, a gate with its lines, or that the questions stop."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bayesnet.diagnosis.answers.intake import Askable, in_words
from bayesnet.diagnosis.answers.reading import Value, number_wanted
from bayesnet.diagnosis.report.records import Choice

if TYPE_CHECKING:
    from bayesnet.diagnosis.interview.session import Session

NONE = "none"
"""The answer to a gate that answers each of its open lines no."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Option:
    """An answer on offer: the key to type for it, its wording, and its value."""

    key: str
    label: str
    value: Value


@dataclass(frozen=True)
class Question:
    """One question: answered by an option, or, where there are none, by a number.

    gate: the id of the gate that it is a line of, empty for none; earlier: how it was answered days
    ago, in words, where it is asked again.
    """

    askable: Askable
    text: str
    options: tuple[Option, ...]
    gate: str = ""
    earlier: str = ""


@dataclass(frozen=True)
class Gate:
    """Several findings asked about together; the value of an option is the id of its line."""

    id: str
    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Stopped:
    """No question is left that has to be asked; reason: why."""

    reason: str


Asked = Question | Gate | Stopped


def asked_now(session: "Session", opened: str) -> Asked:
    """Return what to ask next.

    opened: the gate whose lines are asked one by one.
    """
    following = session.next_question
    if following is None or session.should_stop:
        return Stopped(session.stop_reason)
    known = session.model.known
    if not following.items:
        return question_about(known[following.id], following.text, following.choices)
    lines = [item for item in following.items if item.id not in session.given]
    if opened == following.id:
        return question_about(known[lines[0].id], lines[0].text, lines[0].choices, opened)
    options = tuple(Option(str(at), line.text, line.id) for at, line in enumerate(lines, 1))
    return Gate(following.id, following.text, options)


def asked_again(session: "Session", name: str) -> Question:
    """Return the question about something that was answered days ago and may have changed."""
    askable = session.model.known[name]
    value = session.given[name]
    earlier = "not known" if value is None else in_words(askable, value).rpartition(": ")[2]
    return replace(
        question_about(askable, askable.asked.question, askable.choices()), earlier=earlier
    )


def question_about(
    askable: Askable, text: str, choices: Sequence[Choice], gate: str = ""
) -> Question:
    """Return the question about an askable, with a key for each choice.

    Keys are numbers, and letters where an answer itself begins with a digit.
    """
    digits = any(str(c.value)[:1].isdigit() or c.label[:1].isdigit() for c in choices)
    lettered = digits and len(choices) <= len(LETTERS)
    options = tuple(
        Option(LETTERS[at] if lettered else str(at + 1), each.label, each.value)
        for at, each in enumerate(choices)
    )
    return Question(askable, text, options, gate)


def how_to_answer(asked: Asked) -> str:
    """Say in one line what can be typed."""
    if isinstance(asked, Stopped):
        return "type more, back, so far or what if ID=ANSWER; Enter ends"
    if isinstance(asked, Gate):
        return "type 0 for none of these, the numbers of those that apply, or ? to go through them"
    if not asked.options:
        return f"type {number_wanted(asked.askable.answer)}, or ?"
    listed = ", ".join(f"{each.key} {each.label}" for each in asked.options)
    return f"type one of: {listed}, ? not known"
