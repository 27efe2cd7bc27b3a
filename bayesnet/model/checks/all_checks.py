"""What a model must make sense of beyond its shape: every check, over all files at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bayesnet.model.checks.care import check_care
from bayesnet.model.checks.kinds import check_kinds
from bayesnet.model.checks.names import (
    check_cycles,
    check_groups,
    check_ids,
    check_references,
)
from bayesnet.model.checks.numbers import check_numbers
from bayesnet.model.checks.sources import check_conflicts, check_sources
from bayesnet.model.format.description import KeyPath
from bayesnet.model.lookup.scope import Scope
from bayesnet.model.problems import Problem

Check = Callable[[Scope], Iterator[Problem]]

# Entries with such mistakes cannot be turned into a part of the network.
_STRUCTURE: tuple[Check, ...] = (check_references, check_kinds)
_CONTENT: tuple[Check, ...] = (
    check_ids,
    check_groups,
    check_numbers,
    check_sources,
    check_conflicts,
    check_care,
)


@dataclass(frozen=True)
class ModelProblems:
    """The mistakes in a model.

    broken: the paths at which the network cannot be built; circular: whether it has no order.
    """

    problems: tuple[Problem, ...]
    broken: tuple[KeyPath, ...]
    circular: bool


def check(scope: Scope) -> ModelProblems:
    """Every mistake in the meaning of a model."""
    structure = [problem for each in _STRUCTURE for problem in each(scope)]
    broken = tuple(problem.path for problem in structure)
    cycles = list(check_cycles(scope))
    problems = structure + cycles
    if not scope.ids["causes"]:
        message = "the model has no causes; add at least one under `causes:`"
        problems.append(Problem((), message))
    problems += [problem for each in _CONTENT for problem in each(scope)]
    return ModelProblems(tuple(dict.fromkeys(problems)), broken, bool(cycles))
