"""From which probability of a cause which level of urgency does more good than harm."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from math import prod

import numpy as np
from numpy.typing import NDArray

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.pathways import NOBODY
from bayesnet.model.format.triage_rules import LEVELS, stakes_of
from bayesnet.model.lookup.expected_value import (
    expected_value,
    least_urgent,
    ordinary_pathways,
    worth,
)
from bayesnet.network import Array

Ranks = NDArray[np.intp]
"""Levels as positions in LEVELS, the least urgent first; shape (cases,)."""


@dataclass(frozen=True)
class ActionThreshold:
    """The probability of a cause at which a step up to a level does more good than harm.

    level: of urgency; pathway: the one that acts on the cause, if the model names one; otherwise:
    what the step is against, a pathway or the level below; benefit: what it gains where the cause
    is present; harm: what it costs where it is not; both in the model's utility unit.

    >>> ActionThreshold("disc", "soon", "scan", "wait", benefit=9.0, harm=1.0).value
    0.1
    """

    cause: str
    level: str
    pathway: str
    otherwise: str
    benefit: float
    harm: float
    message: str = ""
    sources: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """Harm / (harm + benefit): from here acting is better; 0 when acting costs nothing."""
        return self.harm / (self.harm + self.benefit) if self.harm > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Scale:
    """What the probabilities of all causes say of the level.

    causes: those that can raise it; steps: {cause: its thresholds, the lowest first}; screens:
    {cause: what is asked before it raises the level beyond `soon`}; prior: shape (causes, 1);
    limits: the probability from which a cause asks for a level or a higher one, shape (levels,
    causes, 1), infinite where none does.
    """

    causes: tuple[str, ...]
    steps: Mapping[str, tuple[ActionThreshold, ...]]
    screens: Mapping[str, tuple[str, ...]]
    prior: Array
    limits: Array

    def shares(self, probabilities: Mapping[str, Array]) -> Array:
        """Return what each cause adds to each level, shape (levels, causes, cases).

        The excess of its probability over its prior, as a share of what the threshold exceeds the
        prior by: people at the prior are served by the advice that everybody gets.
        """
        if not self.causes:
            cases = next((len(each) for each in probabilities.values()), 0)
            return np.zeros((len(LEVELS), 0, cases))
        p = np.array([probabilities[cause] for cause in self.causes])
        room = np.maximum(self.limits - self.prior, np.finfo(float).tiny)
        shares = np.maximum(p - self.prior, 0.0) / room
        return np.where(p >= self.limits, np.maximum(shares, 1.0), np.minimum(shares, _UNDER_ONE))

    def reached(self, shares: Array) -> Ranks:
        """Return the highest level at which the shares of all causes add up to 1."""
        # One cause after the other, so that a person has the same sum alone and in a table.
        each = [shares[:, at] for at in range(shares.shape[1])]
        total = reduce(np.add, each, np.zeros((len(LEVELS), shares.shape[2])))
        ranks = np.arange(len(LEVELS))[:, None]
        return np.asarray(np.where(total >= 1.0, ranks, 0).max(axis=0), dtype=np.intp)


_UNDER_ONE = float(np.nextafter(1.0, 0.0))


def scale_of(description: ModelDescription, prior: Mapping[str, float]) -> Scale:
    """Build the scale of a model; prior: {cause, or `no_identified_cause`: before any answer}."""
    steps = action_thresholds(description, prior)
    causes = tuple(steps)
    limits = np.full((len(LEVELS), len(causes), 1), np.inf)
    for at, cause in enumerate(causes):
        for step in reversed(steps[cause]):
            # What asks for a level asks for those below it as well.
            limits[1 : LEVELS.index(step.level) + 1, at] = step.value
    stated = description.triage.thresholds if description.triage else {}
    screens = {cause: stated[cause].screen for cause in causes if cause in stated}
    before = np.array([[prior[cause]] for cause in causes]).reshape(len(causes), 1)
    return Scale(causes, steps, screens, before, limits)


def action_thresholds(
    description: ModelDescription, prior: Mapping[str, float]
) -> dict[str, tuple[ActionThreshold, ...]]:
    """Collect the thresholds of each cause that has any, the lowest first.

    Those that triage states, or else the one that follows from the values of its `act_by`.
    """
    stated = description.triage.thresholds if description.triage else {}
    found = {}
    for name, cause in description.causes.items():
        if name in stated:
            found[name] = _stated(description, name)
        elif cause.act_by is not None:
            found[name] = (_derived(description, prior, name, cause.act_by),)
    return found


def _stated(description: ModelDescription, cause: str) -> tuple[ActionThreshold, ...]:
    assert description.triage is not None
    act_by = description.causes[cause].act_by or ""
    steps: list[ActionThreshold] = []
    for level, stakes in stakes_of(description.triage.thresholds[cause]).items():
        below = steps[-1].level if steps else description.triage.default
        numbers = (stakes.benefit, stakes.harm, stakes.message, stakes.source)
        steps.append(ActionThreshold(cause, level, act_by, below, *numbers))
    return tuple(steps)


def _derived(
    description: ModelDescription, prior: Mapping[str, float], name: str, act_by: str
) -> ActionThreshold:
    """Derive the threshold of a cause from the values of pathways.

    The threshold of Pauker and Kassirer (1980, N Engl J Med 302:1109): with benefit b where the
    cause is present and harm h where it is not, acting is better from h / (h + b). Both are
    differences from what is done otherwise, which is the ordinary pathway (see `ordinary_pathways`)
    with the best expected value for people with none of the causes that are acted on, every other
    cause at its prior.

    The harm is that to such people, since the threshold of one cause must not sink because the same
    scan would find another. The reference is one for everybody, since a threshold that moved with
    the answers could not be read and compared.
    """
    others = ordinary_pathways(description)
    spared = _spared(description, prior)
    means = {name: expected_value(each, spared) for name, each in others.items()}
    best = max(sorted(means), key=lambda each: means[each], default="")
    pathway = description.pathways[act_by]
    benefit = worth(pathway, name) - (worth(others[best], name) if best else 0.0)
    harm = means.get(best, 0.0) - expected_value(pathway, spared)
    level = LEVELS[least_urgent(pathway)]
    return ActionThreshold(name, level, act_by, best, benefit, harm, "", pathway.source)


def _spared(description: ModelDescription, prior: Mapping[str, float]) -> dict[str, float]:
    """Return the prior of people who have none of the causes that are acted on.

    Exact where these are independent of the rest, and near enough for rare ones: the other causes
    keep their prior, and having no cause at all becomes as much more common as leaving those people
    out makes it.
    """
    acted_on = {name for name, cause in description.causes.items() if cause.act_by is not None}
    spared = prod(1 - prior[name] for name in acted_on)
    left = {name: p for name, p in prior.items() if name not in acted_on}
    return {**left, NOBODY: min(1.0, prior[NOBODY] / spared)}
