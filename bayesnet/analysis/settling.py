"""Which targets questions are weighed by, where all of them together are too many for a table."""

from collections.abc import Sequence

import numpy as np

from bayesnet.analysis.information import core_of
from bayesnet.inference.cases import Case
from bayesnet.inference.posteriors import posterior_of
from bayesnet.inference.problem import Planner
from bayesnet.inference.tuning import ASKED_ENTRIES


def settled(planner: Planner, case: Case, targets: Sequence[int]) -> tuple[Case, tuple[int, ...]]:
    """Return a case and some of the targets, by which questions about all of them are weighed.

    Where the joint of the targets is small enough, the case as it is and all of them. Elsewhere
    the most uncertain ones, and the others are seen in their likeliest state: what is nearly
    certain has little to be told. Targets must not be observed; an impossible case stays as it is.
    """
    if not targets or core_of(planner.structure, case, targets):
        return case, tuple(targets)
    posterior = posterior_of(planner, case, (), sorted(targets))
    if np.isneginf(posterior.log_z).any():
        return case, ()
    marginals = {v: posterior.calibrated.marginal(v)[:, 0] for v in targets}
    doubt = {v: 1.0 - float(each.max()) for v, each in marginals.items()}
    left: list[int] = []
    entries = 1
    for variable in sorted(targets, key=lambda v: (-doubt[v], v)):
        entries *= planner.structure.sizes[variable]
        if entries > ASKED_ENTRIES:
            break
        left.append(variable)
    likeliest = {v: int(each.argmax()) for v, each in marginals.items() if v not in left}
    return case.with_states(likeliest), tuple(left)
