"""Check the codes that a model gives: how they are written, and that a coded answer is clear."""

from collections.abc import Iterator

from bayesnet.model.checks.code_systems import code_fault, system_fault
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.lookup.codings import answer_of, coded_lists, codings_of
from bayesnet.model.lookup.scope import Scope, unknown_states
from bayesnet.model.problems import Problem


def check_codings(scope: Scope) -> Iterator[Problem]:
    """Yield codes that are none, those of answers that are none, and those that mean two things."""
    for path, coding in codings_of(scope.description):
        if fault := system_fault(coding.system):
            yield Problem((*path, "system"), fault)
        if fault := code_fault(coding.system, coding.code):
            yield Problem((*path, "code"), fault)
        if not coding.display.strip():
            message = "'display' is empty; say what the terminology calls it"
            yield Problem((*path, "display"), message)
    for path, _ in coded_lists(scope.description):
        if _is_of_an_answer(path):
            name, state = str(path[1]), str(path[-1])
            yield from unknown_states(path, name, [state], scope.states(name))
    yield from _said_twice(scope.description)


def _said_twice(description: ModelDescription) -> Iterator[Problem]:
    """Yield each code that stands for something else already, where it has to mean one thing."""
    first: dict[tuple[str, ...], str] = {}
    for path, coding in codings_of(description):
        owner = answer_of(path) or str(path[1])
        code = (*_told_apart(path), coding.system, coding.code)
        if code not in first:
            first[code] = owner
        elif first[code] == owner:
            yield Problem((*path, "code"), f"a second row for the code '{coding.code}'; keep one")
        else:
            message = (
                f"'{coding.code}' stands for '{first[code]}' already, so that a coded answer could "
                "mean either; keep it at one of them"
            )
            yield Problem((*path, "code"), message)


def _told_apart(path: KeyPath) -> tuple[str, ...]:
    """Return among what a code has one meaning: all questions, or the answers of one.

    Nothing is read back by the code of a cause, so that two causes may share one.
    """
    if path[0] == "causes" or _is_of_an_answer(path):
        return str(path[0]), str(path[1])
    return ()


def _is_of_an_answer(path: KeyPath) -> bool:
    return path[2] == "answer"
