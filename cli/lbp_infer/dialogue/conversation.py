"""Hold an interview: ask, understand, show what moved, keep and record, until it stops."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.console import RenderableType

from bayesnet.diagnosis.answers.reading import Value
from bayesnet.diagnosis.report.identity import identity_of
from bayesnet.errors import EvidenceError, ImpossibleEvidenceError
from lbp_infer.commands.vocabulary import Vocabulary
from lbp_infer.dialogue.asked import Asked, Gate, Question, Stopped, asked_again, asked_now
from lbp_infer.dialogue.beginning import Begun
from lbp_infer.dialogue.line_input import Line, Read
from lbp_infer.dialogue.understanding import (
    COMMANDS,
    Answered,
    Command,
    Opened,
    Unclear,
    stated,
    understand,
)
from lbp_infer.files.record import Kind
from lbp_infer.screen.page import paragraph
from lbp_infer.screen.render_turn import (
    NONE_OF_THESE,
    SPOKEN,
    again_lines,
    help_lines,
    moved_lines,
    question_lines,
    said_words,
    so_far_lines,
    stopped_lines,
)
from lbp_infer.screen.render_what_if import what_if_lines

if TYPE_CHECKING:
    from bayesnet.diagnosis.interview.session import Session
    from bayesnet.diagnosis.report.records import Report

MOST_UNCLEAR = 20
"""Lines in a row that are no answer, after which the input is no person's."""
KEPT = ("", "keep")
"""What keeps an answer that is asked again."""

Show = Callable[[Iterable[RenderableType]], None]
Noted = Callable[[Kind, dict[str, Value], "Session"], None]
"""Called with what happened, what was said, and the session after it, before it goes on."""


@dataclass(frozen=True)
class Doors:
    """How a conversation meets the world outside.

    read: the next line; show: prints; conclude: prints the whole answer; noted: keeps and records.
    """

    read: Read
    show: Show
    conclude: Callable[["Report"], None]
    noted: Noted


@dataclass(frozen=True)
class Turn:
    """Where a conversation stands.

    again: ids of answers of days ago that are asked again, before anything else; opened: the gate
    whose lines are asked one by one; unclear: lines in a row that were no answer;
    shown: whether what is asked stands on the screen already; over: whether it has ended.
    """

    session: "Session"
    again: tuple[str, ...] = ()
    opened: str = ""
    unclear: int = 0
    shown: bool = False
    over: bool = False


def converse(begun: Begun, words: Vocabulary, doors: Doors) -> "Session":
    """Hold the conversation from where the session stands, and return the session at its end.

    Raises EvidenceError for a line of a file that is no answer, and after MOST_UNCLEAR lines in a
    row that are none.
    """
    doors.show([paragraph(SPOKEN, "dim")])
    if caution := identity_of(begun.session.model.compiled).caution:
        doors.show([paragraph(f"! {caution}", "bold")])
    if begun.again and begun.saved is not None:
        doors.show(again_lines(begun.saved))
    turn = Turn(begun.session, begun.again)
    concluded = None
    while not turn.over:
        asked = _asked(turn)
        if isinstance(asked, Stopped) and concluded is not turn.session:
            doors.conclude(turn.session.report)
            doors.noted("conclusion", {}, turn.session)
            concluded = turn.session
        if not turn.shown:
            doors.show(_question(turn.session, asked))
        turn = _after(turn, asked, doors.read(_completed(asked)), words, doors)
    if concluded is not turn.session:
        doors.conclude(turn.session.report)
        doors.noted("conclusion", {}, turn.session)
    return turn.session


def _asked(turn: Turn) -> Asked:
    if turn.again:
        return asked_again(turn.session, turn.again[0])
    return asked_now(turn.session, turn.opened)


def _question(session: "Session", asked: Asked) -> list[RenderableType]:
    if isinstance(asked, Stopped):
        return stopped_lines(asked, session.report)
    return question_lines(asked, len(session.steps) + 1)


