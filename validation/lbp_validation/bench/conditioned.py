"""A second way to the same posterior, where no peer has an answer: total probability."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from bayesnet.network import Array


def by_cases(
    engine: Any, evidence: Mapping[str, str], split: Sequence[str], targets: Sequence[str]
) -> dict[str, Array]:
    """Return P(target | evidence) as the mean over all states of what is split and not observed.

    Of the targets that are neither. Each term is another case, with a pattern and so a tape of its
    own.
    """
    asked = [name for name in targets if name not in evidence and name not in split]
    open_ = [engine.network.variable(name) for name in split if name not in evidence]
    names = [variable.name for variable in open_]
    cases = [
        {**evidence, **dict(zip(names, states, strict=True))}
        for states in product(*(variable.states for variable in open_))
    ]
    logs = np.array([engine.log_probability(case) for case in cases])
    weights = np.exp(logs - logs.max())
    each = [engine.marginals(case, asked) for case in cases]
    return {
        name: np.average([found[name] for found in each], axis=0, weights=weights) for name in asked
    }
