"""Set each published figure beside the one that the model implies for the people of the study."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bayesnet.diagnosis.model import DiagnosticModel
from lbp_validation.published.entries import (
    Entry,
    Published,
    bands_of,
    load_published,
    quantities,
)
from lbp_validation.published.events import Answer, Event
from lbp_validation.published.intervals import (
    VERDICTS,
    Interval,
    Transfer,
    Verdict,
    tau,
    transferred,
    verdict,
)
from lbp_validation.published.tables import TwoByTwo, two_by_two


@dataclass(frozen=True)
class ImpliedFigure:
    """One quantity of a published figure, and what the model implies for it.

    id: the figure's id in the model's `evidence`; event: the answer or cluster in words;
    transfer_interval: the study's interval widened by the distance of its setting from ours;
    explained: why the implied figure lies outside, empty when it does not.
    """

    id: str
    cause: str
    event: str
    quantity: str
    published: Interval
    transfer: Transfer
    transfer_interval: tuple[float, float]
    implied: float
    verdict: Verdict
    explained: str


def implied_figures(
    model: DiagnosticModel, published: Published | None = None
) -> tuple[ImpliedFigure, ...]:
    """Work out every figure that the model can express, in the order of the data file."""
    entries = (load_published() if published is None else published).entries
    return tuple(each for entry in entries for each in _of_entry(model, entry))


def implied_table(model: DiagnosticModel, entry: Entry) -> TwoByTwo:
    """Return the exact table of an entry's event and cause among the people of its study."""
    bands = bands_of(model.description)
    return two_by_two(model.engine, bands, entry.causes, entry.event, entry.population)


def worst_verdicts(figures: Sequence[ImpliedFigure]) -> dict[str, Verdict]:
    """Return {figure id: the worst verdict on any of its quantities}."""
    worst: dict[str, Verdict] = {}
    for each in figures:
        worst[each.id] = max(worst.get(each.id, each.verdict), each.verdict, key=VERDICTS.index)
    return worst


def in_words(event: Event) -> str:
    """Say an event in a few words, from the ids of the model."""
    if isinstance(event, Answer):
        if event.states:
            return _answer_in_words(event.variable, event.states)
        ends = [f">= {event.at_least:g}"] * (event.at_least > 0)
        ends += [f"<= {event.at_most:g}"] * (event.at_most < float("inf"))
        return f"{event.variable} {' and '.join(ends)}"
    parts = [
        f"({in_words(each)})" if not isinstance(each, Answer) else in_words(each)
        for each in event.of
    ]
    if event.least == len(parts):
        return " and ".join(parts)
    if event.least == 1:
        return " or ".join(parts)
    return f">= {event.least} of {', '.join(parts)}"


def _answer_in_words(variable: str, states: tuple[str, ...]) -> str:
    if states == ("yes",):
        return variable
    if states == ("no",):
        return f"no {variable}"
    return f"{variable} {'/'.join(states)}"


def _of_entry(model: DiagnosticModel, entry: Entry) -> Iterator[ImpliedFigure]:
    table = implied_table(model, entry)
    figure = model.description.figures[entry.figure]
    for quantity, interval in quantities(entry, figure):
        wider = transferred(interval, quantity, tau(quantity, entry.transfer))
        implied = table.quantity(quantity)
        found = verdict(implied, interval, wider)
        yield ImpliedFigure(
            id=entry.figure,
            cause=" or ".join(entry.causes),
            event=in_words(entry.event),
            quantity=quantity,
            published=interval,
            transfer=entry.transfer,
            transfer_interval=wider,
            implied=implied,
            verdict=found,
            explained=entry.explained if found == "outside" else "",
        )
