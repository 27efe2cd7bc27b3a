"""Show numbers of a model with all that they rest on."""

from msgspec import Struct

from bayesnet import DiagnosticModel, UnknownNameError
from bayesnet.diagnosis.report.citations import CitedFigure, cited_figures
from bayesnet.diagnosis.report.identity import ModelIdentity
from bayesnet.model.lookup.grades import Grade, GradedNumber, chosen_numbers
from bayesnet.model.lookup.number_words import number_words
from lbp_service.answers.catalogue import identity

IN_WORDS = ("prevalence", "frequency", "background", "relative risk")
"""Kinds of numbers that `number_words` says in words."""


class ModelNumber(Struct, frozen=True):
    """A number of the model.

    at: its keys in the model file, from the top, with dots; what: in words what it counts; value:
    one number, or one per state; interval: of 95 %; sample_size: patients; grade: published,
    adapted or judgement; sources: ids of `citations`, other citations, or expert judgement.
    """

    at: str
    what: str
    value: float | dict[str, float]
    interval: tuple[float, float] | None
    sample_size: float | None
    grade: Grade
    sources: tuple[str, ...]
    why: str
    conflicts: dict[str, str]


class ModelNumbers(Struct, frozen=True):
    """Numbers of a model; citations: {id: the published figure} of what their sources name."""

    model: ModelIdentity
    numbers: tuple[ModelNumber, ...]
    citations: dict[str, CitedFigure]


def model_numbers(model: DiagnosticModel, name: str, about: str | None = None) -> ModelNumbers:
    """Return the numbers of an id and about it; about: only those that are about this one too.

    Raises UnknownNameError with the nearest ids.

    >>> import bayesnet
    >>> model = bayesnet.load_model("lbp-runner")
    >>> [each.at for each in model_numbers(model, "coughing", "disc").numbers]
    ['findings.coughing.causes.disc']
    """
    numbers = chosen_numbers(model.description, name)
    if about is not None:
        both = [each for each in numbers if about in (each.entry, *each.of)]
        if not both:
            known = dict.fromkeys(word for each in numbers for word in (each.entry, *each.of))
            raise UnknownNameError("id", about, known, f"what numbers of '{name}' are about")
        numbers = both
    sources = [source for each in numbers for source in each.sources]
    return ModelNumbers(
        identity(model),
        tuple(_shown(model, each) for each in numbers),
        cited_figures(sources, model.description.figures),
    )


def _shown(model: DiagnosticModel, number: GradedNumber) -> ModelNumber:
    return ModelNumber(
        at=".".join(map(str, number.path)),
        what=_what(model, number),
        value=number.value,
        interval=number.interval,
        sample_size=number.sample_size,
        grade=number.grade,
        sources=number.sources,
        why=number.why,
        conflicts=number.conflicts,
    )


def _what(model: DiagnosticModel, number: GradedNumber) -> str:
    if number.kind in IN_WORDS:
        return number_words(model.description, number.path)
    about = f", {', '.join(number.of)}" if number.of else ""
    return f"{number.kind}: {number.entry}{about}"
