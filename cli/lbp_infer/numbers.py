"""A number of a model with all that it rests on, in lines of text."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from bayesnet.description.format import ConditionalFrequency, Frequency, RiskRow
from lbp_infer.page import share


@dataclass(frozen=True)
class Number:
    """label: what it is for; value and spread as people read them."""

    label: str
    value: str
    spread: str
    sources: tuple[str, ...]
    why: str


def numbers_list(numbers: Sequence[Number]) -> RenderableType:
    """The numbers below each other, each with its sources and reason on the lines under it."""
    widest = max(len(number.label) for number in numbers)
    parts: list[RenderableType] = []
    for number in numbers:
        parts.append(Text(f"{number.label:<{widest}}  {number.value:>6}  {number.spread}".rstrip()))
        basis = ", ".join(number.sources) + (f": {number.why}" if number.why else "")
        if basis:
            parts.append(Padding(Text(basis, style="dim"), (0, 0, 0, 4)))
    return Group(*parts)


def frequencies(label: str, number: Frequency | ConditionalFrequency) -> list[Number]:
    """A share of people; for more than yes/no one share per state, the basis after the last."""
    if number.values is None:
        value = share(number.value or 0.0)
        return [Number(label, value, _spread(number), number.source, number.why)]
    shares = [
        Number(f"{label}, {state}", share(p), "", (), "") for state, p in number.values.items()
    ]
    last = shares[-1]
    return [
        *shares[:-1],
        Number(last.label, last.value, _spread(number), number.source, number.why),
    ]


def relative_risk(row: RiskRow, of: str = "") -> Number:
    """A relative risk of a factor, or of the cause named by `of`."""
    label = of or row.factor
    if row.state is not None:
        label += f" ({row.state})" if of else f" {row.state}"
    return Number(label, f"x {row.relative_risk:g}", _spread(row), row.source, row.why)


def plain(
    label: str, value: float, sources: tuple[str, ...], why: str, in_percent: bool = True
) -> Number:
    """A number that the model holds without an interval."""
    said = share(value) if in_percent else f"{value:+g}"
    return Number(label, said, "", sources, why)


def _spread(number: Frequency | ConditionalFrequency | RiskRow) -> str:
    if number.interval is not None:
        low, high = number.interval
        if isinstance(number, RiskRow):
            return f"({low:g} to {high:g})"
        return f"({share(low)} to {share(high)})"
    if number.sample_size is not None:
        return f"(worth {number.sample_size:g} patients)"
    return ""
