"""The case again without one observation: weights of evidence, and what clashes.

Good (1950): the weight of e_i for x is log [odds(x | e) / odds(x | e without e_i)].
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bayesnet.network import Array
from bayesnet.tape.cases import Case
from bayesnet.tape.posteriors import posterior_of
from bayesnet.tape.problem import Planner


@dataclass(frozen=True, eq=False)
class Without:
    """What is left without an observation.

    log_z: log of the probability of the rest. posteriors: {target: shape (states,)}.
    """

    log_z: float
    posteriors: Mapping[int, Array]


def left_out(planner: Planner, case: Case, targets: Sequence[int]) -> dict[int, Without]:
    """{observed variable: what is left without it}; a target that is observed is not allowed."""
    found = {}
    for variable in case.variables:
        rest = posterior_of(planner, case.without([variable]), targets, targets)
        found[variable] = Without(float(rest.log_z[0]), {t: v[:, 0] for t, v in rest.marginals(targets).items()})
    return found


def decibans(with_it: float, without_it: float, most: float = 100.0) -> float:
    """10 log10 of the ratio of odds, held within +-`most` where one of them is 0 or infinite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.array([with_it, without_it])
        odds = np.log10(both) - np.log10(1.0 - both)
        weight = 10.0 * float(odds[0] - odds[1])
    return 0.0 if np.isnan(weight) else float(np.clip(weight, -most, most))
