"""Read what is typed, line by line: on a terminal, from a pipe, or from a file of answers."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, TextIO

from bayesnet.errors import EvidenceError
from lbp_infer.files.text_input import STDIN, read_text
from lbp_infer.screen.page import is_plain

if TYPE_CHECKING:
    from prompt_toolkit.output import Output

PROMPT = "> "
LONGEST = 1000
"""Characters of a line that are read; no answer is nearly as long."""


@dataclass(frozen=True)
class Line:
    """A line, and where it stands: file and line number, empty where it was typed."""

    text: str
    place: str = ""


Read = Callable[[Sequence[str]], Line | None]
"""Takes words that Tab may complete, and returns the next line, None at the end of the input."""


def lines_of_file(path: str, echo: TextIO | None) -> Read:
    """Read a file of answers (`-`: stdin), a line for each; blank lines and # lines are left out.

    echo: where the lines are repeated, as a terminal does. Raises EvidenceError where the file
    cannot be read.
    """
    if path == "-" and sys.stdin is not None and sys.stdin.isatty():
        raise EvidenceError("'--answers -' reads a pipe; leave it out to be asked at a terminal")
    name = STDIN if path == "-" else path
    lines = enumerate(read_text(path, "file of answers").splitlines(), 1)
    said = iter(
        [
            Line(text.strip(), f"{name}:{at}")
            for at, text in lines
            if text.strip()[:1] not in ("", "#")
        ]
    )

    def read(completed: Sequence[str]) -> Line | None:
        line = next(said, None)
        if echo is not None and line is not None:
            echo.write(f"{PROMPT}{line.text}\n")
        return line

    return read


def typed_lines(stream: TextIO) -> Read:
    """Read from stdin what a person types; stream: where the prompt is shown.

    Raises EvidenceError when the process was started with stdin closed.
    """
    if sys.stdin is None:
        raise EvidenceError("cannot ask: stdin is closed; give --answers FILE")
    if sys.stdin.isatty() and not is_plain(stream) and find_spec("prompt_toolkit") is not None:
        return _on_terminal(stream)
    return _plainly(stream)


def _plainly(stream: TextIO) -> Read:
    """Read whatever bytes come, so that neither the locale nor a stray byte ends the interview."""

    def read(completed: Sequence[str]) -> Line | None:
        stream.write(PROMPT)
        stream.flush()
        raw = sys.stdin.buffer.readline(LONGEST)
        rest = raw
        while rest and not rest.endswith(b"\n"):
            rest = sys.stdin.buffer.readline(LONGEST)
        if not sys.stdin.isatty():
            # Nothing was echoed, so the next text would stand on the line of the prompt.
            stream.write("\n")
        return Line(raw.decode("utf-8", errors="replace")) if raw else None

    return read


def _on_terminal(stream: TextIO) -> Read:
    """Read lines that can be edited; Tab completes, Ctrl-Z puts the program aside."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.keys import Keys
    from prompt_toolkit.shortcuts import CompleteStyle

    keys = KeyBindings()
    # No mouse is asked for, and a sequence that only looks like its report, such as a colour that
    # was pasted, would end the line in a traceback.
    keys.add(Keys.Vt100MouseEvent)(lambda event: None)
    session: PromptSession[str] = PromptSession(
        key_bindings=keys,
        output=_output(stream),
        enable_suspend=True,
        complete_style=CompleteStyle.READLINE_LIKE,
        reserve_space_for_menu=0,
    )

    def read(completed: Sequence[str]) -> Line | None:
        try:
            words = WordCompleter(list(completed), ignore_case=True, sentence=True)
            return Line(session.prompt(PROMPT, completer=words))
        except EOFError:
            return None

    return read


def _output(stream: TextIO) -> "Output":
    """Return what the line editor writes to; on Windows there are several kinds of console."""
    if sys.platform == "win32":
        from prompt_toolkit.output.defaults import create_output

        return create_output(stream)
    from prompt_toolkit.data_structures import Size
    from prompt_toolkit.output.vt100 import Vt100_Output

    def size() -> Size:
        window = os.get_terminal_size(stream.fileno())
        return Size(rows=window.lines or 24, columns=window.columns or 80)

    # Asking where the cursor is gets no reply from some terminals, and a warning instead.
    return Vt100_Output(stream, size, term=os.environ.get("TERM"), enable_cpr=False)
