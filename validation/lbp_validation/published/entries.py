"""Read the published figures that the model can express, from data/published.yaml."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import yaml

from bayesnet.errors import BayesnetError, ModelFileError
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.published_figures import PublishedFigure
from lbp_validation.paths import PUBLISHED
from lbp_validation.published.events import ALWAYS, Answer, Bands, Event, parse_event
from lbp_validation.published.intervals import (
    Interval,
    Transfer,
    complement,
    odds_ratio,
    proportion,
    ratio,
)
from lbp_validation.published.tables import QUANTITIES, RATIOS, Margin, Population

TEST = ("sensitivity", "specificity", "lr_positive", "lr_negative")
NUMERIC = (*TEST, "value", "intervals", "ranges", "parts")


class _Margin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    of: dict[str, Any]
    share: float


class _Population(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    about: str
    seen: dict[str, Any] = {}
    shares: dict[str, float] = {}
    margins: tuple[_Margin, ...] = ()
    source: tuple[str, ...] = ()


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    figure: str
    cause: str | tuple[str, ...]
    event: dict[str, Any]
    population: str
    transfer: Transfer
    why: str
    take: dict[str, str] = {}
    n: float | None = None
    diseased: float | None = None
    repeats: str = ""
    explained: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    populations: dict[str, _Population]
    figures: tuple[_Entry, ...]
    not_applicable: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Entry:
    """One event of one published figure.

    take: {field of the figure: quantity}, empty for the four of a test; people, diseased: how many
    were counted; repeats: another figure from the same patients.
    """

    figure: str
    causes: tuple[str, ...]
    event: Event
    population: Population
    transfer: Transfer
    why: str
    take: Mapping[str, str]
    people: float | None
    diseased: float | None
    repeats: str
    explained: str


@dataclass(frozen=True)
class Published:
    """All figures set beside the model, and {id: reason} of those that it cannot express."""

    entries: tuple[Entry, ...]
    not_applicable: Mapping[str, str]


def load_published(path: Path = PUBLISHED) -> Published:
    """Read the entries of a file; raises ModelFileError that says which is at fault."""
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        file = msgspec.convert(raw, _File)
        populations = {name: _population(each) for name, each in file.populations.items()}
        entries = tuple(_entry(each, populations) for each in file.figures)
    except (OSError, yaml.YAMLError, msgspec.ValidationError, BayesnetError) as error:
        raise ModelFileError([f"{path}: {error}"]) from error
    reasons = {name: why for why, names in file.not_applicable.items() for name in names}
    return Published(entries, reasons)


def bands_of(description: ModelDescription) -> Bands:
    """Return the bands of everything that is answered with a number."""
    answers = {name: each.answer for name, each in description.risk_factors.items()}
    answers |= {name: each.answer for name, each in description.findings.items()}
    return {name: answer.bands for name, answer in answers.items() if answer.bands}


def quantities(entry: Entry, figure: PublishedFigure) -> Iterator[tuple[str, Interval]]:
    """Yield (quantity, published figure with its interval) for each number that an entry takes."""
    known = entry.take or {field: field for field in TEST if _is_given(figure, field)}
    for field, quantity in known.items():
        yield quantity, _interval(entry, figure, field, quantity)


def _interval(entry: Entry, figure: PublishedFigure, field: str, quantity: str) -> Interval:
    value = _value(figure, field)
    if field in figure.intervals:
        return Interval(value, *figure.intervals[field], "printed")
    if value is None and field in figure.ranges:
        return Interval(None, *figure.ranges[field], "range")
    if value is None:
        raise ModelFileError([f"{entry.figure}: the figure has no number `{field}`"])
    people, diseased = _counted(entry, figure)
    if quantity in ("lr_positive", "lr_negative") and _is_given(figure, "specificity"):
        sensitivity = _interval(entry, figure, "sensitivity", "sensitivity")
        specificity = _interval(entry, figure, "specificity", "specificity")
        if quantity == "lr_positive":
            return ratio(value, sensitivity, complement(specificity))
        return ratio(value, complement(sensitivity), specificity)
    if quantity == "odds_ratio":
        return odds_ratio(value, people, diseased)
    if quantity in RATIOS:
        return Interval(value, value, value, "none")
    healthy = None if people is None or diseased is None else people - diseased
    counted = {"sensitivity": diseased, "specificity": healthy, "false_positive_share": healthy}
    return proportion(value, counted.get(quantity, people))


def _counted(entry: Entry, figure: PublishedFigure) -> tuple[float | None, float | None]:
    """Return how many people were counted, and how many of them had the cause.

    Half of them, where a study does not say.
    """
    people = entry.people
    if people is None and re.fullmatch(r"\d+", figure.n):
        people = float(figure.n)
    if people is None or entry.diseased is not None:
        return people, entry.diseased
    alone = _is_given(figure, "sensitivity") and not _is_given(figure, "specificity")
    return people, people if alone else people / 2


def _value(figure: PublishedFigure, field: str) -> float | None:
    kind, _, part = field.partition(".")
    found = figure.parts.get(part) if kind == "parts" else getattr(figure, field)
    return None if found is None else float(found)


def _is_given(figure: PublishedFigure, field: str) -> bool:
    return getattr(figure, field) is not None or field in figure.ranges


def _population(raw: _Population) -> Population:
    seen = parse_event(raw.seen) if raw.seen else ALWAYS
    shares = [Margin(Answer(cause, ("yes",)), share) for cause, share in raw.shares.items()]
    margins = [Margin(parse_event(each.of), each.share) for each in raw.margins]
    return Population(raw.about, seen, (*shares, *margins))


def _entry(raw: _Entry, populations: Mapping[str, Population]) -> Entry:
    if raw.population not in populations:
        raise ModelFileError([f"{raw.figure}: there is no population `{raw.population}`"])
    wrong = sorted(set(raw.take.values()) - set(QUANTITIES))
    if wrong:
        raise ModelFileError([f"{raw.figure}: no such quantity: {', '.join(wrong)}"])
    return Entry(
        figure=raw.figure,
        causes=(raw.cause,) if isinstance(raw.cause, str) else raw.cause,
        event=parse_event(raw.event) if raw.event else ALWAYS,
        population=populations[raw.population],
        transfer=raw.transfer,
        why=raw.why,
        take=raw.take,
        people=raw.n,
        diseased=raw.diseased,
        repeats=raw.repeats,
        explained=raw.explained,
    )
