"""Draw how probabilities hold and what they tell apart, as SVG."""

from collections.abc import Iterator, Sequence
from math import log

from bayesnet.diagnosis.report.drawings import FILL, INK, svg
from bayesnet.tuning.scoring.records import CalibrationBin, RocPoint

SIDE = 260
"""Length of an axis."""
LEFT, TOP, RIGHT, BOTTOM = 46, 8, 14, 40
"""Room for what stands around the square of the axes."""
GREY, PALE = "#767676", "#d9d9d9"
SHARES = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99)
"""Ticks of a calibration curve, on logit axes, since most causes are rare in most cases."""
LOWEST, HIGHEST = 0.0005, 0.997
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


def calibration_drawing(title: str, bins: Sequence[CalibrationBin]) -> str:
    """Draw the share that had it, with its interval, over the probability told, on logit axes.

    On the line as many had it as were told; on the frame none or all had it.
    """
    ticks = [(_logit(share), f"{share * 100:g}") for share in SHARES]
    drawn = [*_axes(ticks, "told, %", "had it, %")]
    for each in bins:
        share = each.had_it.share
        if share is None or share.low is None or share.high is None:
            continue
        x, low, high = _x(_logit(each.told)), _y(_logit(share.low)), _y(_logit(share.high))
        said = f"told {each.told:.1%}, had it {each.had_it.count} of {each.had_it.of}"
        drawn.append(
            f'<path d="M{x:.1f} {low:.1f}V{high:.1f}M{x - 3:.1f} {low:.1f}h6M{x - 3:.1f} '
            f'{high:.1f}h6" stroke="{FILL}" stroke-width="1.5"/><circle cx="{x:.1f}" '
            f'cy="{_y(_logit(share.value)):.1f}" r="4" fill="{FILL}"><title>{said}</title></circle>'
        )
    return _whole(title, drawn)


def roc_drawing(
    title: str, points: Sequence[RocPoint], marks: Sequence[tuple[str, float, float]]
) -> str:
    """Draw a ROC curve; marks: (letter, false alarms, found) of single cuts."""
    ticks = [(share, f"{share * 100:g}") for share in QUARTERS]
    path = " ".join(f"{_x(each.false_alarm):.1f},{_y(each.found):.1f}" for each in points)
    drawn = [
        *_axes(ticks, "false alarms, % of those without", "found, % of those with it"),
        f'<polyline points="{path}" fill="none" stroke="{FILL}" stroke-width="2"/>',
    ]
    for letter, false, found in marks:
        x, y = _x(false), _y(found)
        drawn.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="#fff" stroke="{INK}"/><text '
            f'x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="11">{letter}</text>'
        )
    return _whole(title, drawn)


def _whole(title: str, drawn: Sequence[str]) -> str:
    return svg(title, LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM, drawn)


def _axes(ticks: Sequence[tuple[float, str]], below: str, beside: str) -> Iterator[str]:
    """Draw the frame, the diagonal, and both axes with the same ticks."""
    end = TOP + SIDE
    yield (
        f'<rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="#fff" stroke="{GREY}"/>'
        f'<path d="M{LEFT} {end}L{LEFT + SIDE} {TOP}" stroke="{PALE}" stroke-width="2"/>'
    )
    for at, label in ticks:
        x, y = _x(at), _y(at)
        yield (
            f'<path d="M{x:.1f} {end}v4M{LEFT} {y:.1f}h-4" stroke="{GREY}"/>'
            f'<text x="{x:.1f}" y="{end + 16}" text-anchor="middle" font-size="11">{label}</text>'
            f'<text x="{LEFT - 7}" y="{y + 4:.1f}" text-anchor="end" font-size="11">{label}</text>'
        )
    middle = TOP + SIDE / 2
    yield (
        f'<text x="{LEFT + SIDE / 2}" y="{end + 33}" text-anchor="middle">{below}</text>'
        f'<text x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">'
        f"{beside}</text>"
    )


def _logit(share: float) -> float:
    """Place a share between 0, the lowest that is drawn, and 1, the highest."""
    low, high = (log(end / (1 - end)) for end in (LOWEST, HIGHEST))
    inside = min(max(share, LOWEST), HIGHEST)
    return (log(inside / (1 - inside)) - low) / (high - low)


def _x(place: float) -> float:
    return LEFT + place * SIDE


def _y(place: float) -> float:
    return TOP + (1 - place) * SIDE
