"""What each question tells about live causes of which the care for one harms another."""

from collections.abc import Mapping
from dataclasses import dataclass

from bayesnet.description.format import ModelDescription
from bayesnet.diagnosis.pathways import causes_at_odds
from bayesnet.engine import Engine
from bayesnet.evidence import Observed
from bayesnet.information import Asked, ask_again


@dataclass(frozen=True)
class Separation:
    """Causes at odds and their {id: label}; {question: bits about their joint}. Empty: none."""

    causes: Mapping[str, str]
    bits: Mapping[str, float]


NOTHING_AT_ODDS = Separation({}, {})


def separation(
    description: ModelDescription,
    engine: Engine,
    asked: Asked,
    observed: Observed,
    probabilities: Mapping[str, float],
) -> Separation:
    """The live causes at odds in one case, and what the questions asked tell about them.

    asked: the questions asked about all the causes, whose tree is read again.
    """
    odds = causes_at_odds(description, probabilities)
    labels = {name: description.causes[name].label for name, each in odds.items() if each}
    if not labels:
        return NOTHING_AT_ODDS
    some = [engine.network.position(name) for name in labels]
    return Separation(labels, ask_again(engine, asked, some, observed))
