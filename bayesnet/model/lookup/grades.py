"""Grade how well each number of a model is founded: published, adapted, or judgement alone."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from bayesnet.errors import UnknownNameError
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import (
    JUDGEMENT,
    ConditionalFrequency,
    RatioThreshold,
    RiskRow,
    Threshold,
)
from bayesnet.model.format.pathways import Utility
from bayesnet.model.format.published_figures import PublishedFigure
from bayesnet.model.lookup.agreement import departure
from bayesnet.model.lookup.sources import SourcedNumber, sourced_numbers

Grade = Literal["published", "adapted", "judgement"]
GRADES: tuple[Grade, ...] = ("published", "adapted", "judgement")
"""From the best founded: the figures say it; figures, moved by judgement; judgement alone."""


class GradedNumber(Struct, frozen=True, kw_only=True):
    """A number of a model with all that it rests on.

    path: keys and indices from the top of the model; entry: the id it belongs to; kind: what sort
    of number; of: whom it is about, such as a cause, or a factor with its state. value: one number,
    or one per state. interval (95 %) and sample_size (patients): its uncertainty.
    """

    path: KeyPath
    entry: str
    kind: str
    of: tuple[str, ...]
    value: float | dict[str, float]
    interval: tuple[float, float] | None = None
    sample_size: float | None = None
    grade: Grade
    sources: tuple[str, ...]
    why: str
    conflicts: dict[str, str] = {}


def grade(sources: Sequence[str], figures: Mapping[str, PublishedFigure]) -> Grade:
    """Grade a number by its sources: ids of published figures, citations, or expert judgement.

    A figure that was recalled, and not read at its source, counts as no source.

    >>> grade(["Someone et al. 2019, Spine 44:1"], {})
    'published'
    >>> grade(["Someone et al. 2019, Spine 44:1", "expert judgement"], {})
    'adapted'
    """
    founded = [s for s in sources if s != JUDGEMENT and not _recalled(s, figures)]
    if not founded:
        return "judgement"
    return "adapted" if JUDGEMENT in sources else "published"


def grade_of(path: KeyPath, number: SourcedNumber, figures: Mapping[str, PublishedFigure]) -> Grade:
    """Grade a number at a path; one far from the figures that it claims to be is judgement."""
    if departure(path, number, figures) is not None:
        return "judgement"
    return grade(number.source, figures)


def graded_numbers(description: ModelDescription) -> Iterator[GradedNumber]:
    """Yield every number of a model with its grade, in the order of the model's sections."""
    for path, number in sourced_numbers(description):
        kind, of = _kind(path, number)
        measured = None if isinstance(number, Threshold | RatioThreshold | Utility) else number
        yield GradedNumber(
            path=path,
            entry=str(path[1]),
            kind=kind,
            of=of,
            value=_value(number),
            interval=measured.interval if measured else None,
            sample_size=measured.sample_size if measured else None,
            grade=grade_of(path, number, description.figures),
            sources=number.source,
            why=number.why,
            conflicts=measured.conflicts if measured else {},
        )


def chosen_numbers(description: ModelDescription, name: str | None) -> list[GradedNumber]:
    """Return all numbers, or those of an id and about it; raises UnknownNameError.

    There may be none of a cause or a finding, where the model's numbers are in a network.

    >>> from bayesnet import load_model
    >>> numbers = chosen_numbers(load_model("lbp-runner").description, "coughing")
    >>> {each.entry for each in numbers}
    {'coughing'}
    """
    numbers = list(graded_numbers(description))
    if name is None:
        return numbers
    chosen = [each for each in numbers if name in _named(each)]
    entries = {**description.causes, **description.findings} if description.network else {}
    if not chosen and name not in entries:
        known = dict.fromkeys(word for each in numbers for word in _named(each))
        raise UnknownNameError("id", name, known, f"model '{description.model.id}'")
    return chosen


def _named(number: GradedNumber) -> tuple[str, ...]:
    return (number.entry, *number.of)


def _recalled(source: str, figures: Mapping[str, PublishedFigure]) -> bool:
    return source in figures and figures[source].status == "recalled"


def _kind(path: KeyPath, number: SourcedNumber) -> tuple[str, tuple[str, ...]]:
    """Return what sort of number stands at a path, and whom it is about."""
    match number:
        case RiskRow():
            return "relative risk", tuple(filter(None, (number.factor, number.state)))
        case ConditionalFrequency():
            return "frequency", tuple(word for pair in number.when.items() for word in pair)
        case Threshold() | RatioThreshold():
            return "limit", ()
        case Utility():
            return "utility", (str(path[-1]),)
    last = str(path[-1])
    if "background_by" in path:
        return "background", (str(path[-2]), last)
    return ("frequency", (last,)) if path[-2] == "causes" else (last, ())


def _value(number: SourcedNumber) -> float | dict[str, float]:
    match number:
        case RiskRow():
            return number.relative_risk
        case Threshold() | RatioThreshold() | Utility():
            return number.value
    if number.values is not None:
        return number.values
    return number.value if number.value is not None else 0.0
