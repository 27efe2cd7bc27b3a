"""Draw the curves of the policies, a panel for each measure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bayesnet.tuning.scoring.means import Mean
from lbp_validation.interviews.figures import MEASURES, Measure, marks_of
from lbp_validation.interviews.group import Group
from lbp_validation.report.document import Picture
from lbp_validation.report.pictures import COLOURS, INK, LINE, SOFT, as_svg, new_figure

COLUMNS, WIDTH, HEIGHT = 2, 4.4, 2.6
LINES = (*COLOURS, INK, SOFT)
SHADE = 0.15
SIDES = ("low", "value", "high")


def curves_picture(named: Mapping[str, Group], policies: Sequence[str]) -> Picture:
    """Draw every measure by number of questions, a line with its interval for each policy."""
    rows = -(-len(MEASURES) // COLUMNS)
    figure = new_figure(COLUMNS * WIDTH, rows * HEIGHT)
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    for axes, measure in zip(panels, MEASURES, strict=False):
        _panel(axes, measure, named[measure.people], policies)
    for axes in panels[len(MEASURES) :]:
        axes.set_axis_off()
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(policies), fontsize=8)
    figure.supxlabel("questions, a screen counting as one", color=SOFT)
    return Picture(
        as_svg(figure, "interviews"),
        "Policies by number of questions: good weeks, or people in 100, with 95 % intervals.",
    )


def _panel(axes: Any, measure: Measure, group: Group, policies: Sequence[str]) -> None:
    marks = marks_of(group)
    for policy, colour in zip(policies, LINES, strict=False):
        met = group.met(policy)
        found = [measure.figure(met, (policy, mark)) for mark in marks]
        scale = 1.0 if all(isinstance(each, Mean) for each in found) else 100.0
        low, middle, high = ([scale * getattr(e, side) for e in found] for side in SIDES)
        axes.plot(marks, middle, color=colour, label=policy)
        axes.fill_between(marks, low, high, color=colour, alpha=SHADE, linewidth=0)
    axes.set_title(f"{measure.name}\n{measure.people}", fontsize=9)
    axes.set_xticks(marks)
    axes.set_ylim(bottom=0)
    axes.grid(visible=True, color=LINE, alpha=0.4)
