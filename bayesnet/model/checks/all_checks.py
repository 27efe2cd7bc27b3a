"""Run every check of a model's meaning, over all its files at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bayesnet.model.checks.care import check_care
from bayesnet.model.checks.codings import check_codings
from bayesnet.model.checks.interview import check_interview
from bayesnet.model.checks.kinds import check_kinds
from bayesnet.model.checks.names import (
    check_cycles,
    check_groups,
    check_ids,
    check_references,
)
from bayesnet.model.checks.network import check_origin_of_numbers
from bayesnet.model.checks.numbers import check_numbers
from bayesnet.model.checks.ratios import check_ratios
from bayesnet.model.checks.sources import check_conflicts, check_sources
from bayesnet.model.checks.words import check_words
from bayesnet.model.format.description import KeyPath
from bayesnet.model.lookup.scope import Scope
from bayesnet.model.problems import Problem

Check = Callable[[Scope], Iterator[Problem]]

# Entries with such mistakes cannot be turned into a part of the network.
_STRUCTURE: tuple[Check, ...] = (
    check_origin_of_numbers,
    check_references,
    check_kinds,
    check_ratios,
)
_CONTENT: tuple[Check, ...] = (
    check_ids,
    check_groups,
    check_numbers,
    check_sources,
    check_conflicts,
    check_care,
    check_interview,
    check_words,
    check_codings,
)


@dataclass(frozen=True)
class ModelProblems:
    """What is wrong with the meaning of a model.

    problems: every mistake, each once. broken: paths of the entries from which no part of the
    network can be built. circular: whether causes or risk factors influence themselves in a circle,
    so that there is no order to solve them in.
    """

    problems: tuple[Problem, ...]
    broken: tuple[KeyPath, ...]
    circular: bool


def check(scope: Scope) -> ModelProblems:
    """Find every mistake in the meaning of a model whose shape is right."""
    structure = [problem for each in _STRUCTURE for problem in each(scope)]
    broken = tuple(problem.path for problem in structure)
    cycles = list(check_cycles(scope))
    problems = structure + cycles
    if not scope.ids["causes"]:
        message = "the model has no causes; add at least one under `causes:`"
        problems.append(Problem((), message))
    problems += [problem for each in _CONTENT for problem in each(scope)]
    return ModelProblems(tuple(dict.fromkeys(problems)), broken, bool(cycles))
