"""Describe events that a study counted: an answer, or at least so many of several events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.errors import EvidenceError, UnknownNameError
from bayesnet.model.format.bands import Bands as OwnBands
from bayesnet.model.format.bands import step_of
from bayesnet.network import Array, Variable

NUMBERS = frozenset({"at_least", "at_most"})
Bands = Mapping[str, OwnBands]
"""{variable answered with a number: {its state: (first, last)}}"""


@dataclass(frozen=True)
class Answer:
    """A variable in one of some states, or, where a number answers it, in a range."""

    variable: str
    states: tuple[str, ...] = ()
    at_least: float = -np.inf
    at_most: float = np.inf


@dataclass(frozen=True)
class Count:
    """At least so many of several events; with none asked of none, it always happens."""

    least: int
    of: tuple["Event", ...]


Event = Answer | Count
ALWAYS = Count(0, ())


def parse_event(raw: object) -> Event:
    """Read an event as a data file writes it; raises EvidenceError.

    It is {finding: answer}, several of them together, or any / all / count-of of a list of events.

    >>> parse_event({"coughing": True})
    Answer(variable='coughing', states=('yes',), at_least=-inf, at_most=inf)
    """
    if not isinstance(raw, Mapping):
        raise EvidenceError(f"an event is a mapping such as {{coughing: yes}}, not {raw!r}")
    if "count" in raw:
        return Count(int(raw["count"]), _events(raw.get("of", ())))
    if "any" in raw:
        return Count(1, _events(raw["any"]))
    if "all" in raw:
        return _every(_events(raw["all"]))
    return _every(tuple(_answer(str(name), value) for name, value in raw.items()))


def variables_of(event: Event) -> tuple[str, ...]:
    """List the variables that an event looks at, each once, in order."""
    if isinstance(event, Answer):
        return (event.variable,)
    return tuple(dict.fromkeys(name for each in event.of for name in variables_of(each)))


def weights(answer: Answer, variable: Variable, bands: Bands) -> Array:
    """Return the chance of an answer in each state of its variable, shape (states,).

    It is 0 or 1, except where a range cuts a band: then the part of the band's years inside the
    range, as if its years were equally common and independent of all else.
    """
    if answer.states:
        for state in answer.states:
            if state not in variable.states:
                raise UnknownNameError("state", state, variable.states, variable.name)
        return np.array([float(state in answer.states) for state in variable.states])
    if variable.name not in bands:
        raise EvidenceError(f"`{variable.name}` is not answered with a number")
    own = bands[variable.name]
    step = float(step_of(own))
    return np.array([_part_inside(*own[state], step, answer) for state in variable.states])


def _part_inside(first: float, last: float, step: float, answer: Answer) -> float:
    inside = min(last, answer.at_most) - max(first, answer.at_least) + step
    return max(0.0, inside) / (last - first + step)


def _events(raw: object) -> tuple[Event, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise EvidenceError(f"a list of events is needed, not {raw!r}")
    return tuple(parse_event(each) for each in raw)


def _every(events: tuple[Event, ...]) -> Event:
    return events[0] if len(events) == 1 else Count(len(events), events)


def _answer(variable: str, value: object) -> Answer:
    if isinstance(value, bool):
        return Answer(variable, ("yes" if value else "no",))
    if isinstance(value, str):
        return Answer(variable, (value,))
    if isinstance(value, Sequence):
        return Answer(variable, tuple(str(each) for each in value))
    if isinstance(value, Mapping) and value.keys() <= NUMBERS and value:
        limits = {str(name): float(number) for name, number in value.items()}
        return Answer(variable, (), limits.get("at_least", -np.inf), limits.get("at_most", np.inf))
    raise EvidenceError(f"`{variable}`: an answer is yes, no, a state or a range, not {value!r}")
