"""Exact answers for encoded cases, by index: one network, one way to compute.

Everything is planned from the case in hand, so what an answer is, to the last bit, depends on
the network, the case and what is asked, and not on what was asked before or beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from bayesnet.analysis.against import Against, answers_against
from bayesnet.analysis.information import Asked, ask, information_each
from bayesnet.analysis.study import Study, study
from bayesnet.analysis.supposed import Event
from bayesnet.errors import ImpossibleEvidenceError
from bayesnet.inference.cases import Case, cases_of
from bayesnet.inference.impossible_evidence import impossible
from bayesnet.inference.posteriors import Posterior, posterior_of
from bayesnet.inference.problem import Planner
from bayesnet.inference.structure import structure_of
from bayesnet.network import Array, Network
from bayesnet.network.evidence import MISSING, Observed
from bayesnet.network.noisy_recognition import simplified

if TYPE_CHECKING:
    from bayesnet.inference.compiled.rows import Rows


def executor_of_tables() -> str:
    """Name what answers tables of cases soonest: `numba` where it is installed, else `numpy`."""
    return "numba" if find_spec("numba") else "numpy"


@dataclass(frozen=True, eq=False)
class Scores:
    """Posteriors of some cases.

    marginals: {variable: shape (cases, states)}, 1 at the state of an observed one.
    log_probability: log P(evidence), shape (cases,); -inf where it is impossible, and then the
    case's posteriors are all 0.
    """

    marginals: Mapping[int, Array]
    log_probability: Array


@dataclass(frozen=True, eq=False)
class Inference:
    """Answers about one network, by index.

    memory_budget: bytes; what would need more raises TooLargeError before it is allocated.
    executor: `numpy`; `compiled`, the same numbers by compiled passes; or `numba`, those and the
    compiled kernel. threads: of the numba executor for tables of cases; None for one on each
    processor.
    """

    network: Network
    memory_budget: int
    executor: str = "numpy"
    threads: int | None = None
    planner: Planner = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "planner", self._planner(simplified(self.network)))

    def _planner(self, network: Network) -> Planner:
        if self.executor == "numpy":
            return Planner(structure_of(network), self.memory_budget)
        # Slow to import, and optional.
        from bayesnet.inference.compiled.products import Compiled
        from bayesnet.inference.compiled.whole_tape import run

        return Planner(structure_of(network), self.memory_budget, Compiled(), run)

    @cached_property
    def given(self) -> Planner:
        """The same for the families as they were given, for what speaks of their own numbers."""
        solved = self.planner.structure
        if all(a is b for a, b in zip(solved.families, self.network.families, strict=True)):
            return self.planner
        return self._planner(self.network)

    @cached_property
    def rows(self) -> "Rows | None":
        """The compiled kernel, for the numba executor."""
        if self.executor != "numba":
            return None
        # Slow to import, and optional.
        from bayesnet.inference.compiled.rows import Rows

        return Rows(self.planner.structure, self.threads)

    def log_probability(self, case: Case) -> float:
        """Log P(case); -inf where it is impossible."""
        return float(self.log_probabilities([case])[0])

    def log_probabilities(self, cases: Sequence[Case]) -> Array:
        """Log P of each case, shape (cases,); -inf where it is impossible."""
        found = np.full(len(cases), np.nan)
        if self.rows is not None:
            _, _, found = self.rows.run(cases, ())
        for row in np.flatnonzero(np.isnan(found)).tolist():
            found[row] = posterior_of(self.planner, cases[row], ()).log_z[0]
        return found

    def is_possible(self, case: Case) -> bool:
        """Whether the case has any probability."""
        return not np.isneginf(self.log_probability(case))

    def impossible(self, case: Case) -> ImpossibleEvidenceError:
        """Make the error for an impossible case, with a smallest conflict."""
        return impossible(self.network, self.is_possible, case)

    def posterior(
        self,
        case: Case,
        wanted: Sequence[int] = (),
        kept: Sequence[int] = (),
        meeting: Sequence[tuple[int, ...]] = (),
    ) -> Posterior:
        """See `posterior_of`; raises ImpossibleEvidenceError."""
        found = posterior_of(self.planner, case, wanted, kept, meeting)
        if np.isneginf(found.log_z[0]):
            raise self.impossible(case)
        return found

    def ask(
        self,
        case: Case,
        targets: Sequence[int],
        questions: Sequence[int],
        wanted: Sequence[int] = (),
    ) -> Asked:
        """Compute the expected information of each question; raises ImpossibleEvidenceError."""
        found = ask(self.planner, case, targets, questions, wanted)
        if np.isneginf(found.posterior.log_z[0]):
            raise self.impossible(case)
        return found

    def ask_many(
        self, cases: Sequence[Case], targets: Sequence[int], questions: Sequence[int]
    ) -> Array:
        """Bits about the joint of the targets, shape (questions, cases).

        0 where the case has answered the question, NaN where it is impossible.
        """
        bits = np.zeros((len(questions), len(cases)))
        for row, case in enumerate(cases):
            asked = ask(self.planner, case, targets, questions)
            if np.isneginf(asked.posterior.log_z[0]):
                bits[:, row] = np.nan
            else:
                bits[:, row] = [asked.bits.get(q, 0.0) for q in questions]
        return bits

    def answers_against(self, target: int, questions: Sequence[int]) -> Mapping[int, Against]:
        """Find the answer to each question that speaks most against a target; remembered."""

        def make() -> Mapping[int, Against]:
            return answers_against(self.given, target, questions)

        found: Mapping[int, Against] = self.planner.priors.get((target, tuple(questions)), make)
        return found

    def information_each(
        self, case: Case, targets: Sequence[int], questions: Sequence[int]
    ) -> Array:
        """Bits about each target, (targets, questions); raises ImpossibleEvidenceError."""
        if not self.is_possible(case):
            raise self.impossible(case)
        return information_each(self.planner, case, targets, questions)

    def study(
        self,
        case: Case,
        targets: Sequence[int],
        questions: Sequence[int],
        events: Sequence[Event] = (),
    ) -> Study:
        """All that a diagnosis reads; raises ImpossibleEvidenceError. See `study`."""
        found = study(self.given, case, targets, questions, events)
        if np.isneginf(found.log_z):
            raise self.impossible(case)
        return found

    def marginals(self, case: Case, variables: Sequence[int]) -> dict[int, Array]:
        """Posteriors of free variables, shape (states,); raises ImpossibleEvidenceError."""
        found, log_p = self.posteriors([case], variables)
        if np.isneginf(log_p[0]):
            raise self.impossible(case)
        return {v: each[0] for v, each in found.items()}

    def score(self, observed: Observed, variables: Sequence[int]) -> Scores:
        """Posteriors of variables for encoded cases, and the cases' log P(evidence).

        Never raises for impossible evidence: its log probability is -inf.
        """
        wanted = tuple(dict.fromkeys(variables))
        marginals, log_p = self.posteriors(cases_of(observed), wanted)
        for v, values in marginals.items():
            seen = np.flatnonzero(observed.codes[v] != MISSING)
            values[seen] = 0.0
            values[seen, observed.codes[v, seen]] = 1.0
            values[np.isneginf(log_p)] = 0.0
        return Scores(marginals, log_p)

    def posteriors(
        self, cases: Sequence[Case], wanted: Sequence[int]
    ) -> tuple[dict[int, Array], Array]:
        """Posteriors, shape (cases, states), where a variable is free; and log P of each case.

        Never raises for impossible evidence: its log probability is -inf.
        """
        sizes = self.planner.structure.sizes
        if not wanted:
            return {}, self.log_probabilities(cases)
        marginals = {v: np.zeros((len(cases), sizes[v])) for v in wanted}
        log_p = np.full(len(cases), np.nan)
        if self.rows is not None:
            found, places, log_p = self.rows.run(cases, wanted)
            marginals = {v: found[:, at] for v, at in zip(wanted, places, strict=True)}
        for row in np.flatnonzero(np.isnan(log_p)).tolist():
            posterior = posterior_of(self.planner, cases[row], wanted)
            log_p[row] = posterior.log_z[0]
            if not np.isneginf(log_p[row]):
                free = [v for v in wanted if v not in cases[row].hard]
                for v, values in posterior.marginals(free).items():
                    marginals[v][row] = values[:, 0]
        return marginals, log_p
