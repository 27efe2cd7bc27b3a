"""Read a finding's numbers, and what stands between it and the causes, from a description."""

from collections.abc import Callable, Sequence

import numpy as np

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import Frequency
from bayesnet.model.format.variables import NO, YES, Finding, Shared, states_of
from bayesnet.model.solving.finding_parameters import FindingNumbers, Surroundings
from bayesnet.model.solving.noisy_links import distribution
from bayesnet.model.solving.people import NONE, Upper, people_with
from bayesnet.model.solving.tables import Settings

Read = Callable[[KeyPath, Frequency, Sequence[str]], Settings]
"""Returns the number at a path as distributions over states, shape (settings, states)."""


def as_written(path: KeyPath, number: Frequency, states: Sequence[str]) -> Settings:
    """Return a number as the file has it, in one setting."""
    return distribution(states, number)[None]


def path_of(description: ModelDescription, name: str) -> KeyPath:
    """Return the path of a finding or pattern."""
    return ("shared" if name in description.shared else "findings", name)


def states_of_finding(description: ModelDescription, name: str) -> tuple[str, ...]:
    """List the states of a finding or pattern."""
    if name in description.shared:
        return (NO, YES)
    return states_of(description.findings[name].answer)


def raised_by(description: ModelDescription, name: str) -> tuple[str, ...]:
    """List the risk factors that raise the background of a finding or pattern."""
    return () if name in description.shared else tuple(description.findings[name].background_by)


def finding_numbers(description: ModelDescription, name: str, read: Read) -> FindingNumbers:
    """Return the numbers of a finding or pattern."""
    entry, path = entry_of(description, name), path_of(description, name)
    states = states_of_finding(description, name)
    raised: dict[str, dict[int, Settings]] = {}
    if isinstance(entry, Finding):
        for factor, rows in entry.background_by.items():
            own = states_of(description.risk_factors[factor].answer)
            raised[factor] = {
                own.index(state): read((*path, "background_by", factor, state), number, states)
                for state, number in rows.items()
            }
    return FindingNumbers(
        read((*path, "background"), entry.background, states),
        {
            cause: read((*path, "causes", cause), number, states)
            for cause, number in entry.causes.items()
        },
        frozenset(cause for cause, number in entry.causes.items() if number.lowers),
        raised,
    )


def surroundings(
    description: ModelDescription, name: str, upper: Upper | None, read: Read
) -> Surroundings:
    """Return what stands between a finding or pattern and its causes.

    upper: needed where risk factors raise the background.
    """
    factors = raised_by(description, name)
    patterns = patterns_present(description, name, read)
    if not factors:
        return Surroundings(dict.fromkeys(patterns, np.ones(1)), patterns)
    assert upper is not None
    return Surroundings({only: people_with(only, factors, upper) for only in patterns}, patterns)


def patterns_present(
    description: ModelDescription, name: str, read: Read
) -> dict[str, dict[str, Settings]]:
    """Return how often each of a finding's patterns is present, among whom.

    {only cause, or NONE: {pattern: P(present), shape (settings, 1)}}.
    """
    listed = entry_of(description, name).causes
    patterns = [each for each in listed if each in description.shared]
    return {
        only: {each: _present(description, each, only, read) for each in patterns}
        for only in (NONE, *(each for each in listed if each not in description.shared))
    }


def _present(description: ModelDescription, pattern: str, only: str, read: Read) -> Settings:
    """Return how often a pattern is present among people with one cause, shape (settings, 1)."""
    shared, path = description.shared[pattern], ("shared", pattern)
    if only in shared.causes:
        return read((*path, "causes", only), shared.causes[only], (NO, YES))[:, 1:]
    return read((*path, "background"), shared.background, (NO, YES))[:, 1:]


def entry_of(description: ModelDescription, name: str) -> Finding | Shared:
    """Return a finding or pattern."""
    return description.shared.get(name) or description.findings[name]
