"""Draw bars as SVG: probabilities with their ranges, and weights of evidence to both sides."""

from collections.abc import Sequence
from html import escape

WIDTH = 320
ROW = 30
"""Height of a row: its label above its bar."""
BAR = 9
INK, FILL, AGAINST = "#1a1a1a", "#1f5f99", "#8a3b12"
LABEL = 48
"""Characters of a label that fit; the table beside the drawing has all of it."""
LONGEST = 15.0
"""Decibans of the longest bar; longer ones are cut."""


def probability_bars(title: str, rows: Sequence[tuple[str, float, Sequence[float] | None]]) -> str:
    """Draw (label, probability, interval) below each other on a scale from 0 to 100."""
    drawn = []
    for at, (label, p, within) in enumerate(rows):
        top = at * ROW
        drawn += [_label(label, top), _bar(0, p * WIDTH, top, FILL)]
        if within is not None:
            low, high = (end * WIDTH for end in within)
            middle = top + 17 + BAR / 2
            drawn.append(
                f'<path d="M{low:.1f} {middle - 4}v8M{low:.1f} {middle}H{high:.1f}M{high:.1f} '
                f'{middle - 4}v8" stroke="{INK}" stroke-width="1.5" fill="none"/>'
            )
    bottom = len(rows) * ROW
    for tick in (0, 50, 100):
        anchor = {0: "start", 50: "middle", 100: "end"}[tick]
        drawn.append(
            f'<text x="{tick * WIDTH / 100:.0f}" y="{bottom + 12}" text-anchor="{anchor}">'
            f"{tick}</text>"
        )
    return svg(title, WIDTH, bottom + 16, drawn)


def weight_bars(title: str, rows: Sequence[tuple[str, float]]) -> str:
    """Draw (label, decibans) below each other: for to the right, against to the left."""
    drawn = []
    for at, (label, decibans) in enumerate(rows):
        top, length = at * ROW, min(abs(decibans), LONGEST) / LONGEST * WIDTH / 2
        start = WIDTH / 2 - (length if decibans < 0 else 0)
        colour = FILL if decibans > 0 else AGAINST
        drawn += [_label(label, top), _bar(start, length, top, colour)]
    bottom = len(rows) * ROW
    axis = "".join(f"M{WIDTH / 2} {at * ROW + 15}v{BAR + 4}" for at in range(len(rows)))
    drawn.append(f'<path d="{axis}" stroke="{INK}"/>')
    drawn.append(f'<text x="0" y="{bottom + 12}">against</text>')
    drawn.append(f'<text x="{WIDTH}" y="{bottom + 12}" text-anchor="end">for</text>')
    return svg(title, WIDTH, bottom + 16, drawn)


def shortened(text: str, most: int) -> str:
    """Return text as it can stand in a drawing, cut with an ellipsis where it is too long."""
    return escape(text if len(text) <= most else f"{text[: most - 1]}…")


def svg(title: str, width: float, height: float, parts: Sequence[str], kind: str = "") -> str:
    """Put the parts of a drawing together.

    title: what a person who does not see it is told; kind: its class on the page.
    """
    said = f'role="img" aria-label="{escape(title)}"' + (f' class="{kind}"' if kind else "")
    return (
        f'<svg {said} viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'font-size="12" font-family="sans-serif" fill="{INK}">{"".join(parts)}</svg>'
    )


def _label(text: str, top: float) -> str:
    return f'<text x="0" y="{top + 12}">{shortened(text, LABEL)}</text>'


def _bar(start: float, length: float, top: float, colour: str) -> str:
    return (
        f'<rect x="{start:.1f}" y="{top + 17}" width="{max(length, 1):.1f}" height="{BAR}" '
        f'fill="{colour}" fill-opacity="0.75"/>'
    )
