"""Render a number that is to be set: what changes in the file, and what follows from it."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from bayesnet.diagnosis.report.percent import percent
from bayesnet.model.editing.setting import SetNumber
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.numbers import Frequency, RiskRow
from bayesnet.model.format.triage_rules import level_label
from bayesnet.model.lookup.sources import SourcedNumber
from bayesnet.tuning.consequences import Implied, Presentation, Presented
from lbp_infer.screen.page import columns, paragraph, section
from lbp_infer.screen.render_turn import change

MOST_IMPLIED = 8
"""Lines of what is implied otherwise; the largest changes."""


def set_page(
    name: str, done: SetNumber, implied: Sequence[Implied], presented: Sequence[Presented]
) -> list[RenderableType]:
    """Render the number before and after, and what follows from the change."""
    rows = list(_fields(done.old, done.new))
    return [
        paragraph(f"{name} in {done.file}, line {done.line}", "bold"),
        columns(rows, head=("", "before", "after")),
        section("What the model says of everybody it sees", *_implied(implied)),
        section("Textbook presentations", *_presented(done.after.description, presented)),
    ]


def _fields(old: SourcedNumber | None, new: SourcedNumber) -> Iterator[tuple[str, str, str]]:
    before, after = _written(old), _written(new)
    for key in after:
        if before.get(key, "") or after[key]:
            yield key, before.get(key, ""), after[key]


def _written(number: SourcedNumber | None) -> dict[str, str]:
    """Return what a number says, in words by its keys."""
    if number is None:
        return {}
    said = {"number": _value(number)}
    if isinstance(number, Frequency | RiskRow):
        said["interval"] = "{:g} to {:g}".format(*number.interval) if number.interval else ""
        said["sample size"] = f"{number.sample_size:g}" if number.sample_size else ""
    return {**said, "source": "; ".join(number.source), "why": number.why}


def _value(number: SourcedNumber) -> str:
    if isinstance(number, RiskRow):
        return f"{number.relative_risk:g}"
    if isinstance(number, Frequency) and number.values is not None:
        return ", ".join(f"{state} {value:g}" for state, value in number.values.items())
    return "" if number.value is None else f"{number.value:g}"


def _implied(implied: Sequence[Implied]) -> Iterator[RenderableType]:
    if not implied:
        yield paragraph("Nothing else changes by as much as 0.1 in 100.")
        return
    rows = [
        (each.what, percent(each.before), percent(each.after)) for each in implied[:MOST_IMPLIED]
    ]
    yield columns(rows, right=(1, 2), head=("", "before", "after"))
    if len(implied) > MOST_IMPLIED:
        yield paragraph(f"and {len(implied) - MOST_IMPLIED} more, which change less.", "dim")


def _presented(
    description: ModelDescription, presented: Sequence[Presented]
) -> Iterator[RenderableType]:
    labels = {name: cause.label for name, cause in description.causes.items()}
    if not presented:
        yield paragraph("The model describes none.")
        return
    changed = [each for each in presented if each.is_changed]
    if changed:
        rows = [
            (labels[each.cause], _said(description, each.before), _said(description, each.after))
            for each in changed
        ]
        yield columns(rows, head=("", "first cause before", "first cause after"))
    else:
        yield paragraph(f"All {len(presented)} keep their first cause and their urgency.")
    lowered = [labels[each.cause] for each in changed if each.is_less_urgent]
    if lowered:
        yield paragraph(f"LESS URGENT than before: {', '.join(lowered)}.", "bold")
    most = max(presented, key=lambda each: abs(each.own[1] - each.own[0]))
    if points := change(*most.own):
        yield paragraph(
            f"Most moved: {labels[most.cause]} in its own, {percent(most.own[0])} to "
            f"{percent(most.own[1])} ({points} points)."
        )


def _said(description: ModelDescription, shown: Presentation) -> str:
    level = level_label(description.triage, shown.level)
    return f"{description.causes[shown.first].label} {percent(shown.probability)}, {level}"
