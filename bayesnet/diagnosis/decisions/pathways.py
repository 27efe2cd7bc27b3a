"""Choose pathways of care for a table of people: the best in expectation that triage allows."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.columns import EMPTY
from bayesnet.diagnosis.decisions.conditions import People, Truth, holds
from bayesnet.diagnosis.decisions.policy import Policy, rank
from bayesnet.diagnosis.decisions.thresholds import Ranks
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.pathways import NOBODY
from bayesnet.network import Array

NONE = NOBODY
Directions = Mapping[str, Truth]
"""{direction of exercise: for whom it is at odds with another}."""


def expected_values(policy: Policy, people: People, levels: Ranks) -> Array:
    """Return what each pathway is worth to each person, shape (pathways, cases).

    Minus infinity where it may not be chosen: its level is not the person's, answers rule it out,
    its direction of exercise is at odds, or it acts on causes that are not probable enough.
    """
    probabilities = people.probabilities
    order = (*policy.description.causes, NONE)
    found = np.zeros((len(policy.pathways), len(levels)))
    # One cause after the other, so that a person has the same sum alone and in a table.
    for at, cause in enumerate(order):
        found += policy.values[:, at, None] * probabilities[cause]
    odds = directions_at_odds(policy.description, probabilities)
    open_to, shares = policy.allowed[levels].T, policy.scale.shares(probabilities)
    for row, name in enumerate(policy.pathways):
        pathway = policy.description.pathways[name]
        if pathway.unless is not None:
            open_to[row] &= ~holds(pathway.unless, people)
        if pathway.direction in odds:
            open_to[row] &= ~odds[pathway.direction]
        open_to[row] &= may_act(policy, name, levels, shares)
    return np.where(open_to, found, -np.inf)


def best_of(values: Array) -> NDArray[np.intp]:
    """Return the row of the highest value of each person, EMPTY where none is finite.

    Of equals the first in the alphabet of the pathways.
    """
    if not len(values):
        return np.full(values.shape[1], EMPTY)
    return np.where(np.isneginf(values).all(axis=0), EMPTY, values.argmax(axis=0))


def may_act(policy: Policy, pathway: str, levels: Ranks, shares: Array) -> Truth:
    """Tell for whom a pathway that acts on causes may be followed.

    From `urgent` up it may; below, where its causes together reach their thresholds, as they do for
    the level (see `Scale.shares`). Without it many causes, each far too improbable to act on and
    some of them served by another act, would add up. One that acts on no cause always may.
    shares: see `Scale.shares`.
    """
    scale, causes = policy.scale, policy.description.causes
    own = [at for at, name in enumerate(scale.causes) if causes[name].act_by == pathway]
    if not own:
        return np.ones(len(levels), dtype=np.bool_)
    total = np.zeros(len(levels))
    for at in own:
        total = total + shares[1, at]
    return np.asarray((levels >= rank("urgent")) | (total >= 1.0))


def directions_at_odds(
    description: ModelDescription, probabilities: Mapping[str, Array]
) -> dict[str, Truth]:
    """Return {direction of exercise: whether it harms a live cause while another harms another}.

    A cause is live from the model's `live_from`. One live cause alone rules nothing out here: the
    values of the pathways already speak against its direction.
    """
    live_from = description.model.live_from
    if live_from is None:
        return {}
    harmed: dict[str, Truth] = {}
    for name, cause in description.causes.items():
        for harm in cause.harmed_by:
            live = np.asarray(probabilities[name] >= live_from.value)
            harmed[harm.direction] = harmed.get(harm.direction, False) | live
    several = np.sum(list(harmed.values()), axis=0) > 1
    return {direction: each & several for direction, each in harmed.items()}


def causes_at_odds(
    description: ModelDescription, probabilities: Mapping[str, Array]
) -> dict[str, Truth]:
    """Return {cause that a direction harms: whether it is live and such a direction is at odds}."""
    live_from = description.model.live_from
    if live_from is None:
        return {}
    odds = directions_at_odds(description, probabilities)
    found: dict[str, Truth] = {}
    for name, cause in description.causes.items():
        for harm in cause.harmed_by:
            live = np.asarray(probabilities[name] >= live_from.value)
            found[name] = found.get(name, False) | (live & odds[harm.direction])
    return found
