"""Small tables for notebooks, every text in them escaped."""

from collections.abc import Iterable, Sequence
from html import escape

SHOWN = 20
"""Number of rows that a notebook shows."""


def html_table(headers: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """Lay out the first SHOWN rows of texts as an HTML table, and say how many more there are."""
    every = list(rows)
    head = "".join(f"<th>{escape(each)}</th>" for each in headers)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(each)}</td>' for each in row)}</tr>" for row in every[:SHOWN]
    )
    left = len(every) - SHOWN
    more = f"<p>and {left:,} more</p>" if left > 0 else ""
    above = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{above}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"
