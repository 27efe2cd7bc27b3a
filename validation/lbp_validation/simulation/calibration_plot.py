"""Draw calibration curves of all causes as small multiples on logit axes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bayesnet.tuning.scoring.calibration import Calibration
from lbp_validation.report.document import Picture
from lbp_validation.report.pictures import COLOURS, LINE, SOFT, as_svg, new_figure

COLUMNS, PANEL = 4, 2.3
TICKS = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99)
LABELS = ("0.1", "1", "10", "50", "90", "99")
LOWEST, HIGHEST = 0.0005, 0.997
"""Shares at the frame of a panel, just outside the lowest and the highest tick."""
LEAST_PATIENTS = 10
"""Bins of fewer say nothing."""


def calibration_picture(found: Sequence[Calibration], labels: Mapping[str, str]) -> Picture:
    """Draw one panel a cause; labels: {cause: its title}."""
    rows = -(-len(found) // COLUMNS)
    figure = new_figure(COLUMNS * PANEL, rows * PANEL)
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axes, each in zip(panels, found, strict=False):
        _panel(axes, each, labels[each.cause])
    for axes in panels[len(found) :]:
        axes.set_axis_off()
    figure.supxlabel("probability given, %", color=SOFT)
    figure.supylabel("patients who have it, %", color=SOFT)
    return Picture(
        as_svg(figure, "calibration"),
        "Calibration curves, on logit scales. Points: patients grouped by the probability that "
        "they were given, with 95 % intervals of the weighted share; groups of fewer than "
        f"{LEAST_PATIENTS} are left out. On the line: as many have the cause as were told. On the "
        "frame: all or none of the group have it, as can come about where patients with a rare "
        "cause are drawn more often than the others.",
    )


def _panel(axes: Any, found: Calibration, label: str) -> None:
    bins = [each for each in found.bins if each.cases >= LEAST_PATIENTS]
    predicted = np.array([each.predicted for each in bins])
    observed = np.array([each.observed.value for each in bins])
    low = _scaled(np.array([each.observed.low for each in bins]))
    high = _scaled(np.array([each.observed.high for each in bins]))
    edge = _scaled(np.array([0.0, 1.0]))
    axes.plot(edge, edge, color=LINE, linewidth=1.2, zorder=1)
    axes.vlines(_scaled(predicted), low, high, color=COLOURS[0], linewidth=1.2, alpha=0.6)
    axes.plot(_scaled(predicted), _scaled(observed), "o", color=COLOURS[0], markersize=4)
    axes.set_title(f"{label}\nslope {found.line.slope:.2f}", fontsize=9)
    ticks = _scaled(np.array(TICKS))
    axes.set_xticks(ticks, LABELS, fontsize=7.5)
    axes.set_yticks(ticks, LABELS, fontsize=7.5)
    axes.set_xlim(*edge)
    axes.set_ylim(*edge)
    axes.set_aspect("equal")


def _scaled(share: Any) -> Any:
    inside = np.clip(share, LOWEST, HIGHEST)
    return np.log(inside / (1.0 - inside))
