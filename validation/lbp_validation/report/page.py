"""Make one HTML page of a document: it opens from disk, prints, and asks no server.

Words in `code` and addresses become code and links, as in Markdown; all else is taken literally.
"""

import re
from html import escape

from lbp_validation.report.document import Block, Document, Grid, Picture, Section

STYLE = """
:root { color-scheme: light; --ink: #1d2329; --soft: #5b6670; --line: #d5dbe1; --band: #f4f6f8; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 68rem; color: var(--ink);
  background: white; font: 16px/1.5 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.3rem; margin: 3rem 0 .75rem; padding-top: .75rem;
  border-top: 2px solid var(--line); }
p { margin: .6rem 0; max-width: 48rem; }
nav ol { columns: 2; column-gap: 2.5rem; padding-left: 1.4rem; }
nav li { break-inside: avoid; margin: .15rem 0; }
a { color: #0b5cad; }
code { font: .92em ui-monospace, "Liberation Mono", Menlo, monospace; background: var(--band);
  padding: 0 .2em; border-radius: 3px; }
.wide { overflow-x: auto; margin: .8rem 0 1.2rem; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .28rem .7rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
th { vertical-align: bottom; border-bottom: 2px solid var(--soft); }
tbody tr:nth-child(even) { background: var(--band); }
.right { text-align: right; }
td.right { white-space: nowrap; }
figure { margin: 1.2rem 0; }
figure svg { display: block; width: 100%; height: auto; max-width: 68rem; }
figcaption { color: var(--soft); font-size: .9rem; max-width: 48rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 11px; }
  h2 { break-after: avoid; } tr, figure { break-inside: avoid; } .wide { overflow: visible; }
  nav { display: none; } a { color: inherit; text-decoration: none; }
}
"""
ADDRESS = re.compile(r"https?://[^\s<>]*[^\s<>.,;:)]")
CODE = re.compile(r"`([^`]+)`")


def as_html(document: Document) -> str:
    """Make the whole page: contents, then every section with its details."""
    title = escape(document.title)
    items = "".join(
        f'<li><a href="#{_anchor(at)}">{escape(section.title.replace("`", ""))}</a></li>\n'
        for at, section in enumerate(document.sections)
    )
    body = "".join(_section(at, section) for at, section in enumerate(document.sections))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
        f"<nav>\n<ol>\n{items}</ol>\n</nav>\n{body}</body>\n</html>\n"
    )


def in_line(text: str) -> str:
    """Return the text of a paragraph or cell: escaped, with code, links and line breaks."""
    marked = CODE.sub(r"<code>\1</code>", escape(text, quote=False))
    linked = ADDRESS.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', marked)
    return linked.replace("\n", "<br/>")


def _anchor(number: int) -> str:
    return f"section-{number + 1}"


def _section(number: int, section: Section) -> str:
    blocks = "".join(_block(block) for block in (*section.blocks, *section.details))
    heading = f'<h2 id="{_anchor(number)}">{in_line(section.title)}</h2>\n'
    return f"<section>\n{heading}{blocks}</section>\n"


def _block(block: Block) -> str:
    if isinstance(block, Grid):
        return _table(block)
    if isinstance(block, Picture):
        caption = in_line(block.caption)
        return f"<figure>\n{block.svg}\n<figcaption>{caption}</figcaption>\n</figure>\n"
    return f"<p>{in_line(block)}</p>\n"


def _table(grid: Grid) -> str:
    sides = [' class="right"' if header in grid.right else "" for header in grid.headers]
    head = "".join(
        f"<th{side}>{in_line(cell)}</th>" for side, cell in zip(sides, grid.headers, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{side}>{in_line(c)}</td>" for side, c in zip(sides, row, strict=True))
        + "</tr>\n"
        for row in grid.rows
    )
    return (
        f'<div class="wide"><table>\n<thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{rows}</tbody>\n</table></div>\n"
    )
