"""Draw the part of the network that was used: answers, causes, and what ties them, as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from bayesnet.diagnosis.report.drawings import AGAINST, FILL, INK, LONGEST, shortened, svg

WIDTH = 660
ANSWER_END, CAUSE_START = 290, 440
"""Where the labels of the answers end and those of the causes begin."""
ANSWER_LABEL, CAUSE_LABEL = 46, 34
"""Characters of each that fit; the table beside the drawing has all of it."""
ROW = 22
THINNEST, WIDEST = 1.0, 7.0


@dataclass(frozen=True)
class Tie:
    """What an answer weighs for or against a cause, in decibans; both by their row."""

    answer: int
    cause: int
    decibans: float


def network(title: str, answers: Sequence[str], causes: Sequence[str], ties: Sequence[Tie]) -> str:
    """Draw answers to the left, causes to the right, and a line for each tie between them.

    The heavier the wider; a line that is broken speaks against.
    """
    height = ROW * max(len(answers), len(causes))
    places = _places(len(answers), height), _places(len(causes), height)
    drawn = [_line(places[0][each.answer], places[1][each.cause], each.decibans) for each in ties]
    for label, y in zip(answers, places[0], strict=True):
        drawn.append(_text(ANSWER_END - 6, y, shortened(label, ANSWER_LABEL), "end"))
    for label, y in zip(causes, places[1], strict=True):
        drawn.append(_text(CAUSE_START + 6, y, shortened(label, CAUSE_LABEL), "start"))
    return svg(title, WIDTH, height + ROW, [*drawn, *_key(height + ROW / 2)], "wide")


def _places(count: int, height: float) -> list[float]:
    """Return the middle of each of some rows that share a height."""
    return [height * (at + 0.5) / count for at in range(count)]


def _line(start: float, end: float, decibans: float) -> str:
    middle = (ANSWER_END + CAUSE_START) / 2
    bent = f"C{middle} {start:.1f} {middle} {end:.1f} {CAUSE_START} {end:.1f}"
    width = THINNEST + (WIDEST - THINNEST) * min(abs(decibans), LONGEST) / LONGEST
    return _stroke(f"M{ANSWER_END} {start:.1f}{bent}", width, decibans)


def _stroke(path: str, width: float, decibans: float) -> str:
    style = f'stroke="{FILL}"' if decibans > 0 else f'stroke="{AGAINST}" stroke-dasharray="5 4"'
    return f'<path d="{path}" fill="none" stroke-width="{width:.1f}" stroke-opacity="0.8" {style}/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y + 4:.1f}" text-anchor="{anchor}" fill="{INK}">{text}</text>'


def _key(y: float) -> list[str]:
    """Say what the two kinds of line are."""
    return [
        _stroke(f"M{ANSWER_END - 60} {y}h40", 3.0, 1.0),
        _text(ANSWER_END - 14, y, "for", "start"),
        _stroke(f"M{ANSWER_END + 40} {y}h40", 3.0, -1.0),
        _text(ANSWER_END + 86, y, "against; the wider, the more", "start"),
    ]
