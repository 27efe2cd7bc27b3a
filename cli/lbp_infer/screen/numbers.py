"""Lay out numbers of a model with all that they rest on, in lines of text."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from bayesnet.model.format.description import KeyPath
from bayesnet.model.lookup.graded_words import share, uncertainty, value
from bayesnet.model.lookup.grades import GradedNumber
from lbp_infer.screen.page import paragraph
from lbp_infer.screen.shapes import Indented
from lbp_infer.screen.sources import ids

Row = tuple[str, GradedNumber]
"""What a number is for, in words, and the number."""


def numbers_list(rows: Sequence[Row], implied: Mapping[KeyPath, GradedNumber]) -> RenderableType:
    """Lay the numbers out below each other with their grades, the basis of each under it.

    implied: by their paths, those that are part of the network as the network has them.
    """
    cells = [(line, number) for label, number in rows for line in lines(label, number)]
    widths = [max(len(line[column]) for line, _ in cells) for column in range(3)]
    parts: list[RenderableType] = []
    for (label, amount, sureness, grade), number in cells:
        aligned = f"{label:<{widths[0]}}  {amount:>{widths[1]}}  {sureness:<{widths[2]}}  {grade}"
        parts.append(Text(aligned.rstrip()))
        if grade:
            basis = "\n".join(_basis(number, implied.get(number.path)))
            parts.append(Indented(paragraph(basis, "dim"), "    "))
    return Group(*parts)


def lines(label: str, number: GradedNumber) -> list[tuple[str, str, str, str]]:
    """Return label, value, uncertainty and grade; of several states, one line each.

    The last two then stand on the last line only.
    """
    if not isinstance(number.value, dict):
        return [(label, value(number), uncertainty(number), number.grade)]
    lines = [(f"{label}, {state}", share(p), "", "") for state, p in number.value.items()]
    return [*lines[:-1], (*lines[-1][:2], uncertainty(number), number.grade)]


def _basis(number: GradedNumber, implied: GradedNumber | None) -> Iterable[str]:
    if implied is not None:
        yield f"implied by the network: {value(implied)}"
    yield ": ".join(filter(None, (ids(number.sources), number.why)))
    for figure, reason in number.conflicts.items():
        yield f"not followed, {figure}: {reason}"
