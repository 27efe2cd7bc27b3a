"""Say which number of a finding cannot be had beside the others, and the range that can."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import Frequency
from bayesnet.model.format.variables import Finding, states_of
from bayesnet.model.problems import Problem
from bayesnet.model.solving.finding_numbers import entry_of, path_of, states_of_finding
from bayesnet.model.solving.finding_parameters import (
    FindingNumbers,
    FindingSolution,
    Surroundings,
    solve_finding,
)
from bayesnet.model.solving.noisy_links import TOLERANCE, distribution, link_of, lowers
from bayesnet.model.solving.people import NONE
from bayesnet.model.solving.tables import Settings

HALVINGS = 24
"""Bisections between two of the numbers tried: a limit is then known to 1e-9."""
STEPS = 200
"""Numbers from 0 to 1 that are tried for some that can be had."""
DIGITS = 1e4
"""A limit is given in ten thousandths, on its possible side."""

_Place = tuple[str, str, int]
"""Of a number within a finding: `background`, `background_by` or `causes`, of which cause or
factor, the index of the factor's state."""
_BACKGROUND: _Place = ("background", "", 0)


def finding_faults(
    description: ModelDescription,
    name: str,
    numbers: FindingNumbers,
    around: Surroundings,
    solution: FindingSolution,
) -> list[Problem]:
    """List the numbers of a finding or pattern for which there are no parameters."""
    found = undeclared(description, name)
    said = {problem.path for problem in found}
    for place in _faults(solution, numbers):
        path = _path(description, name, place)
        if path not in said:
            found.append(Problem(path, _message(place, numbers, around)))
    return found


def faulty_numbers(
    description: ModelDescription, name: str, numbers: FindingNumbers, solution: FindingSolution
) -> Iterator[KeyPath]:
    """Yield the places of the numbers that `finding_faults` is about, without saying why."""
    yield from (problem.path for problem in undeclared(description, name))
    yield from (_path(description, name, place) for place in _faults(solution, numbers))


def _path(description: ModelDescription, name: str, place: _Place) -> KeyPath:
    """Return the path of a number of a finding or pattern, with the key that it stands under."""
    group, of, at = place
    entry = entry_of(description, name)
    within: KeyPath = (group,)
    number: Frequency = entry.background
    if group == "causes":
        within, number = (group, of), entry.causes[of]
    elif group == "background_by" and isinstance(entry, Finding):
        state = states_of(description.risk_factors[of].answer)[at]
        within, number = (group, of, state), entry.background_by[of][state]
    return (*path_of(description, name), *within, _key(number))


def _key(number: Frequency) -> str:
    """Return the key under which a number stands."""
    return "value" if number.value is not None else "values"


def undeclared(description: ModelDescription, name: str) -> list[Problem]:
    """List the numbers that lower a finding and do not say so, or say so and do not."""
    found = []
    entry, states = entry_of(description, name), states_of_finding(description, name)
    background = distribution(states, entry.background)
    for cause, number in entry.causes.items():
        place: KeyPath = (*path_of(description, name), "causes", cause, _key(number))
        chances = distribution(states, number)
        if number.value is not None and number.value != entry.background.value:
            under = chances[-1] < background[-1]
            said = f"{number.value:g} is {'below' if under else 'not below'}"
        else:
            under = lowers(background, chances)
            said = "this is below" if under else "this is not below"
        beside = (
            f"{said} the background of {background[-1]:g}"
            if len(states) == 2
            else (f"{said} the background")
        )
        if under and not number.lowers:
            message = (
                f"{beside}, so '{cause}' would speak against it; raise the number, lower the "
                "background, or add `lowers: true` if that is meant"
            )
            found.append(Problem(place, message))
        elif number.lowers and not under:
            message = f"{beside}, against `lowers: true`; lower the number, or drop `lowers`"
            found.append(Problem(place, message))
    return found


