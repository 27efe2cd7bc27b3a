"""Set the urgency that was told against the one that the confirmed causes needed."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bayesnet.diagnosis.report.records import ACTED_ON
from bayesnet.model.format.triage_rules import LEVELS
from bayesnet.tuning.scoring.judged import Judged
from bayesnet.tuning.scoring.readings import rate
from bayesnet.tuning.scoring.records import NONE_SERIOUS, NOT_KNOWN, ToldLevel, TriageScores

Needed = NDArray[np.intp]
"""The level that each case needed, as a position in LEVELS, or NONE or UNKNOWN; (cases,)."""
NONE, UNKNOWN = -1, -2


def needed_levels(judged: Judged, levels: Sequence[int]) -> Needed:
    """Return the level that each case needed, by its confirmed causes.

    levels: of each cause the lowest level at which it is acted on, as a position in LEVELS, or -1
    for a cause that is not. NONE where all that are acted on were ruled out, UNKNOWN where some of
    them are not known and none was confirmed.
    """
    wanted = np.array(levels, dtype=np.intp)
    acted_on = wanted >= 0
    needed = np.where(judged.present & acted_on, wanted, NONE).max(axis=1, initial=NONE)
    all_known = judged.known[:, acted_on].all(axis=1)
    return np.where((needed == NONE) & ~all_known, UNKNOWN, needed)


def triage_scores(judged: Judged, levels: Sequence[int]) -> TriageScores:
    """Count the levels told by the levels needed; levels: as for `needed_levels`."""
    needed = needed_levels(judged, levels)
    columns: dict[str, int] = {
        LEVELS[rank]: rank for rank in sorted({*levels} - {-1}, reverse=True)
    }
    columns |= {NONE_SERIOUS: NONE, NOT_KNOWN: UNKNOWN}
    told = tuple(
        ToldLevel(
            level,
            {
                name: int(((judged.levels == rank) & (needed == code)).sum())
                for name, code in columns.items()
            },
        )
        for rank, level in reversed(list(enumerate(LEVELS)))
    )
    serious, spared = needed >= 0, needed == NONE
    hurried = judged.levels >= LEVELS.index(ACTED_ON[0])
    return TriageScores(
        told,
        under=rate((judged.levels < needed)[serious]),
        over=rate(hurried[spared]),
    )
