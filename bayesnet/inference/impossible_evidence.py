"""Impossible evidence: which of it clashes."""

from collections.abc import Callable, Sequence
from itertools import combinations

from bayesnet.errors import ImpossibleEvidenceError
from bayesnet.inference.cases import Case
from bayesnet.inference.tuning import SEARCHED
from bayesnet.network import Network

IsPossible = Callable[[Case], bool]


def smallest_conflict(is_possible: IsPossible, case: Case) -> tuple[int, ...]:
    """Find a subset of the variables with probability zero and as few members as possible.

    First one member after another is dropped while the rest still clash; then smaller subsets
    are tried in order of size, as long as they are not too many.
    """
    items = [*sorted(case.hard), *(v for v in case.soft if v not in case.hard)]

    def clashes(subset: Sequence[int]) -> bool:
        return not is_possible(only(case, subset))

    found = list(items)
    for item in items:
        rest = [each for each in found if each != item]
        if clashes(rest):
            found = rest
    tried = 0
    for size in range(1, len(found)):
        for subset in combinations(items, size):
            tried += 1
            if tried > SEARCHED:
                return tuple(found)
            if clashes(subset):
                return subset
    return tuple(found)


def only(case: Case, subset: Sequence[int]) -> Case:
    """Return the case with what it says of some variables and nothing else."""
    return case.without(set(case.variables) - set(subset))


def impossible(network: Network, is_possible: IsPossible, case: Case) -> ImpossibleEvidenceError:
    """Make the error that names a smallest conflict of an impossible case."""
    return ImpossibleEvidenceError(
        [_described(network, case, v) for v in smallest_conflict(is_possible, case)]
    )


def _described(network: Network, case: Case, variable: int) -> str:
    named = network.variables[variable]
    if variable in case.soft:
        zero = not case.soft[variable].any()
        return f"{named.name} (likelihood{' of 0 for every state' if zero else ''})"
    return f"{named.name} = {named.states[case.hard[variable]]}"
