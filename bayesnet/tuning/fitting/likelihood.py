"""What a model makes of cases: their probability, and how each number of the model moves it."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayesnet.analysis.many_scores import Scores
from bayesnet.engine import DEFAULT_BUDGET
from bayesnet.inference.cases import Case, cases_of
from bayesnet.inference.problem import blocks
from bayesnet.model.format.compiled import NodeSpec
from bayesnet.model.solving.network_of import build_network
from bayesnet.network import Array, Network
from bayesnet.network.evidence import Observed
from bayesnet.tuning.fitting.places import Places

AT_ONCE = 250
"""Cases whose scores are held at once: of the runner model's 4,300 parameters 9 MB."""
STILL = 1e-14
"""What a step of a place moves a parameter by that it does not move: roundings."""

Tell = Callable[[int], None]
"""Called with the cases that are done; may raise to end the fit."""


@dataclass(frozen=True, eq=False)
class Cases:
    """Cases as a network has them.

    names: of its variables; observed: what is known of each case, by the places of variables.
    """

    names: tuple[str, ...]
    observed: Observed

    def __len__(self) -> int:
        return self.observed.cases

    def take(self, rows: NDArray[np.intp]) -> "Cases":
        """Return some of the cases, in this order."""
        return Cases(self.names, self.observed.take(rows))

    def of(self, network: Network) -> Iterator[Case]:
        """Yield the cases as another network has them, which has all variables that are known."""
        for part in self.parts(network):
            yield from part

    def parts(self, network: Network) -> Iterator[list[Case]]:
        """Yield the same, some at a time."""
        same = network.names == self.names
        known = frozenset(network.names)
        at = {old: network.position(n) for old, n in enumerate(self.names) if n in known}
        for rows in blocks(len(self), AT_ONCE):
            some = cases_of(self.observed, range(rows.start, rows.stop))
            yield some if same else [_turned(case, at) for case in some]


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Log probability of cases, by the numbers of a model.

    value: the sum over the cases, natural log. gradient: by each place, shape (places,). products:
    sum over the cases of the outer products of their own gradients, (places, places), which is
    what the cases tell of the numbers (Berndt, Hall, Hall & Hausman 1974, Ann Econ Soc Meas
    3:653-665).
    """

    value: float
    gradient: Array
    products: Array


def likelihood(
    places: Places, at: Array, nodes: Sequence[NodeSpec], cases: Cases, tell: Tell
) -> Likelihood:
    """Add up the log probabilities of cases and their gradients.

    nodes: of the model whose numbers are there. -inf where a case is impossible.
    """
    network = build_network(nodes)
    steps = places.steps(places.description(at), nodes, at)
    moving = np.asarray((np.abs(steps) > STILL).any(axis=0))
    scores = Scores(network, moving, DEFAULT_BUDGET)
    logs: list[float] = []
    gradient, products = np.zeros(len(at)), np.zeros((len(at), len(at)))
    for some in cases.parts(network):
        log_p, derivatives = scores.of(some)
        own = derivatives @ steps.T
        gradient += own.sum(axis=0)
        products += own.T @ own
        logs += log_p.tolist()
        tell(len(logs))
    # Exactly rounded, so that it does not depend on the order of the cases.
    return Likelihood(math.fsum(logs), gradient, products)


def _turned(case: Case, at: Mapping[int, int]) -> Case:
    """Return a case with its variables at other places."""
    hard = {at[variable]: code for variable, code in case.hard.items()}
    soft = {at[variable]: values for variable, values in case.soft.items()}
    return Case(hard, soft, {at[variable]: scale for variable, scale in case.scales.items()})
