"""Report what no set of answers may break, over many drawn people."""

from collections.abc import Callable

from bayesnet.diagnosis.model import DiagnosticModel
from bayesnet.tuning.scoring.shares import of_count
from lbp_validation.advice.properties import Broken, properties
from lbp_validation.report.document import Grid, Section
from lbp_validation.report.goals import Goal
from lbp_validation.report.part import Part

WORDS = (
    "People drawn from the model who answered a random part of the questions, and each of them "
    "again with one danger sign more. Whoever a danger sign makes impossible is left out."
)


def properties_part(
    model: DiagnosticModel, people: int, seed: int, told: Callable[[str], object]
) -> Part:
    """Report the properties of so many people; told: is given how far it is."""
    found = properties(model, people, seed, told)
    headers = ("property", "people", "broken")
    rows = tuple(
        (each.property, f"{each.people:,}", f"{each.broken}: {of_count(each.broken, each.people)}")
        for each in found
    )
    grid = Grid(headers, rows, frozenset(headers[1:]))
    examples = tuple(f"{each.property}: {_words(each)}." for each in found if each.broken)
    goals = tuple(
        Goal(each.property, f"{each.broken} of {each.people:,} break it", not each.broken)
        for each in found
    )
    return Part((Section("What no set of answers may break", (WORDS, grid), examples),), goals)


def _words(broken: Broken) -> str:
    return ", ".join(f"{name} {answer}" for name, answer in broken.first.items())
