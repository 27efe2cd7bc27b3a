"""What each question tells about live causes of which the care for one harms another."""

from collections.abc import Mapping
from dataclasses import dataclass

from bayesnet.description.format import ModelDescription
from bayesnet.diagnosis.pathways import causes_at_odds
from bayesnet.network import Network
from bayesnet.tape.study import Study


@dataclass(frozen=True)
class Separation:
    """Causes at odds and their {id: label}; {question: bits about their joint}. Empty: none."""

    causes: Mapping[str, str]
    bits: Mapping[str, float]


NOTHING_AT_ODDS = Separation({}, {})


def separation(
    description: ModelDescription,
    network: Network,
    study: Study,
    probabilities: Mapping[str, float],
) -> Separation:
    """The live causes at odds in one case, and what the questions asked tell about them.

    study: of all the causes and questions, which is read again.
    """
    odds = causes_at_odds(description, probabilities)
    labels = {name: description.causes[name].label for name, each in odds.items() if each}
    if not labels:
        return NOTHING_AT_ODDS
    told = study.bits_about([network.position(name) for name in labels])
    return Separation(labels, {network.names[q]: bits for q, bits in told.items()})
