"""Shapes that pages are made of, which break no word however narrow the page is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

WORD = re.compile(r"\s*\S+\s*")
APART = 2
"""Blanks between columns."""


@dataclass(frozen=True)
class Prose:
    """Text that wraps at blanks alone.

    A word that is wider than the page, such as an address, is left whole: so it can be copied.
    """

    text: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield its lines."""
        for line in self.text.split(allow_blank=True):
            for part in line.divide(_breaks(line.plain, options.max_width)):
                part.rstrip()
                yield from console.render(part, options.update(no_wrap=True, overflow="ignore"))


def _breaks(text: str, width: int) -> list[int]:
    """Return where lines of a width begin, but for the first."""
    found, used = [], 0
    for match in WORD.finditer(text):
        if used and used + cell_len(match[0].rstrip()) > width:
            found.append(match.start())
            used = 0
        used += cell_len(match[0])
    return found


@dataclass(frozen=True)
class Indented:
    """A part to the right of a mark that stands before its first line."""

    part: RenderableType
    mark: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the part in what is left of the width."""
        width = max(1, options.max_width - cell_len(self.mark))
        lines = Segment.split_lines(console.render(self.part, options.update_width(width)))
        for at, line in enumerate(lines):
            yield Segment(self.mark if at == 0 else " " * cell_len(self.mark))
            yield from line
            yield Segment.line()


@dataclass(frozen=True)
class Columns:
    """Aligned columns; row by row as a list where a word would have to be broken for them.

    right: columns of numbers; whole: those that do not wrap, of which numbers are some.
    """

    rows: Sequence[Sequence[Text]]
    head: Sequence[str]
    right: frozenset[int]
    whole: frozenset[int]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render a table where it fits."""
        if self._narrowest() <= options.max_width:
            yield self._table()
            return
        for row in self.rows:
            yield Indented(Prose(Text("  ").join(self._said(row))), "- ")

    def _narrowest(self) -> int:
        """Return the width in which no word is broken."""
        return sum(self._width(at) + APART for at in range(self._count())) - APART

    def _count(self) -> int:
        return len(self.rows[0]) if self.rows else len(self.head)

    def _width(self, at: int) -> int:
        cells = [*(row[at].plain for row in self.rows), *self.head[at : at + 1]]
        parts = cells if at in self.whole else [word for cell in cells for word in cell.split()]
        return max(map(cell_len, parts), default=0)

    def _said(self, row: Sequence[Text]) -> list[Text]:
        """Return the cells of a row that say something, each after what stands over its column."""
        heads = [*self.head, *[""] * (len(row) - len(self.head))]
        said = []
        for head, cell in zip(heads, row, strict=True):
            own = cell.copy()
            own.rstrip()
            own = own[len(own.plain) - len(own.plain.lstrip()) :]
            if own:
                said.append(Text.assemble((f"{head} ", "dim"), own) if head else own)
        return said

    def _table(self) -> Table:
        table = Table(
            box=None, padding=(0, APART, 0, 0), show_header=bool(self.head), pad_edge=False
        )
        for at in range(self._count()):
            table.add_column(
                self.head[at] if self.head else "",
                justify="right" if at in self.right else "left",
                no_wrap=at in self.whole,
                header_style="dim",
                overflow="ellipsis" if at in self.whole else "fold",
            )
        for row in self.rows:
            table.add_row(*row)
        return table
