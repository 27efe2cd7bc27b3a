"""What a model must make sense of beyond its shape: every check, over all files at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bayesnet.description.check_care import check_care
from bayesnet.description.check_kinds import check_kinds
from bayesnet.description.check_names import check_ids, check_references
from bayesnet.description.check_numbers import check_numbers
from bayesnet.description.check_sources import check_sources
from bayesnet.description.compiled import Problem
from bayesnet.description.scope import Scope

Check = Callable[[Scope], Iterator[Problem]]

# Without these the numbers cannot be turned into a network at all.
_STRUCTURE: tuple[Check, ...] = (check_references, check_kinds)
_CONTENT: tuple[Check, ...] = (check_ids, check_numbers, check_sources, check_care)


@dataclass(frozen=True)
class Findings:
    """The mistakes in a model, and whether its numbers can be solved in spite of them."""

    problems: tuple[Problem, ...]
    solvable: bool


def check(scope: Scope) -> Findings:
    """Every mistake in the meaning of a model."""
    structure = [problem for each in _STRUCTURE for problem in each(scope)]
    if not scope.ids["causes"]:
        message = "the model has no causes; add at least one under `causes:`"
        structure.append(Problem((), message))
    content = [problem for each in _CONTENT for problem in each(scope)]
    return Findings(tuple(dict.fromkeys(structure + content)), not structure)
