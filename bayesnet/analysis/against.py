"""Which answer to a question speaks most against something, before any evidence."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bayesnet.analysis.study import study
from bayesnet.inference.cases import Case
from bayesnet.inference.problem import Planner


class Against(NamedTuple):
    """The answer that makes a target's last state least probable.

    state: its code, the first of equal ones; takes: the share of the probability that it takes
    away, in [0, 1].
    """

    state: int
    takes: float


def answers_against(
    planner: Planner, target: int, questions: Sequence[int]
) -> Mapping[int, Against]:
    """Find the answer to each question that speaks most against a target's last state.

    Before any evidence, so that it is one for everybody.
    """
    found = study(planner, Case({}, {}), [target], questions).pairs
    against = {}
    for question in found.questions:
        joint = found.of(question)
        whole = joint.sum(axis=0)
        share = np.divide(joint[-1], whole, out=np.full_like(whole, np.inf), where=whole > 0)
        prior, state = float(joint[-1].sum()), int(share.argmin())
        takes = 1.0 - float(share[state]) / prior if prior > 0 else 0.0
        against[question] = Against(state, max(takes, 0.0))
    return against
