"""Fit blocks of text into so many lines: what matters least gives way first."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

MORE = " ..."


@dataclass(frozen=True)
class Block:
    """A text that wraps, with the lines it may take.

    least: lines that it keeps where space is short; most: lines that it takes at most; gives: when
    it gives lines up, the lowest number first; indent: columns before it; short: what stands there
    instead where the text does not fit into one line.
    """

    text: Text
    least: int = 1
    most: int = 1
    gives: int = 0
    indent: int = 0
    short: Text | None = None

    def lines(self, console: Console, width: int) -> list[Text]:
        """Wrap what stands there to a width."""
        short = None if self.text.cell_len <= width else self.short
        return list((self.text if short is None else short).wrap(console, width))


def gap() -> Block:
    """Return an empty line, which is the last to give way."""
    return Block(Text(), least=0, most=1, gives=9)


@dataclass(frozen=True)
class Fitted:
    """Blocks below each other in `height` lines at most; what is cut ends in three dots."""

    blocks: Sequence[Block]
    height: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Wrap the blocks to the width and leave out lines until they fit."""
        wrapped = [
            each.lines(console, max(10, options.max_width - each.indent)) for each in self.blocks
        ]
        sizes = _sizes(self.blocks, [len(lines) for lines in wrapped], self.height)
        before_was_empty = True
        for block, lines, size in zip(self.blocks, wrapped, sizes, strict=True):
            for line in _cut(lines, size, max(10, options.max_width - block.indent)):
                empty = not line.plain.strip()
                if not (empty and before_was_empty):
                    yield Text(" " * block.indent) + line
                before_was_empty = empty


def _sizes(blocks: Sequence[Block], lines: Sequence[int], height: int) -> list[int]:
    """Return how many lines each block gets; what is at its least gives only when all are."""
    sizes = [min(each.most, count) for each, count in zip(blocks, lines, strict=True)]
    while sum(sizes) > height:
        over = [at for at, each in enumerate(blocks) if sizes[at] > each.least]
        giving = over or [at for at, size in enumerate(sizes) if size]
        # The lowest of those that give together gives first, so that a page shortens from below.
        chosen = min(giving, key=lambda at: (blocks[at].gives, -at))
        sizes[chosen] -= 1
    return sizes


def _cut(lines: Sequence[Text], size: int, width: int) -> list[Text]:
    kept = list(lines[:size])
    if kept and size < len(lines):
        last = kept[-1].copy()
        last.rstrip()
        if len(last) > width - len(MORE):
            last = last[: width - len(MORE)]
            # No half of a word, unless it is all there is.
            whole = last.plain.rfind(" ")
            last = last[:whole] if whole > 0 else last
        kept[-1] = last + Text(MORE)
    return kept
