"""Keep numbers where the model can have them: what goes too far is stopped, and all else moves on.

A number of a finding that would cross its background stops there. Where that does not help, as for
relative risks that would explain more people than have a cause, the way is cut that led too far.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import Effect
from bayesnet.model.solving.finding_numbers import entry_of, states_of_finding
from bayesnet.model.solving.noisy_links import distribution, lowering, raising
from bayesnet.model.solving.number_change import number_at
from bayesnet.model.solving.parameters import unsolvable
from bayesnet.network import Array
from bayesnet.tuning.fitting.places import Places

SHORTER = 0.7
"""What is left of a way that is cut."""
LEAST = 0.05
"""Share of a way that is not worth going."""
ROUNDS = 60
"""Bound on the cuts; each takes a number, an entry or all numbers back by a third of their way."""
MARGIN = 1e-5
"""How far from its background a number stops, so that it may be rounded to six places."""

Described = Callable[[Array], ModelDescription]
"""Returns the model with its numbers at a place."""


@dataclass(frozen=True, eq=False)
class Reached:
    """Where a way ended, shape (places,), and which numbers were kept from their own end."""

    at: Array
    kept: frozenset[int]


def within(places: Places, start: Array, end: Array, described: Described) -> Reached:
    """Return the place nearest to the end that the model can have.

    start: where it can have all numbers.
    """
    share = np.ones(len(places.scales))
    for _ in range(ROUNDS):
        at = start + share[places.owners] * (end - start)
        stuck = tuple(unsolvable(described(at)))
        if stuck:
            at = _stopped(places, at, described(at), stuck)
            stuck = tuple(unsolvable(described(at)))
        if not stuck:
            return Reached(at, frozenset(places.owners[at != end].tolist()))
        share = _cut(places, share, stuck)
    return Reached(start, frozenset(range(len(places.scales))))


def _stopped(
    places: Places, at: Array, description: ModelDescription, stuck: Iterable[KeyPath]
) -> Array:
    """Stop the numbers of causes that have crossed the background of their finding."""
    found = at.copy()
    for part, (scale, _) in zip(places.slices, places.parts(at), strict=True):
        number = number_at(description, scale.path)
        if not isinstance(number, Effect) or not _is_among(scale.path, stuck):
            continue
        name = str(scale.path[1])
        states = states_of_finding(description, name)
        background = distribution(states, entry_of(description, name).background)
        nearest = lowering if number.lowers else raising
        found[part] = scale.of(nearest(background, distribution(states, number), MARGIN))
    return found


def _cut(places: Places, share: Array, stuck: Iterable[KeyPath]) -> Array:
    """Shorten the ways of the numbers that are stuck, of their entries, or of all.

    Of a cause it is the relative risks.
    """
    paths = [scale.path for scale in places.scales]
    entries = {each[:2] for each in stuck}
    patterns = {
        ("shared", name) for entry in entries for name in _patterns(places.model, str(entry[1]))
    }
    exact = {
        at
        for at, path in enumerate(paths)
        if _is_among(path, stuck) or (path[:2] in entries and "risk_factors" in path[2:])
    }
    near = {at for at, path in enumerate(paths) if path[:2] in entries | patterns}
    found = share.copy()
    for chosen in (exact, near, set(range(len(paths)))):
        going = [at for at in chosen if share[at] > 0.0]
        if going:
            shorter = share[going] * SHORTER
            found[going] = np.where(shorter < LEAST, 0.0, shorter)
            return found
    return found


def _is_among(path: KeyPath, stuck: Iterable[KeyPath]) -> bool:
    return any(each[: len(path)] == path for each in stuck)


def _patterns(description: ModelDescription, finding: str) -> list[str]:
    """List the patterns that a finding measures."""
    entry = description.findings.get(finding)
    return [each for each in description.shared if entry and each in entry.causes]
