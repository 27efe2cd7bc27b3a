"""Fit blocks of text into so many lines: what matters least gives way first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

MORE = " ..."
FULL_WIDTH = 80
"""Columns from which lines are counted as they are; a narrower page gets more of them."""
WORD = 8
"""Columns that a line loses where a word does not fit any more, more or less."""


@dataclass(frozen=True)
class Block:
    """A text that wraps, with the lines it may take.

    least: lines that it keeps where space is short; most: lines that it takes at most; gives: when
    it gives lines up, the lowest number first; indent: columns before it; short: said instead where
    the text would have to be cut, the text's own beginning if it is None.
    """

    text: Text
    least: int = 1
    most: int = 1
    gives: int = 0
    indent: int = 0
    short: Text | None = None


def gap() -> Block:
    """Return an empty line, which is the last to give way."""
    return Block(Text(), least=0, most=1, gives=9)


@dataclass(frozen=True)
class Fitted:
    """Blocks below each other in `height` lines at most; what is cut ends in three dots.

    Heights are of lines of FULL_WIDTH columns, so that a narrower page cuts no more.
    """

    blocks: Sequence[Block]
    height: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Wrap the blocks to the width and leave out lines until they fit."""
        widths = [max(10, options.max_width - each.indent) for each in self.blocks]
        wrapped = [
            list(each.text.wrap(console, width))
            for each, width in zip(self.blocks, widths, strict=True)
        ]
        narrow = options.max_width < FULL_WIDTH
        times = FULL_WIDTH / max(WORD, options.max_width - WORD) if narrow else 1.0
        sizes = _sizes(
            [_taller(each, times) for each in self.blocks],
            [len(lines) for lines in wrapped],
            ceil(times * self.height),
        )
        before_was_empty = True
        for block, lines, size, width in zip(self.blocks, wrapped, sizes, widths, strict=True):
            said: Sequence[Text] = lines
            if size < len(lines) and block.short is not None:
                said = list(block.short.wrap(console, width))
            for line in _cut(said, size, width):
                empty = not line.plain.strip()
                if not (empty and before_was_empty):
                    yield Text(" " * block.indent) + line
                before_was_empty = empty


def _taller(block: Block, times: float) -> Block:
    """Return a block that may take so many times as many lines."""
    return replace(block, least=ceil(times * block.least), most=ceil(times * block.most))


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
