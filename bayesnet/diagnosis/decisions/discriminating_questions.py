"""What each question tells about live causes of which the care for one harms another."""

from collections.abc import Mapping
from dataclasses import dataclass

from bayesnet.analysis.information import Asked, ask_again
from bayesnet.diagnosis.decisions.pathways import causes_at_odds
from bayesnet.inference.inference import Inference
from bayesnet.model.format.description import ModelDescription
from bayesnet.network.evidence import Observed


@dataclass(frozen=True)
class Discrimination:
    """Causes at odds and their {id: label}; {question: bits about their joint}. Empty: none."""

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
    """The live causes at odds in one case, and what the questions asked tell about them.

    asked: the questions asked about all the causes, whose tree is read again.
    """
    odds = causes_at_odds(description, probabilities)
    labels = {name: description.causes[name].label for name, each in odds.items() if each}
    if not labels:
        return NOTHING_AT_ODDS
    some = [inference.network.position(name) for name in labels]
    return Discrimination(labels, ask_again(inference, asked, some, observed))
