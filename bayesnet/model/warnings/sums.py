"""Warn of prevalences that leave nearly nobody without a cause."""

import math
from collections.abc import Iterator

from bayesnet.model.format.description import ModelDescription
from bayesnet.model.problems import ModelWarning

FEWEST_WITHOUT = 0.1
"""Share of people without any cause, were the causes independent, that is still believable."""


def warn_of_sums(description: ModelDescription) -> Iterator[ModelWarning]:
    """Yield one warning where the prevalences together exceed what one population can have."""
    prevalences = [each.prevalence.value or 0.0 for each in description.causes.values()]
    without = math.prod(1.0 - each for each in prevalences)
    if without < FEWEST_WITHOUT:
        highest = max(description.causes, key=lambda each: _prevalence(description, each))
        yield ModelWarning(
            ("causes", highest, "prevalence"),
            f"the prevalences add up to {100 * sum(prevalences):.0f} causes in 100 people and "
            f"leave only {100 * without:.2g} of 100 without any, so that several causes explain "
            "each person",
            "lower them to what this setting sees; this is the highest",
        )


def _prevalence(description: ModelDescription, cause: str) -> float:
    return description.causes[cause].prevalence.value or 0.0
