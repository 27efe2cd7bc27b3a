"""Fit a model's numbers to cases: what moved, how sure it is now, and whether it foretells better.

The numbers of the file are moved themselves, not tables in their place: the loader's solver and the
engine's derivatives say exactly what each does to the probability of a case, whatever of the case
is missing, which is summed out. So the fit goes straight to the top that expectation maximisation
(Dempster, Laird & Rubin 1977, J R Stat Soc B 39:1-38) would creep up to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.errors import EvidenceError
from bayesnet.model.format.description import KeyPath, ModelDescription
from bayesnet.model.format.numbers import RiskRow
from bayesnet.model.format.variables import NO, YES
from bayesnet.model.solving.noisy_links import distribution
from bayesnet.model.solving.number_change import Uncertain
from bayesnet.model.solving.parameters import solve
from bayesnet.model.solving.standard_deviations import (
    Z_95,
    frequency_deviations,
    log_risk_deviation,
)
from bayesnet.network import Array
from bayesnet.tuning.fitting.chosen import Seen, chosen, seen
from bayesnet.tuning.fitting.climbing import Top, climb
from bayesnet.tuning.fitting.held_out import HeldOut, held_out, split
from bayesnet.tuning.fitting.likelihood import Cases
from bayesnet.tuning.fitting.places import Places, with_numbers
from bayesnet.tuning.fitting.room import within
from bayesnet.tuning.fitting.rounding import rounded

WORTH = 0.02
"""Standard deviations of its own by which a number has to move to be written,"""
SURER = 0.99
"""or what is left of its standard deviation."""

Told = Callable[[str, int], Callable[[int], None]]
"""Takes what is done and the number of the pass; returns what is called with the cases done."""


@dataclass(frozen=True)
class Options:
    """How to fit.

    weight: how much the model's own uncertainty counts, 1 as the file says. prevalences_only: all
    else stays. share: of the cases, to hold out and score both models on; 0 for none.
    """

    weight: float = 1.0
    prevalences_only: bool = False
    share: float = 0.2


@dataclass(frozen=True)
class Refitted:
    """A number that was fitted.

    shift: how far it moved, in its own standard deviations before.
    """

    path: KeyPath
    before: Uncertain
    after: Uncertain
    shift: float

    @property
    def is_beyond(self) -> bool:
        """Whether it left the 95 % interval that it had."""
        return self.shift > Z_95


@dataclass(frozen=True)
class Fitted:
    """A model fitted to cases.

    description: with its new numbers; their sources are still those of before. numbers: those that
    moved, or are surer. seen: causes that were seen in no case, or in every one. climbed: penalised
    log likelihood after each step, from the model's own numbers on. held_out: None where too few
    cases were there to hold some out.
    """

    description: ModelDescription
    numbers: tuple[Refitted, ...]
    cases: int
    seen: Seen
    climbed: tuple[float, ...]
    held_out: HeldOut | None


def check_fittable(description: ModelDescription) -> None:
    """Check that a model has numbers to fit; raises EvidenceError where they are in a network."""
    if description.network:
        raise EvidenceError(
            f"the numbers of '{description.model.id}' are in its network, {description.network}; "
            "fit them in the program that it is from"
        )


def fit(
    description: ModelDescription,
    cases: Cases,
    truth: NDArray[np.int8],
    options: Options,
    tell: Told,
) -> Fitted:
    """Fit a model to cases; without any it stays as it is, to the last bit.

    cases: possible ones; truth: their causes (see `seen`), which are part of the cases too. What
    `tell` raises ends the fit. Raises what `check_fittable` raises.
    """
    check_fittable(description)
    who = seen(description, truth)
    scales = chosen(description, who.never, options.prevalences_only)
    places = Places(description, scales, options.weight)
    most, held = split(len(cases), options.share)
    start, scored = places.start, None
    if len(held):
        top = climb(places, start, cases.take(most), lambda at: tell("most cases", at))
        start = top.at
        before, after = (solve(each)[0] for each in (description, places.description(start)))
        scored = held_out(before, after, cases.take(held), tuple(description.causes))
    top = climb(places, start, cases, lambda at: tell("all cases", at))
    fitted, numbers = _written(places, top)
    return Fitted(fitted, numbers, len(cases), who, top.climbed, scored)


def _written(places: Places, top: Top) -> tuple[ModelDescription, tuple[Refitted, ...]]:
    """Return the model and the numbers that are worth writing, rounded as they are written."""
    covariance = np.asarray(np.linalg.inv(top.information), dtype=np.float64)

    def numbers(at: Array) -> dict[KeyPath, Refitted]:
        found = _refitted(places, at, covariance, top.informed)
        return {each.path: each for each in found}

    def described(at: Array) -> ModelDescription:
        after: Mapping[KeyPath, Uncertain] = {p: each.after for p, each in numbers(at).items()}
        return with_numbers(places.model, after)

    at = within(places, places.start, top.at, described).at
    return described(at), tuple(numbers(at).values())


def _refitted(
    places: Places, at: Array, covariance: Array, informed: NDArray[np.bool_]
) -> Sequence[Refitted]:
    found = []
    for part, (scale, (own,)) in zip(places.slices, places.parts(at), strict=True):
        if not informed[part].any():
            continue
        after = scale.renewed(own, covariance[part, part])
        shift = scale.shift(own)
        if shift >= WORTH or _deviation(after) < SURER * _deviation(scale.written):
            found.append(Refitted(scale.path, scale.written, rounded(after), shift))
    return found


def _deviation(number: Uncertain) -> float:
    """Return how much a number is in doubt: of a ratio in logarithms, of shares in all of them."""
    if isinstance(number, RiskRow):
        return log_risk_deviation(number)
    states = tuple(number.values or (NO, YES))
    return float(np.linalg.norm(frequency_deviations(number, distribution(states, number))))
