"""Read UAI evidence files (.evid): which variables are observed, and in which states."""

from collections.abc import Sequence

from bayesnet.network import Network
from bayesnet.network.formats.mistakes import MistakeError
from bayesnet.network.formats.uai_words import Words


def read_cases(text: str, network: Network) -> list[dict[str, str]]:
    """Return the cases of an evidence file, as {variable: state}.

    A case is the number of observed variables, then the position of each and of its state. Files
    for the UAI 2008 and 2010 competitions have the number of cases before them; those for later
    ones leave it out, and hold one case. Raises MistakeError.
    """
    words = Words(text)
    first, rest = words.integer(), words.rest()
    apart = _apart(first, rest)
    one = [rest] if len(rest) == 2 * first else None
    # Where both fit, the number of cases has a line of its own.
    alone = len(text.strip().partition("\n")[0].split()) == 1
    found = (apart or one) if alone else (one or apart)
    if found is None:
        raise MistakeError("its counts and its numbers do not fit; count them again")
    return [_case(each, network) for each in found]


def _apart(cases: int, rest: Sequence[int]) -> list[Sequence[int]] | None:
    """Split numbers into cases, each with the count of its pairs before it; None if none fits."""
    found: list[Sequence[int]] = []
    begin = 0
    while begin < len(rest) and len(found) < cases:
        end = begin + 1 + 2 * rest[begin]
        found.append(rest[begin + 1 : end])
        begin = end
    return found if begin == len(rest) and len(found) == cases else None


def _case(numbers: Sequence[int], network: Network) -> dict[str, str]:
    """Return the case of pairs of a variable's and its state's positions; raises MistakeError."""
    case: dict[str, str] = {}
    for variable, state in zip(numbers[::2], numbers[1::2], strict=True):
        if variable >= len(network.variables) or state >= len(network.variables[variable].states):
            told = f"observes variable {variable} in state {state}, which the network does not have"
            raise MistakeError(f"{told}; both are counted from 0")
        name = network.names[variable]
        if name in case:
            raise MistakeError(f"observes variable {variable} twice; keep one")
        case[name] = network.variables[variable].states[state]
    return case
