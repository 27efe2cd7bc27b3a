"""Draw forest plots: each published figure with its intervals, and the model's figure beside it.

Meets matplotlib, of the extra `validation`, imported inside functions.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lbp_validation.extras import DRAWS, require
from lbp_validation.published.figures import ImpliedFigure
from lbp_validation.published.intervals import Verdict
from lbp_validation.published.section import NAMES
from lbp_validation.published.tables import PROPORTIONS

LINES = 35
"""Lines of one plot: about what fits on a screen."""
WIDTH, LINE, ROOM = 10.0, 0.24, 1.1
"""Inches: a plot's width, a line's height, and what title, axis and legend take."""
EVENT = 58
"""Characters of an event's label; longer ones are cut."""
STUDY, SETTING = "#444444", "#c8c8c8"
COLOURS: dict[Verdict, str] = {
    "inside": "#0072b2",
    "inside transfer only": "#e69f00",
    "outside": "#d55e00",
}
ENDS = (0.01, 100.0)
"""Where the axis of ratios is cut; what lies beyond is drawn at its end."""


@dataclass(frozen=True)
class Page:
    """The lines of one plot, figures of one kind grouped by cause; a heading has no figure."""

    title: str
    proportions: bool
    lines: tuple[ImpliedFigure | str, ...]


def forest_plots(figures: Sequence[ImpliedFigure]) -> tuple[str, ...]:
    """Draw SVG pictures, at most 35 lines each: proportions first, then ratios on a log axis.

    Raises MissingExtraError without matplotlib.
    """
    require(*DRAWS)
    import matplotlib as mpl

    with mpl.rc_context({"svg.hashsalt": "lbp", "svg.fonttype": "none", "font.size": 8}):
        return tuple(_svg(page) for page in pages(figures))


def pages(figures: Sequence[ImpliedFigure]) -> tuple[Page, ...]:
    """Lay out the plots to be drawn, each cause's figures together."""
    kinds = ("proportions", True), ("ratios", False)
    return tuple(page for kind, wanted in kinds for page in _pages(figures, kind, wanted))


def _pages(figures: Sequence[ImpliedFigure], kind: str, proportions: bool) -> Iterator[Page]:
    chosen = [each for each in figures if (each.quantity in PROPORTIONS) is proportions]
    causes = dict.fromkeys(each.cause for each in chosen)
    pieces: list[list[ImpliedFigure | str]] = [[]]
    for cause in causes:
        group = [each for each in chosen if each.cause == cause]
        if len(pieces[-1]) + min(len(group), 3) + 1 > LINES:
            pieces.append([])
        pieces[-1].append(cause)
        for each in group:
            if len(pieces[-1]) == LINES:
                pieces.append([f"{cause}, continued"])
            pieces[-1].append(each)
    for at, piece in enumerate(pieces, 1):
        if piece:
            title = f"Published and model-implied {kind}, {at} of {len(pieces)}"
            yield Page(title, proportions, tuple(piece))


def draw(page: Page) -> Any:
    """Draw the matplotlib figure of a page."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, LINE * len(page.lines) + ROOM), layout="constrained")
    axes = figure.add_subplot()
    for at, line in enumerate(page.lines):
        if not isinstance(line, str):
            _line(axes, line, -at, page.proportions)
    _label(axes, page)
    _axis(axes, page)
    handles, labels = axes.get_legend_handles_labels()
    unique = dict(zip(labels, handles, strict=True))
    figure.legend(unique.values(), unique.keys(), loc="outside lower center", ncols=5, fontsize=7)
    return figure


def _svg(page: Page) -> str:
    stream = io.StringIO()
    draw(page).savefig(stream, format="svg", metadata={"Date": None})
    whole = stream.getvalue()
    return whole[whole.index("<svg") :]


def _line(axes: Any, each: ImpliedFigure, at: int, proportions: bool) -> None:
    least, most = (0.0, 1.0) if proportions else ENDS

    def cut(value: float) -> float:
        return min(most, max(least, value))

    published = each.published
    axes.hlines(
        at,
        *map(cut, each.transfer_interval),
        colors=SETTING,
        linewidth=6,
        label="transfer interval",
    )
    if published.basis != "none":
        axes.hlines(
            at,
            cut(published.low),
            cut(published.high),
            colors=STUDY,
            linewidth=1.4,
            linestyles=(0, (2, 1)) if published.basis == "range" else "solid",
            label="range of a review" if published.basis == "range" else "95 % interval",
        )
    if published.value is not None:
        axes.plot(
            cut(published.value), at, "s", color=STUDY, markersize=3.5, label="published figure"
        )
    axes.plot(
        cut(each.implied),
        at,
        "D",
        color=COLOURS[each.verdict],
        markersize=4.5,
        markeredgecolor="white",
        markeredgewidth=0.5,
        label=f"model: {each.verdict}",
        zorder=3,
    )


def _label(axes: Any, page: Page) -> None:
    places = [-at for at in range(len(page.lines))]
    labels = [
        line
        if isinstance(line, str)
        else f"{_short(line.event)}  {NAMES[line.quantity]}  {line.id}"
        for line in page.lines
    ]
    axes.set_yticks(places, labels, fontsize=7)
    for line, tick in zip(page.lines, axes.get_yticklabels(), strict=True):
        tick.set_fontweight("bold" if isinstance(line, str) else "normal")
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-len(page.lines) + 0.4, 0.6)


def _axis(axes: Any, page: Page) -> None:
    if page.proportions:
        axes.set_xlim(-0.01, 1.01)
        axes.set_xlabel("proportion")
    else:
        axes.set_xscale("log")
        axes.set_xlim(ENDS[0] * 0.9, ENDS[1] * 1.1)
        axes.xaxis.set_major_formatter("{x:g}")
        axes.axvline(1, color="black", linewidth=0.8)
        axes.set_xlabel("ratio")
    axes.grid(visible=True, axis="x", alpha=0.3)
    axes.set_title(page.title, fontsize=9, loc="left")


def _short(event: str) -> str:
    plain = event.replace("_", " ")
    return plain if len(plain) <= EVENT else f"{plain[: EVENT - 3]}..."
