"""Work out what the values of pathways say of acting on a cause, and of what is done otherwise."""

from collections.abc import Mapping
from typing import TypeVar

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.pathways import Pathway, levels_of
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.network import Array

OneOrMany = TypeVar("OneOrMany", float, Array)
"""A number of one person, or those of many people as an array of shape (cases,)."""
URGENT = LEVELS.index("urgent")


def ordinary_pathways(description: ModelDescription) -> dict[str, Pathway]:
    """Return the pathways followed when no cause is acted on.

    They can be chosen at a level under urgent, and are no cause's `act_by`.
    """
    acting = {cause.act_by for cause in description.causes.values()}
    return {
        name: pathway
        for name, pathway in description.pathways.items()
        if name not in acting and least_urgent(pathway) < URGENT
    }


def least_urgent(pathway: Pathway) -> int:
    """Return the place in LEVELS of the least urgent level at which a pathway can be chosen."""
    return min((LEVELS.index(level) for level in levels_of(pathway)), default=URGENT)


def worth(pathway: Pathway, cause: str) -> float:
    """Return a pathway's benefit or harm for people with a cause; 0 where the file gives none."""
    utility = pathway.value.get(cause)
    return 0.0 if utility is None else utility.value


def expected_value(pathway: Pathway, probabilities: Mapping[str, OneOrMany]) -> OneOrMany | float:
    """Sum probability x benefit or harm over the causes, in the model's utility unit.

    probabilities: {cause, or `no_identified_cause`: a probability, or an array of shape (cases,)};
    the result has the same shape. Causes without a probability are left out.
    """
    return sum(
        probabilities[cause] * utility.value
        for cause, utility in pathway.value.items()
        if cause in probabilities
    )
