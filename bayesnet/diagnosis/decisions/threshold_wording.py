"""Put action thresholds into words."""

from bayesnet.diagnosis.decisions.thresholds import ActionThreshold
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.triage_rules import level_label


def acted_on_from(description: ModelDescription, threshold: ActionThreshold) -> str:
    """Say what to do from which probability: "stop running from 9 % probability of ..."."""
    pathway = description.pathways.get(threshold.pathway)
    level = level_label(description.triage, threshold.level)
    act = pathway.act if pathway is not None and pathway.act else f"{level} care"
    label = description.causes[threshold.cause].label
    cause = label[:1].lower() + label[1:]
    return f"{act} from {in_percent(threshold.value)} probability of {cause}"


def traded_off(description: ModelDescription, threshold: ActionThreshold) -> str:
    """Say what acting gains where the cause is present, and what it costs where it is not."""
    unit = description.model.utility_unit
    gain, cost = (f"{x:.2g} {unit}".strip() for x in (threshold.benefit, threshold.harm))
    return f"acting gains about {gain} if it is there and costs {cost} if it is not"


def in_percent(probability: float) -> str:
    """Return a probability in whole per cent, or below 1 % in one digit.

    >>> in_percent(0.094), in_percent(0.0042)
    ('9 %', '0.4 %')
    """
    percent = 100 * probability
    return f"{percent:.0f} %" if percent >= 1 else f"{percent:.1g} %"
