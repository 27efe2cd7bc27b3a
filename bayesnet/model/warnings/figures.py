"""Warn of numbers that no longer agree with the figures they cite, and of figures that clash."""

from collections.abc import Iterator

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import JUDGEMENT, RiskRow
from bayesnet.model.format.published_figures import PublishedFigure
from bayesnet.model.lookup.agreement import departure
from bayesnet.model.lookup.sources import sourced_numbers
from bayesnet.model.problems import ModelWarning

LARGEST_GAP = 1.5
"""Factor between a printed likelihood ratio and the one from sensitivity and specificity: rounding
and separate pooling stay under it.
"""


def warn_of_numbers(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each number that claims to be a published figure and lies far from it."""
    for path, number in sourced_numbers(description):
        said = departure(path, number, description.figures)
        if said is None:
            continue
        key = "relative_risk" if isinstance(number, RiskRow) else "value"
        shown = f"{said[0]:g}" if said[0] == said[1] else f"{said[0]:g} to {said[1]:g}"
        yield ModelWarning(
            (*path, key),
            f"{getattr(number, key):g} is far from what its sources say "
            f"({', '.join(number.source)}: {shown}), so that it counts as judgement",
            f"correct it, cite what it rests on, or add '{JUDGEMENT}' with a `why`",
        )


def warn_of_figures(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield each published figure whose own numbers do not fit each other."""
    for name, figure in description.figures.items():
        for field, (low, high) in figure.intervals.items():
            value = getattr(figure, field, None)
            if isinstance(value, float | int) and not low <= value <= high:
                yield ModelWarning(
                    ("evidence", name, "intervals", field),
                    f"{field} {value:g} of '{name}' is outside its own interval "
                    f"[{low:g}, {high:g}], so one of them was copied wrongly",
                    "compare both with the paper",
                )
        yield from _ratios(name, figure)


def _ratios(name: str, figure: PublishedFigure) -> Iterator[ModelWarning]:
    sensitivity, specificity = figure.sensitivity, figure.specificity
    if sensitivity is None or specificity is None or not 0.0 < specificity < 1.0:
        return
    worked_out = {
        "lr_positive": sensitivity / (1.0 - specificity),
        "lr_negative": (1.0 - sensitivity) / specificity,
    }
    for field, expected in worked_out.items():
        printed = getattr(figure, field)
        low, high = figure.intervals.get(field, (expected, expected))
        if not printed or not expected or (field in figure.intervals and low <= expected <= high):
            continue
        if not 1.0 / LARGEST_GAP <= printed / expected <= LARGEST_GAP:
            yield ModelWarning(
                ("evidence", name, field),
                f"{field} {printed:g} of '{name}' does not fit its sensitivity and specificity, "
                f"which make {expected:.2g}, so one of the three was copied wrongly",
                "compare them with the paper",
            )
