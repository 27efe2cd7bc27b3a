"""Lay out a report of paragraphs, tables and pictures, as plain text and as Markdown.

`page.py` makes a page of the same document that opens from disk.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console
from rich.table import Table

WIDTH = 100


@dataclass(frozen=True)
class Grid:
    """A table of words; a cell may hold several lines. right: columns aligned to the right."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A picture for the page, drawn with vectors; svg: an <svg> element, and nothing around it."""

    svg: str
    caption: str


Block = str | Grid | Picture


@dataclass(frozen=True)
class Section:
    """A heading with blocks below it; details: more of them, which only the page shows."""

    title: str
    blocks: tuple[Block, ...]
    details: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole report."""

    title: str
    sections: tuple[Section, ...]


def as_text(document: Document) -> str:
    """Lay the document out as plain text, at most 100 columns wide."""
    stream = io.StringIO()
    console = Console(
        file=stream, width=WIDTH, color_system=None, highlight=False, markup=False, emoji=False
    )
    console.print(document.title, "=" * len(document.title), sep="\n")
    for section in document.sections:
        console.print("", section.title, "-" * len(section.title), sep="\n")
        for block in section.blocks:
            shown = _fitting_table(console, block) if isinstance(block, Grid) else in_words(block)
            console.print("", shown, sep="\n")
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def as_markdown(document: Document) -> str:
    """Lay the document out as Markdown with pipe tables."""
    parts = [f"# {document.title}"]
    for section in document.sections:
        parts.append(f"## {section.title}")
        parts += [_pipe_table(b) if isinstance(b, Grid) else in_words(b) for b in section.blocks]
    return "\n\n".join(parts) + "\n"


def in_words(block: str | Picture) -> str:
    """Return a paragraph, or what stands for a picture where none can be shown."""
    return block if isinstance(block, str) else f"(Picture: {block.caption})"


def _fitting_table(console: Console, grid: Grid) -> Table:
    """Return the table with two blanks between columns where that fits, else one."""
    table = _rich_table(grid, 1)
    fits = console.measure(table, options=console.options.update(width=WIDTH * 9)).maximum <= WIDTH
    return table if fits else _rich_table(grid, 0)


def _rich_table(grid: Grid, padding: int) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
        show_edge=False,
        padding=(0, padding),
    )
    for header in grid.headers:
        table.add_column(
            header, justify="right" if header in grid.right else "left", overflow="fold"
        )
    for row in grid.rows:
        table.add_row(*row)
    return table


def _pipe_table(grid: Grid) -> str:
    rule = ["---:" if header in grid.right else "---" for header in grid.headers]
    return "\n".join(_pipe_row(row) for row in (grid.headers, rule, *grid.rows))


def _pipe_row(cells: Sequence[str]) -> str:
    clean = (cell.replace("|", "\\|").replace("\n", "<br>") for cell in cells)
    return f"| {' | '.join(clean)} |"
