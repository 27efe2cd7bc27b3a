"""Render one published figure: all that is known of it, and what of the model rests on it."""

from rich.console import RenderableType

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.published_figures import PublishedFigure
from bayesnet.model.lookup.codings import codings_of
from bayesnet.model.lookup.graded_words import of_whom, uncertainty, value
from bayesnet.model.lookup.grades import graded_numbers
from bayesnet.model.lookup.sources import sourced
from lbp_infer.screen.page import bullets, columns, section
from lbp_infer.screen.sources import address, how_read, in_whom

NUMBERS = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "lr_positive": "LR+",
    "lr_negative": "LR-",
    "value": "value",
}
KINDS = {
    "causes": "cause",
    "exercises": "exercise",
    "pathways": "pathway",
    "advice": "advice",
    "triage": "triage rule",
}


def figure_parts(
    description: ModelDescription, name: str, figure: PublishedFigure
) -> list[RenderableType]:
    """Render the figure's fields, what rests on it, and the numbers that conflict with it."""
    numbers = list(graded_numbers(description))
    resting = [
        f"{n.entry}, {of_whom(n)}: {value(n)} {uncertainty(n)}".rstrip() + f"; {n.grade}: {n.why}"
        for n in numbers
        if name in n.sources
    ]
    against = [
        f"{n.entry}, {of_whom(n)}: {n.conflicts[name]}" for n in numbers if name in n.conflicts
    ]
    lists = {
        "Numbers that rest on it": resting,
        "Codes that rest on it": _codes(description, name),
        "Rules and care that rest on it": _advice(description, name),
        "Numbers that do not follow it, and why": against,
        "Why no number rests on it": [figure.set_aside] if figure.set_aside else [],
    }
    listed = [section(title, bullets(lines)) for title, lines in lists.items() if lines]
    return [columns(_fields(figure), whole=(0,)), *listed]


def _fields(figure: PublishedFigure) -> list[tuple[str, str]]:
    numbers = {
        **{words: getattr(figure, field) for field, words in NUMBERS.items()},
        **{words.replace("_", " "): part for words, part in figure.parts.items()},
    }
    said = {NUMBERS.get(key, key.replace("_", " ")): key for key in figure.intervals}
    published = [
        (words, f"{number:g}{_interval(figure, said.get(words))}")
        for words, number in numbers.items()
        if number is not None
    ]
    ranges = [
        (NUMBERS.get(each, each.replace("_", " ")), f"{low:g} to {high:g} across studies or groups")
        for each, (low, high) in figure.ranges.items()
    ]
    computed = "computed from sensitivity and specificity" if figure.computed_ratios else ""
    fields = [
        ("about", " / ".join(filter(None, (figure.cause, figure.finding)))),
        ("measure", figure.measure),
        *published,
        *ranges,
        ("likelihood ratios", computed),
        ("in", in_whom(figure)),
        ("published in", figure.citation),
        ("where", address(figure)),
        ("status", how_read(figure)),
    ]
    return [(name, text) for name, text in fields if text]


def _interval(figure: PublishedFigure, field: str | None) -> str:
    if field is None:
        return ""
    low, high = figure.intervals[field]
    return f" (95 % interval {low:g} to {high:g})"


def _codes(description: ModelDescription, name: str) -> list[str]:
    return [
        f"{path[1]}: {coding.code} {coding.display}"
        for path, coding in codings_of(description)
        if name in coding.source
    ]


def _advice(description: ModelDescription, name: str) -> list[str]:
    """List what else cites a figure: harms of causes, exercises, pathways, triage rules."""
    numbers = {number.path for number in graded_numbers(description)}
    numbers |= {path for path, _ in codings_of(description)}
    return [
        f"{KINDS[str(path[0])]} {path[1] if path[0] == 'causes' else path[-1]}"
        for path, entry in sourced(description)
        if name in entry.source and path not in numbers
    ]
