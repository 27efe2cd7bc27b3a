"""How well a model foretells the confirmed causes of cases that it was not fitted to."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.inference import executor_of_tables
from bayesnet.engine import DEFAULT_BUDGET, Engine
from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.solving.network_of import build_network
from bayesnet.network import Array
from bayesnet.tuning.fitting.likelihood import Cases

FEWEST = 5
"""Cases that have to be held out for their score to be worth anything."""
SEED = 0


@dataclass(frozen=True)
class HeldOut:
    """What cases that were held out say of a model before and after a fit.

    cases: their number. before, after: mean surprise at the confirmed causes of a case, given its
    answers, in bits; less is better. error: standard error of the difference.
    """

    cases: int
    before: float
    after: float
    error: float

    @property
    def is_worse(self) -> bool:
        """Whether the fit made it worse by more than chance alone often does."""
        return self.after - self.before > self.error


def split(cases: int, share: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Part rows into those to fit and those to hold out, always the same; none where too few.

    >>> [len(rows) for rows in split(50, 0.2)], [len(rows) for rows in split(10, 0.2)]
    ([40, 10], [10, 0])
    """
    held = round(cases * share)
    held = held if FEWEST <= held <= cases - FEWEST else 0
    rows = np.random.default_rng(SEED).permutation(cases)
    return np.sort(rows[held:]), np.sort(rows[:held])


def held_out(
    before: tuple[NodeSpec, ...],
    after: tuple[NodeSpec, ...],
    cases: Cases,
    causes: tuple[str, ...],
) -> HeldOut:
    """Score both models on cases; causes: all of the model."""
    one, other = (_surprise(nodes, cases, causes) for nodes in (before, after))
    apart = other - one
    error = float(apart.std(ddof=1) / math.sqrt(len(apart))) if len(apart) > 1 else math.inf
    return HeldOut(len(apart), float(one.mean()), float(other.mean()), error)


def _surprise(nodes: tuple[NodeSpec, ...], cases: Cases, causes: tuple[str, ...]) -> Array:
    """Return -log2 P(confirmed causes | answers) of each case, shape (cases,)."""
    network = build_network(nodes)
    inference = Engine(network, DEFAULT_BUDGET, executor_of_tables()).inference
    whole = list(cases.of(network))
    answers = [case.without(map(network.position, causes)) for case in whole]
    both = inference.log_probabilities(whole) - inference.log_probabilities(answers)
    return np.asarray(-both / math.log(2.0))