def _after(turn: Turn, asked: Asked, line: Line | None, words: Vocabulary, doors: Doors) -> Turn:
    """Return where the conversation stands after a line."""
    if line is None or (isinstance(asked, Stopped) and not line.text.strip()):
        return replace(turn, over=True)
    if isinstance(asked, Question) and asked.earlier and line.text.strip() in KEPT:
        return replace(turn, again=turn.again[1:], unclear=0, shown=False)
    understood = understand(line.text, asked, words)
    try:
        if isinstance(understood, Answered):
            return _answered(turn, asked, understood, doors)
        if isinstance(understood, Command):
            return _commanded(turn, understood, asked, words, doors)
    except (EvidenceError, ImpossibleEvidenceError) as error:
        if line.place:
            error.args = (f"{line.place}: {error}",)
            raise
        understood = Unclear(str(error))
    if isinstance(understood, Opened):
        return replace(turn, opened=understood.gate, unclear=0, shown=False)
    return _unclear(turn, understood, line, doors)


def _unclear(turn: Turn, said: Unclear, line: Line, doors: Doors) -> Turn:
    """Say why a line is no answer; in a file that is an error, since the rest would be shifted."""
    if line.place:
        raise EvidenceError(f"{line.place}: {said.message}")
    if turn.unclear + 1 == MOST_UNCLEAR:
        raise EvidenceError(
            f"{MOST_UNCLEAR} lines in a row were no answer; the interview ends here"
        )
    doors.show([paragraph(said.message)])
    return replace(turn, unclear=turn.unclear + 1, shown=True)


def _answered(turn: Turn, asked: Asked, said: Answered, doors: Doors) -> Turn:
    before, session = turn.session, turn.session
    for name, value in said.answers:
        session = session.answer(name, value)
    report = session.report
    opened = turn.opened
    if isinstance(asked, Gate) and any(line.value in dict(said.answers) for line in asked.options):
        opened = asked.id
    doors.noted("answer", dict(said.answers), session)
    noted = said_words(report, [name for name, _ in said.answers]) or NONE_OF_THESE.lower()
    doors.show(moved_lines(f"Noted: {noted}.", before.report, report))
    again = tuple(name for name in turn.again if name not in dict(said.answers))
    return Turn(session, again, opened)


def _commanded(turn: Turn, command: Command, asked: Asked, words: Vocabulary, doors: Doors) -> Turn:
    session, word = turn.session, command.word
    if word == "stop":
        return replace(turn, over=True)
    if word == "back":
        return _back(turn, asked, doors)
    if word == "more":
        further = session.more()
        if isinstance(asked, Stopped) and further.next_question is None:
            return _said(turn, [paragraph(further.stop_reason)], doors)
        return Turn(further, turn.again, turn.opened)
    if word == "why":
        return _said(turn, [paragraph(_reason(session, asked))], doors)
    if word == "so far":
        return _said(turn, so_far_lines(session.report), doors)
    if word == "what if":
        name, value = stated(command.about, words)
        other = session.answer(name, value).report
        return _said(turn, what_if_lines(session.report, other, [name]), doors)
    return _said(turn, help_lines(), doors)


def _back(turn: Turn, asked: Asked, doors: Doors) -> Turn:
    """Close a gate of which no line was answered, else take the last answer back."""
    session = turn.session
    gate = asked.gate if isinstance(asked, Question) else ""
    lines = session.model.description.interview.gates[gate].lines if gate else ()
    if gate and not (session.steps and session.steps[-1].id in lines):
        return replace(turn, opened="", unclear=0, shown=False)
    earlier = session.back()
    if len(earlier.steps) == len(session.steps):
        return _said(turn, [paragraph("This is the first question.")], doors)
    doors.noted("back", {}, earlier)
    return Turn(earlier, tuple(n for n in turn.again if n in earlier.given), turn.opened)


def _said(turn: Turn, parts: Sequence[RenderableType], doors: Doors) -> Turn:
    """Print something beside the question, which then stands again below it."""
    doors.show(parts)
    return replace(turn, unclear=0, shown=False)


def _reason(session: "Session", asked: Asked) -> str:
    following = session.next_question
    if isinstance(asked, Question) and asked.earlier:
        return "It may have changed since it was answered."
    if isinstance(asked, Stopped) or following is None:
        return session.stop_reason
    return following.reason


def _completed(asked: Asked) -> list[str]:
    """List what Tab completes: the wordings of the answers, and the commands."""
    options = () if isinstance(asked, Stopped) else asked.options
    return [*(each.label for each in options), *dict.fromkeys(COMMANDS.values())]