def _faults(found: FindingSolution, numbers: FindingNumbers) -> Iterator[_Place]:
    """Yield the places of the numbers that need a probability under 0."""
    disordered = [
        each
        for each, number in numbers.alone.items()
        if each not in numbers.lowers and _impossible(link_of(numbers.background, number))
    ]
    if _impossible(found.usual):
        # A pattern that moves some states up and others down leaves no background either.
        if not disordered:
            yield _BACKGROUND
        yield from (("causes", each, 0) for each in disordered)
        return
    for factor, link in found.raised.items():
        for at in numbers.raised[factor]:
            if _impossible(link[:, at]):
                yield ("background_by", factor, at)
    for cause in numbers.alone:
        link = found.links[cause] if cause in found.links else found.caps[cause][1]
        if _impossible(link):
            yield ("causes", cause, 0)


def _impossible(distribution: Settings) -> bool:
    return not bool(distribution.min() >= -TOLERANCE)


def _message(place: _Place, numbers: FindingNumbers, around: Surroundings) -> str:
    """Word what keeps a number from being had, and which numbers can."""
    others = [f"'{each}'" for each in (*around.patterns[NONE], *numbers.raised)]
    if place != _BACKGROUND:
        others.insert(0, "the background")
    reason, show = " and ".join(others), "shows" if len(others) == 1 else "show"
    direct = link_of(numbers.background, _number(place, numbers))
    several = numbers.background.shape[-1] > 2
    if several and place[1] not in numbers.lowers and _impossible(direct):
        return (
            "the states are out of order, or raised here and lowered there: where a cause raises "
            "a finding, its share up to each state over the background's may not pass 1 or fall; "
            "move weight to later states, all of it to earlier ones (then with `lowers: true`), "
            "or drop it"
        )
    if several:
        return (
            f"these values cannot be had beside {reason}, which alone bring more to some states; "
            "move weight to later states, or lower theirs"
        )
    upwards, downwards = _limits(place, numbers, around)
    if upwards is not None:
        limit = math.ceil(upwards * DIGITS) / DIGITS
        return (
            f"{reason} alone {show} this in {100 * limit:.4g} of 100 {_whom(place)}; a number "
            f"under {limit:g} cannot be had: raise it, or lower theirs"
        )
    if downwards is not None:
        limit = math.floor(downwards * DIGITS) / DIGITS
        return f"a number over {limit:g} cannot be had beside {reason}; lower it, or raise theirs"
    return f"no number can be had here beside {reason}; correct those first"


def _whom(place: _Place) -> str:
    if place[0] == "causes":
        return f"people with '{place[1]}' and nothing else"
    return "people with none of the causes"


def _limits(
    place: _Place, numbers: FindingNumbers, around: Surroundings
) -> tuple[float | None, float | None]:
    """Return the first yes/no number that can be had, upwards and, if there is none, downwards.

    None where there is none that way.
    """

    def possible(value: float) -> bool:
        tried = _with_number(place, numbers, np.array([[1.0 - value, value]]))
        return place not in _faults(solve_finding(tried, around), tried)

    written = float(_number(place, numbers)[0, 1])
    tried = [each / STEPS for each in range(STEPS + 1)]
    for value in (each for each in tried if each > written):
        if possible(value):
            return _limit(possible, value, max(written, value - 1.0 / STEPS)), None
    for value in (each for each in reversed(tried) if each < written):
        if possible(value):
            return None, _limit(possible, value, min(written, value + 1.0 / STEPS))
    return None, None


def _limit(possible: Callable[[float], bool], near: float, far: float) -> float:
    """Return the last possible number on the way to an impossible one, by bisection."""
    for _ in range(HALVINGS):
        middle = (near + far) / 2.0
        near, far = (middle, far) if possible(middle) else (near, middle)
    return near


def _number(place: _Place, numbers: FindingNumbers) -> Settings:
    group, of, at = place
    if group == "background_by":
        return numbers.raised[of][at]
    return numbers.alone[of] if group == "causes" else numbers.background


def _with_number(place: _Place, numbers: FindingNumbers, number: Settings) -> FindingNumbers:
    group, of, at = place
    if group == "background_by":
        return replace(numbers, raised={**numbers.raised, of: {**numbers.raised[of], at: number}})
    if group == "causes":
        return replace(numbers, alone={**numbers.alone, of: number})
    return replace(numbers, background=number)
