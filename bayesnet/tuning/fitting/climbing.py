"""Climb to the numbers that cases and prior together make most probable, by Newton's method.

Each step solves for where a parabola has its top: its curvature is the prior's, and that of the
cases as their scores tell it, exact where a parameter goes with a number in a straight line. A step
that would lower the penalised likelihood is halved, so that it never falls.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.solving.parameters import solve
from bayesnet.network import Array
from bayesnet.tuning.fitting.likelihood import Cases, Likelihood, Tell, likelihood
from bayesnet.tuning.fitting.places import Places
from bayesnet.tuning.fitting.room import Reached, within

ENOUGH = 1e-3
"""Rise of the log likelihood that is not worth a step: all numbers together are then within a
twentieth of a standard deviation of where they belong."""
STEPS = 60
"""Bound on the steps; four to ten are usual."""
LET_GO = 0.05
"""Rise that is worth a step of numbers that were kept from their end before."""
NEAR = 1.0
"""Rise below which numbers that were kept from their end are held, so that the others come to
rest."""
TRIES = 12
"""How often a step is tried, each time half as long."""
ROUNDING = 1e-24
"""Sum of squared scores that is none: they are off by some 1e-16."""
FARTHEST = 2.0
"""How far a place moves in one step at most: odds by a factor of 7."""

Told = Callable[[int], Tell]
"""Called with the number of each pass over the cases; returns what is told within it."""


@dataclass(frozen=True, eq=False)
class Top:
    """Where numbers are most probable.

    at: places, shape (places,). information: the precision there, (places, places), prior included.
    informed: of each place whether the cases say anything about it. climbed: the penalised log
    likelihood after each step, the start first.
    """

    at: Array
    information: Array
    informed: NDArray[np.bool_]
    climbed: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class _Point:
    at: Array
    cases: Likelihood
    value: float
    kept: frozenset[int]


_Made = Callable[[Reached], _Point]


def climb(places: Places, start: Array, cases: Cases, tell: Told) -> Top:
    """Climb from a place where the model can have its numbers and the cases are possible."""
    passes = 0

    def point(end: Reached) -> _Point:
        nonlocal passes
        passes += 1
        at = end.at
        found = likelihood(places, at, solve(places.description(at))[0], cases, tell(passes))
        return _Point(at, found, found.value + places.prior(at).log_density, end.kept)

    here = point(Reached(start, frozenset()))
    climbed = [here.value]
    kept: frozenset[int] = frozenset()
    for _ in range(STEPS):
        there = _next(places, here, kept, point, TRIES, ENOUGH)
        if there is None and kept:
            # What was kept from its end may have room now.
            kept = frozenset()
            there = _next(places, here, kept, point, 1, LET_GO)
        if there is None:
            break
        near = there.value - here.value < NEAR
        kept, here = (kept | there.kept if near else frozenset()), there
        climbed.append(here.value)
    return Top(here.at, _information(places, here), _informed(here), tuple(climbed))


def _next(
    places: Places, here: _Point, kept: Set[int], point: _Made, tries: int, least: float
) -> _Point | None:
    """Return a point that is higher by so much at least, some numbers held; None where none is."""
    step, rise = _step(places, here, kept)
    there = _higher(places, here, step, point, tries) if rise >= least else None
    return there if there is not None and there.value - here.value >= least else None


def _higher(places: Places, here: _Point, step: Array, point: _Made, tries: int) -> _Point | None:
    """Return a point along a step that is no lower; None where none is found."""
    length = min(1.0, FARTHEST / max(float(np.abs(step).max()), 1e-300))
    for _ in range(tries):
        end = within(places, here.at, here.at + length * step, places.description)
        if (end.at == here.at).all():
            return None
        there = point(end)
        if there.value >= here.value:
            return there
        length /= 2.0
    return None


def _step(places: Places, here: _Point, kept: Set[int]) -> tuple[Array, float]:
    """Return the way to the parabola's top, some numbers held, and how much higher that is."""
    gradient = here.cases.gradient + places.prior(here.at).gradient
    # What no case speaks of stays to the last bit.
    free = _informed(here) & ~np.isin(places.owners, list(kept))
    step = np.zeros(len(gradient))
    if free.any():
        curved = _information(places, here)[np.ix_(free, free)]
        step[free] = np.linalg.solve(curved, gradient[free])
    return step, 0.5 * float(gradient @ step)


def _informed(here: _Point) -> NDArray[np.bool_]:
    """Tell of which places the cases say anything, shape (places,)."""
    return np.asarray(np.diag(here.cases.products) > ROUNDING)


def _information(places: Places, here: _Point) -> Array:
    """Return the curvature of the penalised log likelihood, positive definite."""
    prior = places.prior(here.at).precision
    found = prior + here.cases.products - places.bend(here.at, here.cases.gradient)
    try:
        np.linalg.cholesky(found)
    except np.linalg.LinAlgError:
        # Far from the top the bend may outweigh all else.
        return np.asarray(prior + here.cases.products)
    return np.asarray(found)
