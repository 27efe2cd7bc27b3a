"""Answers about encoded evidence: variables and states are indices here, names are the engine's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bayesnet.errors import TooLargeError, UnknownNameError
from bayesnet.inference.circuits import Circuits
from bayesnet.inference.impossible_evidence import raise_impossible
from bayesnet.inference.plan import Request, Sketch, fits_with_evidence, sketch
from bayesnet.inference.plans import Plans
from bayesnet.inference.posterior import Posterior, posterior_of
from bayesnet.inference.scoring import Scores, propagate_alike, score, score_alike
from bayesnet.network import Array, Network
from bayesnet.network.evidence import Observed

REPEATS = 3
"""How many propagations the search for a tree without evidence should repay."""
EXECUTORS = ("numpy", "numba")


@dataclass(frozen=True, eq=False)
class Inference:
    """Plans of one network and what runs them.

    memory_budget: bytes; a plan that would need more raises TooLargeError instead of running.
    executor: what runs circuits, `numpy` or `numba`.
    """

    network: Network
    memory_budget: int
    executor: str
    plans: Plans = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.executor not in EXECUTORS:
            raise UnknownNameError("executor", self.executor, EXECUTORS)
        object.__setattr__(self, "plans", Plans(self.network, self.memory_budget))

    @cached_property
    def circuits(self) -> Circuits:
        """What has been compiled so far."""
        return Circuits(self.plans, self.executor)

    def sketch(self) -> Sketch:
        """Outline the tree for all marginals without evidence; allocates no table."""
        request = Request(wanted=tuple(range(len(self.network.variables))))
        return sketch(self.plans.solved, self.plans.parents, (), request, REPEATS)

    def prepare(self) -> None:
        """Compile what serves every pattern, if the network is small.

        Raises TooLargeError for a network so wide that not even evidence would help.
        """
        if self.circuits.everything is not None:
            return
        plans, needed, budget = self.plans, self.sketch().memory, self.memory_budget
        if needed > budget and not fits_with_evidence(plans.solved, plans.parents, budget):
            what = f"a junction tree for {len(plans.parents)} variables"
            raise TooLargeError(what, needed, budget, "raise `memory_budget`")

    def score(self, observed: Observed, variables: Sequence[int]) -> Scores:
        """Compute posteriors of variables for encoded cases, and the cases' log P(evidence).

        Never raises for impossible evidence: its log probability is -inf.
        """
        return score(self.circuits, observed, variables)

    def posterior(self, observed: Observed, request: Request) -> Posterior:
        """Propagate one case; raises ImpossibleEvidenceError."""
        posterior = self.posterior_many(observed, request)
        if np.isneginf(posterior.collected.log_z).any():
            raise_impossible(self.network, self.log_probabilities, observed)
        return posterior

    def posterior_many(self, observed: Observed, request: Request) -> Posterior:
        """Propagate cases that share their pattern of observed variables.

        A leaf observed in the first case may be unobserved (code -1) in the others.
        """
        return posterior_of(*self.plans.prepared(observed, request))

    def scores_alike(self, observed: Observed, variables: tuple[int, ...]) -> Scores:
        """Compute posteriors of unobserved variables for cases that share their pattern.

        By a circuit when the pattern has come before.
        """
        compiled = self.circuits.for_one(observed.take([0]), variables)
        if compiled is not None:
            return score_alike(self.circuits, compiled, observed, variables)
        return propagate_alike(self.circuits, observed, variables)

    def log_probabilities(self, observed: Observed) -> Array:
        """Compute log P(evidence) of encoded cases, shape (cases,); -inf where impossible."""
        if observed.columns:
            return self.score(observed, ()).log_probability
        out = np.empty(observed.cases)
        for pattern, rows in self.plans.groups(observed):
            part, plan = observed.take(rows), self.plans.planned(pattern, Request())
            posterior = posterior_of(plan, self.plans.cases(plan, part))
            out[rows] = posterior.collected.log_z + part.log_scale
        return out
