"""Read off probabilities what a model says of a cause: first, named, or acted on."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.report.records import LEADING
from bayesnet.network import Array
from bayesnet.tuning.scoring.records import Confusion, Rate, estimate_of
from bayesnet.tuning.scoring.shares import of_count

Said = NDArray[np.bool_]
"""Which causes are said of a case, shape (cases, causes)."""
FIRST, NAMED, ACTED_ON = "first", "named", "acted_on"


def ranks(probability: Array) -> NDArray[np.intp]:
    """Return the place of each cause, 0 for the most probable; equals in the model's order.

    probability: shape (cases, causes), and so is the result.

    >>> ranks(np.array([[0.1, 0.7, 0.7]])).tolist()
    [[2, 0, 1]]
    """
    # Rounded as a report rounds, so that equal causes do not change places with the last bits.
    order = np.argsort(-np.round(probability, 12), axis=1, kind="stable")
    return np.argsort(order, axis=1, kind="stable")


def readings(probability: Array, thresholds: Sequence[float]) -> dict[str, Said]:
    """Return which causes are said of each case, by each reading.

    thresholds: from which probability each cause is acted on; infinite where it is not.
    """
    place = ranks(probability)
    acted_on = probability >= np.array(thresholds)
    return {
        FIRST: place == 0,
        NAMED: (place < LEADING) | acted_on,
        ACTED_ON: acted_on,
    }


def rate(flags: NDArray[np.bool_]) -> Rate:
    """Return how many of some cases are flagged.

    >>> rate(np.array([True, False])).count
    1
    """
    count, whole = int(flags.sum()), len(flags)
    return Rate(count, whole, estimate_of(of_count(count, whole)))


def confusion(
    reading: str, threshold: float, said: NDArray[np.bool_], present: NDArray[np.bool_]
) -> Confusion:
    """Count what was said of a cause against who had it; both of shape (cases,).

    threshold: infinite where it is none.
    """
    return Confusion(
        reading,
        threshold if reading == ACTED_ON else None,
        sensitivity=rate(said[present]),
        specificity=rate(~said[~present]),
        positive_predictive=rate(present[said]),
        negative_predictive=rate(~present[~said]),
    )
