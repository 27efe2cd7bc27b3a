"""Measure what each question tells about live causes of which the care for one harms another."""

from collections.abc import Mapping
from dataclasses import dataclass

from bayesnet.analysis.information import Asked, ask_again
from bayesnet.diagnosis.decisions.pathways import causes_at_odds
from bayesnet.inference.inference import Inference
from bayesnet.model.format.description import ModelDescription
from bayesnet.network.evidence import Observed


@dataclass(frozen=True)
class Discrimination:
    """The live causes at odds, {id: label}, and {question: bits about them jointly}, if any."""

    causes: Mapping[str, str]
    bits: Mapping[str, float]


NOTHING_AT_ODDS = Discrimination({}, {})


def discrimination(
    description: ModelDescription,
    inference: Inference,
    asked: Asked,
    observed: Observed,
    probabilities: Mapping[str, float],
) -> Discrimination:
    """Find the live causes at odds in one case, and what the open questions tell about them.

    asked: the questions as asked about all causes; its tree is read again for these few.
    """
    odds = causes_at_odds(description, probabilities)
    labels = {name: description.causes[name].label for name, each in odds.items() if each}
    if not labels:
        return NOTHING_AT_ODDS
    some = [inference.network.position(name) for name in labels]
    return Discrimination(labels, ask_again(inference, asked, some, observed))
