"""Lay out numbers of a model with all that they rest on, in lines of text."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bayesnet.model.format.description import KeyPath
from bayesnet.model.lookup.grades import Grade, GradedNumber
from lbp_infer.screen.page import share
from lbp_infer.screen.sources import ids

GRADE_WORDS: Mapping[Grade, str] = {
    "published": "as published figures say",
    "adapted": "published figures, moved by judgement for the reason given",
    "judgement": "expert judgement alone, or with figures that nobody read at their source",
}
LEGEND = "; ".join(f"{grade}: {words}" for grade, words in GRADE_WORDS.items())

Row = tuple[str, GradedNumber]
"""What a number is for, in words, and the number."""


def numbers_list(rows: Sequence[Row], implied: Mapping[KeyPath, GradedNumber]) -> RenderableType:
    """Lay the numbers out below each other with their grades, the basis of each under it.

    implied: by their paths, those that are part of the network as the network has them.
    """
    cells = [(line, number) for label, number in rows for line in lines(label, number)]
    widths = [max(len(line[column]) for line, _ in cells) for column in range(3)]
    parts: list[RenderableType] = []
    for (label, value, sureness, grade), number in cells:
        aligned = f"{label:<{widths[0]}}  {value:>{widths[1]}}  {sureness:<{widths[2]}}  {grade}"
        parts.append(Text(aligned.rstrip()))
        if grade:
            basis = "\n".join(_basis(number, implied.get(number.path)))
            parts.append(Padding(Text(basis, style="dim"), (0, 0, 0, 4)))
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


def value(number: GradedNumber) -> str:
    """Return the number as people read it; the shares of several states after each other."""
    if isinstance(number.value, dict):
        return ", ".join(f"{state} {share(p)}" for state, p in number.value.items())
    if number.kind == "relative risk":
        return f"x {number.value:.6g}"
    if number.kind == "limit":
        return f"{number.value:g}"
    return f"{number.value:+g}" if number.kind == "utility" else share(number.value)


def uncertainty(number: GradedNumber) -> str:
    """Return the number's interval or sample size in words; empty where the model gives neither."""
    if number.interval is not None:
        low, high = number.interval
        if number.kind == "relative risk":
            return f"({low:g} to {high:g})"
        return f"({share(low)} to {share(high)})"
    return f"(worth {number.sample_size:g} cases)" if number.sample_size is not None else ""


def of_whom(number: GradedNumber) -> str:
    """Say what sort of number it is, and of whom."""
    if not number.of:
        return number.kind
    kind = "" if number.kind == "frequency" else f"{number.kind} "
    return f"{kind}{'for' if number.kind == 'utility' else 'with'} {' '.join(number.of)}"
