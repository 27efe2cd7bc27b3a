"""Write what comes of testing a model as one HTML page, which opens from disk."""

from collections.abc import Iterator
from typing import Any

from bayesnet.diagnosis.report.percentages import percent, percent_range
from bayesnet.diagnosis.report.templates import template
from bayesnet.tuning.scoring.drawings import calibration_drawing, roc_drawing
from bayesnet.tuning.scoring.records import CaseScores, CauseScores, RocPoint
from bayesnet.tuning.scoring.words import (
    CAUSES_NOTE,
    OVERALL_NOTE,
    URGENCY_NOTE,
    called,
    counted,
    figure,
    level,
    needed,
    overall,
    reading,
    share,
)

TEMPLATE = "page.html.jinja"
CUTS = 8
"""Cuts of a ROC curve that its table has."""
LETTERS = "ABC"
"""What marks the readings of a cause on its ROC curve, and in the table beside."""


def scores_html(found: CaseScores) -> str:
    """Fill the page; raises MissingExtraError for jinja2."""
    page = template(
        "bayesnet.tuning.scoring",
        TEMPLATE,
        {
            "share": share,
            "figure": figure,
            "percent": percent,
            "level": level,
            "needed": needed,
            "called": called,
        },
    )
    filled: str = page.render(
        found=found,
        counted=counted(found),
        overall=overall(found),
        notes={"overall": OVERALL_NOTE, "urgency": URGENCY_NOTE, "causes": CAUSES_NOTE},
        together=calibration_drawing(
            "Calibration of all causes together; the same as in the table", found.together.bins
        ),
        causes=[_cause(each) for each in found.causes if each.had_it.of],
        bin_ends=lambda each: percent_range((each.low, each.high)),
    )
    return filled


def _cause(cause: CauseScores) -> dict[str, Any]:
    """Return what the section of a cause is made of; roc: empty where there is no curve."""
    readings = list(zip(LETTERS, cause.confusions, strict=False))
    marks = [
        (letter, 1 - each.specificity.share.value, each.sensitivity.share.value)
        for letter, each in readings
        if each.specificity.share and each.sensitivity.share
    ]
    title = f"ROC curve of {cause.label}; the same as in the table"
    return {
        "scores": cause,
        "calibration": calibration_drawing(
            f"Calibration of {cause.label}; the same as in the table", cause.bins
        ),
        "roc": roc_drawing(title, cause.roc, marks) if cause.roc else "",
        "readings": [(letter, reading(each), each) for letter, each in readings],
        "cuts": list(_cuts(cause.roc)),
    }


def _cuts(points: tuple[RocPoint, ...]) -> Iterator[RocPoint]:
    """Yield some cuts, evenly along the curve, without its ends."""
    inner = points[1:-1]
    step = max(1, -(-len(inner) // CUTS))
    yield from inner[::step]
