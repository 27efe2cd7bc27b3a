"""Measure what each question tells about live causes of which the care for one harms another."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bayesnet.analysis.study import Study
from bayesnet.diagnosis.decisions.pathways import causes_at_odds
from bayesnet.model.format.description import ModelDescription
from bayesnet.network import Network


@dataclass(frozen=True)
class Discrimination:
    """The live causes at odds, {id: label}, and {question: bits about each, added up}, if any."""

    causes: Mapping[str, str]
    bits: Mapping[str, float]


NOTHING_AT_ODDS = Discrimination({}, {})


def discrimination(
    description: ModelDescription,
    network: Network,
    study: Study,
    probabilities: Mapping[str, float],
) -> Discrimination:
    """Find the live causes at odds in one case, and what the open questions tell about them.

    study: of all causes and questions, which is read again for these few.
    """
    odds = causes_at_odds(description, {n: np.array([p]) for n, p in probabilities.items()})
    labels = {name: description.causes[name].label for name, each in odds.items() if each[0]}
    if not labels:
        return NOTHING_AT_ODDS
    told = study.bits_about([network.position(name) for name in labels])
    return Discrimination(labels, {network.names[q]: bits for q, bits in told.items()})
