"""Look up what the checks of a model need: entries that are well formed, and the ids of all."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from bayesnet.errors import nearest_names, quoted
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import Frequency
from bayesnet.model.format.variables import NO, OF_NETWORK, YES, Choices, Finding, states_of
from bayesnet.model.problems import Problem

VARIABLES = ("risk_factors", "findings", "derived", "causes", "shared")
IS_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MOST_LISTED = 8
"""Known ids that a message lists when none is near: about one line of them."""


@dataclass(frozen=True)
class Scope:
    """The well-formed entries of a model, and per section every id in the files.

    ids holds malformed entries too, so that a reference to one of them is not called unknown.
    """

    description: ModelDescription
    ids: Mapping[str, Set[str]]

    def named(self, *sections: str) -> dict[str, str]:
        """Return {id: its section} for all ids of some sections."""
        return {name: section for section in sections for name in sorted(self.ids[section])}

    def choices(self, name: str) -> Choices | None:
        """Return how a risk factor or finding is answered; None for others and malformed ones."""
        description = self.description
        entry = description.risk_factors.get(name) or description.findings.get(name)
        if entry is not None:
            return entry.answer
        return Choices() if name in description.derived else None

    def states(self, name: str) -> tuple[str, ...] | None:
        """Return the states of a variable; None when it is unknown or malformed."""
        if name in self.description.causes or name in self.description.shared:
            return (NO, YES)
        answer = self.choices(name)
        return None if answer is None else states_of(answer)


def unknown(path: KeyPath, kind: str, name: str, known: Iterable[str], within: str = "") -> Problem:
    """Word the mistake of naming an id that does not exist, with the nearest that do.

    >>> unknown(("pathways", "rest", "value", "fast"), "cause", "fast", ["facet", "disc"]).message
    "unknown cause 'fast'; did you mean 'facet'?"
    """
    return Problem(path, _unknown(kind, name, list(known), within), (name,))


def _unknown(kind: str, name: str, names: list[str], within: str) -> str:
    said = f"unknown {kind} '{name}'{within}"
    near = nearest_names(name, names)
    if near and IS_ID.fullmatch(name) and not IS_ID.fullmatch(near[0]):
        return f"{said}; '{near[0]}' may be meant, which is no id: correct it there"
    if near:
        return f"{said}; did you mean {quoted(near)}?"
    if not names:
        return f"{said}; the model has none: add it or drop this"
    more = ", …" if len(names) > MOST_LISTED else ""
    return f"{said}; known: {', '.join(names[:MOST_LISTED])}{more}"


def unknown_states(
    path: KeyPath, variable: str, given: Iterable[str], known: tuple[str, ...] | None
) -> Iterator[Problem]:
    """Yield a problem for each state that the variable does not have; none when it is malformed."""
    for state in given if known is not None else ():
        if state not in (known or ()):
            message = _unknown("state", state, list(known or ()), f" of '{variable}'")
            yield Problem(path, message, (variable, state))


def frequencies(
    description: ModelDescription,
) -> Iterator[tuple[KeyPath, Frequency, tuple[str, ...]]]:
    """Yield every frequency of a model: its path, itself, and the states of its variable.

    Not those that only the model's network has.
    """
    for name, cause in description.causes.items():
        if cause.prevalence != OF_NETWORK:
            yield ("causes", name, "prevalence"), cause.prevalence, (NO, YES)
    for name, factor in description.risk_factors.items():
        states = states_of(factor.answer)
        if factor.frequency is not None:
            yield ("risk_factors", name, "frequency"), factor.frequency, states
        for at, row in enumerate(factor.frequency_by):
            yield ("risk_factors", name, "frequency_by", at), row, states
    for name, shared in description.shared.items():
        yield ("shared", name, "background"), shared.background, (NO, YES)
        for cause_id, effect in shared.causes.items():
            yield ("shared", name, "causes", cause_id), effect, (NO, YES)
    for name, finding in description.findings.items():
        yield from _of_finding(("findings", name), finding)


def _of_finding(
    path: KeyPath, finding: Finding
) -> Iterator[tuple[KeyPath, Frequency, tuple[str, ...]]]:
    states = states_of(finding.answer)
    if finding.background != OF_NETWORK:
        yield (*path, "background"), finding.background, states
    for other, rows in finding.background_by.items():
        for state, number in rows.items():
            yield (*path, "background_by", other, state), number, states
    for cause_id, effect in finding.causes.items():
        yield (*path, "causes", cause_id), effect, states
