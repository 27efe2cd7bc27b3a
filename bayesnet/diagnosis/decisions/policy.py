"""What a model decides by, put together once: its questions, its scale of urgency, its pathways."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.answers.intake import Askable
from bayesnet.diagnosis.decisions.thresholds import ActionThreshold, Scale, scale_of
from bayesnet.model.format.description import ModelDescription
from bayesnet.model.format.pathways import NOBODY, levels_of
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.model.lookup.expected_value import worth
from bayesnet.network import Array

EMERGENCY = "emergency"


@dataclass(frozen=True, eq=False)
class Policy:
    """How a model decides.

    known: {id: askable}; scale: from which probabilities which level; pathways: their ids, in the
    order of the alphabet; allowed: whether a pathway can be chosen at a level, shape (levels,
    pathways); values: what a pathway is worth by cause, shape (pathways, causes), the causes in the
    order of the model and then `no_identified_cause`.
    """

    description: ModelDescription
    known: Mapping[str, Askable]
    scale: Scale
    pathways: tuple[str, ...]
    allowed: NDArray[np.bool_]
    values: Array

    @property
    def thresholds(self) -> dict[str, ActionThreshold]:
        """The lowest threshold of each cause that is acted on."""
        return {cause: steps[0] for cause, steps in self.scale.steps.items()}

    @property
    def limits(self) -> dict[str, float]:
        """{cause: the lowest probability from which it is acted on}."""
        return {cause: each.value for cause, each in self.thresholds.items()}


def policy_of(
    description: ModelDescription, known: Mapping[str, Askable], prior: Mapping[str, float]
) -> Policy:
    """Build the policy of a model; prior: {cause, or `no_identified_cause`: before any answer}."""
    names = tuple(sorted(description.pathways))
    pathways = [description.pathways[name] for name in names]
    allowed = [[level in levels_of(each) for each in pathways] for level in LEVELS]
    order = (*description.causes, NOBODY)
    values = [[worth(each, cause) for cause in order] for each in pathways]
    return Policy(
        description,
        known,
        scale_of(description, prior),
        names,
        np.array(allowed, dtype=np.bool_).reshape(len(LEVELS), len(names)),
        np.array(values, dtype=np.float64).reshape(len(names), len(order)),
    )


def rank(level: str) -> int:
    """Return the position of a level, self_care lowest.

    >>> rank("self_care"), rank("emergency")
    (0, 4)
    """
    return LEVELS.index(level)
