"""What the values of pathways say of acting on a cause and of what is done otherwise."""

from collections.abc import Mapping
from typing import TypeVar

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.pathways import Pathway
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.network import Array

Number = TypeVar("Number", float, Array)
URGENT = LEVELS.index("urgent")


def ordinary_pathways(description: ModelDescription) -> dict[str, Pathway]:
    """What is done when nothing is acted on: not urgent, and no cause's `act_by`."""
    acting = {cause.act_by for cause in description.causes.values()}
    return {
        name: pathway
        for name, pathway in description.pathways.items()
        if name not in acting and LEVELS.index(pathway.urgency) < URGENT
    }


def worth(pathway: Pathway, cause: str) -> float:
    """The pathway's benefit or harm for people with a cause; 0 where none is given."""
    utility = pathway.value.get(cause)
    return 0.0 if utility is None else utility.value


def expected_value(pathway: Pathway, probabilities: Mapping[str, Number]) -> Number | float:
    """Sum over causes of probability x benefit or harm, in the model's unit."""
    return sum(
        probabilities[cause] * utility.value
        for cause, utility in pathway.value.items()
        if cause in probabilities
    )
