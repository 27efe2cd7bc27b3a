"""Print a page for people: a console with plain rules, and the few shapes pages are made of."""

import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from rich.console import Console, Group, RenderableType
from rich.text import Text

from lbp_infer.screen.output import stdout
from lbp_infer.screen.shapes import Columns, Indented, Prose

NARROWEST = 30
"""Columns that a page takes even where the terminal has fewer: hardly a word is longer."""
WIDEST = 120
"""Columns that a page takes at most: longer lines of text are hard to read."""
BAR_PARTS = "▏▎▍▌▋▊▉█"


def print_page(parts: Iterable[RenderableType], stream: TextIO | None = None) -> None:
    """Print parts to a stream, by default stdout: styled on a terminal, else plain text."""
    stream = stdout() if stream is None else stream
    stream.write(_rendered(parts, stream))


def page_through(parts: Sequence[RenderableType]) -> None:
    """Print parts as `print_page` does; on a terminal that they do not fit, by the pager.

    The last part is printed once more after it, since a pager leaves nothing behind.
    """
    stream = stdout()
    text = _rendered(parts, stream)
    interactive = sys.stdin is not None and sys.stdin.isatty() and not is_plain(stream)
    if not interactive or text.count("\n") < shutil.get_terminal_size().lines:
        stream.write(text)
        return
    import click

    click.echo_via_pager(text)
    stream.write(_rendered(parts[-1:], stream))


def _rendered(parts: Iterable[RenderableType], stream: TextIO) -> str:
    """Return parts as text for a stream: its width, its encoding, and colours if it takes them."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    plain = is_plain(stream)
    console = Console(
        file=stream,
        force_terminal=not plain,
        force_jupyter=False,
        color_system=None if plain else "auto",
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.width = max(NARROWEST, min(WIDEST, console.width))
    with console.capture() as captured:
        # A word that is wider than the page stays whole; see `Prose`.
        console.print(*parts, sep="\n", crop=False)
    if not plain:
        return captured.get()
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def is_plain(stream: TextIO) -> bool:
    """Tell whether nothing but lines of text may be written to a stream.

    So it is for whatever is no terminal or a dumb one, and where NO_COLOR or, for screen readers,
    ACCESSIBLE is set.
    """
    asked_for = os.environ.get("NO_COLOR") or is_accessible()
    return not stream.isatty() or bool(asked_for) or os.environ.get("TERM") == "dumb"


def is_accessible() -> bool:
    """Tell whether ACCESSIBLE asks for sentences in place of drawings; 0 and false do not."""
    return os.environ.get("ACCESSIBLE", "").lower() not in ("", "0", "false", "no")


def section(title: str, *parts: RenderableType) -> RenderableType:
    """Return a heading with its parts indented below it, and an empty line before."""
    return Group(Text(), Text(title, style="bold"), Indented(Group(*parts), "  "))


def paragraph(text: str | Text, style: str = "") -> RenderableType:
    """Return text that wraps at words, and breaks none."""
    return Prose(Text(text, style=style) if isinstance(text, str) else text)


def bullets(items: Iterable[str | Text], mark: str = "-") -> RenderableType:
    """Return a list; lines after an item's first hang under it."""
    return Group(*(Indented(paragraph(item), f"{mark} ") for item in items))


def columns(
    rows: Iterable[Sequence[str | Text]],
    right: Sequence[int] = (),
    head: Sequence[str] = (),
    whole: Sequence[int] = (),
) -> RenderableType:
    """Return aligned columns; those numbered in `right` (numbers) and `whole` (ids) do not wrap."""
    texts = [[_text(cell) for cell in row] for row in rows]
    return Columns(texts, head, frozenset(right), frozenset({*right, *whole}))


def _text(said: str | Text) -> Text:
    return Text(said) if isinstance(said, str) else said


def bar(probability: float, width: int, blocks: bool) -> str:
    """Draw a bar of at most `width` characters; without block characters, of #.

    >>> bar(0.25, 20, blocks=False)
    '#####'
    """
    if not blocks:
        return "#" * round(probability * width)
    eighths = round(probability * width * 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + (BAR_PARTS[rest - 1] if rest else "")


def can_draw_blocks() -> bool:
    """Tell whether stdout's encoding holds block characters."""
    try:
        BAR_PARTS.encode(stdout().encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
