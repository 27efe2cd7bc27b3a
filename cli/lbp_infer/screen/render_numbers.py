"""Render every number of a model with its grade, by the entry it belongs to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import msgspec
from rich.console import Group, RenderableType
from rich.text import Text

from bayesnet.diagnosis.report.identity import ModelIdentity
from bayesnet.model.lookup.graded_words import LEGEND, of_whom
from bayesnet.model.lookup.grades import GRADES, GradedNumber
from lbp_infer.screen.numbers import lines
from lbp_infer.screen.page import columns, paragraph, section
from lbp_infer.screen.sources import ids

KINDS = {
    "model": "limit of the model",
    "causes": "cause",
    "risk_factors": "risk factor",
    "shared": "shared finding",
    "findings": "finding",
    "pathways": "pathway",
}


def numbers_page(identity: ModelIdentity, numbers: Sequence[GradedNumber]) -> list[RenderableType]:
    """Return the counts, the numbers by entry, and the counts again, since the page is long."""
    title = Text.assemble(("Numbers and their grades", "bold"), f"  {identity.name}")
    if not numbers:
        return [title, paragraph("The numbers about it are in the model's network.")]
    groups = [
        section(f"{entry} ({KINDS[top]})", _table(list(each)))
        for (top, entry), each in groupby(_by_entry(numbers), _entry)
    ]
    return [title, paragraph(f"{LEGEND}.", "dim"), _counts(numbers), *groups, _counts(numbers)]


def numbers_data(identity: ModelIdentity, numbers: Sequence[GradedNumber]) -> dict[str, Any]:
    """Return model, counts and numbers as plain data for scripts, the model as reports name it."""
    found = Counter(number.grade for number in numbers)
    return {
        "model": msgspec.to_builtins(identity),
        "grades": {grade: found[grade] for grade in GRADES},
        "numbers": [msgspec.to_builtins(number) for number in numbers],
    }


def _entry(number: GradedNumber) -> tuple[str, str]:
    return str(number.path[0]), number.entry


def _by_entry(numbers: Iterable[GradedNumber]) -> list[GradedNumber]:
    """Put the numbers of one entry together, entries in the order of their first number."""
    grouped: dict[tuple[str, str], list[GradedNumber]] = {}
    for number in numbers:
        grouped.setdefault(_entry(number), []).append(number)
    return [number for each in grouped.values() for number in each]


def _table(numbers: Sequence[GradedNumber]) -> RenderableType:
    rows = [
        (*line, ids(number.sources) if line[-1] else "")
        for number in numbers
        for line in lines(of_whom(number), number)
    ]
    return columns(rows, right=(1,), whole=(2, 3))


def _counts(numbers: Sequence[GradedNumber]) -> RenderableType:
    found = Counter(number.grade for number in numbers)
    rows = [(grade, str(found[grade]), f"{found[grade] / len(numbers):.0%}") for grade in GRADES]
    total = ("all", str(len(numbers)), "")
    return Group(Text(), columns([*rows, total], right=(1, 2), whole=(0,)))
