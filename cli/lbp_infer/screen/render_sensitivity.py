"""Render which numbers of the model move a cause most, on a scale of 0 to 100 %."""

from collections.abc import Sequence

from rich.console import RenderableType
from rich.text import Text

from bayesnet.diagnosis.report.percentages import percent, percent_range
from bayesnet.diagnosis.report.sensitivity import End, NumberEffect, Sensitivity, Value
from bayesnet.model.lookup.graded_words import share
from lbp_infer.screen.page import columns, paragraph, section

SCALE = 40
"""Characters from 0 to 100 %: one for 2.5 %; with the labels a line then fits into 80 columns."""


def sensitivity_sections(found: Sequence[Sensitivity], blocks: bool) -> list[RenderableType]:
    """Render a section for each cause asked about; blocks: whether line characters can be drawn."""
    return [_section(each, blocks) for each in found]


def _section(found: Sensitivity, blocks: bool) -> RenderableType:
    if found.interval is None:
        said = "This model does not say how sure it is of its numbers, so none can be varied."
        return section(f"What moves {found.label} most", paragraph(said))
    title = (
        f"What moves {found.label} most: {percent(found.probability)}, range "
        f"{percent_range(found.interval)}"
    )
    shown = sum(each.share for each in found.numbers)
    how = (
        "Each is a number of the model, not an answer that was given. Below it stand its low and "
        "high end (95 % interval), and what the probability of this cause would be with the number "
        "there, all other numbers and answers as they are. A share ends where a cause that raises "
        "its finding, or lowers it, would no longer do so."
    )
    rest = (
        f"These {len(found.numbers)} of the {found.uncertain} numbers that matter here make "
        f"{share(round(shown, 2))} of the range."
    )
    parts: list[RenderableType] = [paragraph(how, "dim")]
    for place, each in enumerate(found.numbers, 1):
        parts += [Text(), *_effect(place, each, found.probability, blocks)]
    return section(title, *parts, Text(), paragraph(rest, "dim"))


def _effect(place: int, each: NumberEffect, now: float, blocks: bool) -> list[RenderableType]:
    about = f"{place}. {each.about[0].upper()}{each.about[1:]}"
    state = _telling_state(each)
    basis = f"{each.grade}, {each.share * 100:.0f} % of the range"
    rows = [
        (f"   at {_number(each, end.value, state)}", _drawn(end, now, blocks), _then(end))
        for end in (each.low, each.high)
    ]
    return [
        paragraph(f"{about}: {_number(each, each.value, state)} ({basis})"),
        columns(rows, right=(2,)),
    ]


def _telling_state(each: NumberEffect) -> str:
    """Return the state of a distribution whose share differs most between the ends."""
    low, high = each.low.value, each.high.value
    if not isinstance(low, dict) or not isinstance(high, dict):
        return ""
    return max(low, key=lambda state: abs(high[state] - low[state]))


def _then(end: End) -> str:
    return "cannot be" if end.probability is None else percent(end.probability)


def _drawn(end: End, now: float, blocks: bool) -> Text:
    """Draw the way from the probability now to the one then, on a line from 0 to 100 %."""
    here = round(now * SCALE)
    there = here if end.probability is None else round(end.probability * SCALE)
    path, start = ("━", "●") if blocks else ("=", "o")
    line = [" "] * (SCALE + 1)
    for at in range(min(here, there), max(here, there) + 1):
        line[at] = path
    line[here] = start
    edge = "│" if blocks else "|"
    return Text(f"{edge}{''.join(line)}{edge}", style="cyan")


def _number(effect: NumberEffect, value: Value, state: str) -> str:
    """Return a number as people read it; of a distribution the share of one state."""
    if isinstance(value, dict):
        return f"{share(value[state])} '{state.replace('_', ' ')}'"
    return f"x {value:.3g}" if effect.path[2] == "risk_factors" else share(value)
